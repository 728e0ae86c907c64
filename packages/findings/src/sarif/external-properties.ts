import type { SarifExternalProperties, SarifLog, SarifRun } from './schema.js';

/** A run with the properties that its log keeps in `inlineExternalProperties`. */
export interface CompleteRun {
  readonly run: SarifRun;
  /** Names of parts that are kept in other files and were not read. */
  readonly missing: readonly string[];
}

const LISTS = ['extensions', 'invocations', 'artifacts', 'results'] as const;

interface Reference {
  readonly part: string;
  readonly guid: string | undefined;
}

const listReferences = ({ externalPropertyFileReferences: references = {} }: SarifRun): readonly Reference[] => [
  ...(references.driver === undefined ? [] : [{ part: 'driver', guid: references.driver.guid }]),
  ...LISTS.flatMap((part) => (references[part] ?? []).map(({ guid }): Reference => ({ part, guid }))),
];

/** Whether external properties belong to a run: the run refers to them, or they name the run (SARIF 4.3). */
const belongsTo = (external: SarifExternalProperties, run: SarifRun): boolean => {
  const runGuid = run.automationDetails?.guid;
  if (external.runGuid !== undefined && runGuid !== undefined) return external.runGuid === runGuid;
  return external.guid !== undefined && listReferences(run).some(({ guid }) => guid === external.guid);
};

const mergeRun = (run: SarifRun, externals: readonly SarifExternalProperties[]): SarifRun => {
  const merge = <T>(own: readonly T[] | null | undefined, others: readonly (readonly T[] | undefined)[]) => {
    const lists = [own ?? undefined, ...others].filter((list) => list !== undefined);
    return lists.length === 0 ? undefined : lists.flat();
  };
  return {
    ...run,
    tool: {
      ...run.tool,
      driver: externals.find(({ driver }) => driver !== undefined)?.driver ?? run.tool.driver,
      extensions: merge(
        run.tool.extensions,
        externals.map(({ extensions }) => extensions),
      ),
    },
    invocations: merge(
      run.invocations,
      externals.map(({ invocations }) => invocations),
    ),
    artifacts: merge(
      run.artifacts,
      externals.map(({ artifacts }) => artifacts),
    ),
    results: merge(
      run.results,
      externals.map(({ results }) => results),
    ),
  };
};

/** The runs of a log, with their inline external properties; of a log with one run, all of them belong to it. */
export const completeRuns = ({ runs, inlineExternalProperties: inline = [] }: SarifLog): readonly CompleteRun[] =>
  runs.map((run) => {
    const externals = runs.length === 1 ? inline : inline.filter((each) => belongsTo(each, run));
    const guids = new Set(externals.map(({ guid }) => guid));
    const missing = listReferences(run).filter(({ guid }) => guid === undefined || !guids.has(guid));
    return {
      run: externals.length === 0 ? run : mergeRun(run, externals),
      missing: [...new Set(missing.map(({ part }) => part))],
    };
  });

/** Whether the log has external properties of a run that it does not contain. */
export const hasOrphans = ({ runs, inlineExternalProperties: inline = [] }: SarifLog): boolean =>
  runs.length !== 1 && inline.some((external) => !runs.some((run) => belongsTo(external, run)));
