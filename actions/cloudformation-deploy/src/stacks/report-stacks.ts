import { failed, passed, type Report, type Verdict } from '@aws-delivery/action-kit/host/run-action';
import type { Definition, Outputs } from '../../action.js';
import { report } from '../report/report.js';
import { getFailureReason } from '../report/verdict.js';
import type { Result } from '../result.js';
import { getOutputs } from '../stack/stack.js';
import {
  describeRun,
  formatStacksHeadline,
  getRunFailure,
  getStackState,
  isFailedRun,
  renderStackChanges,
  renderStacksSummary,
} from './render-stacks.js';
import type { StackRun, StacksResult } from './stacks-result.js';

/** The report of each stack that ran, by name. */
type StackReports = ReadonlyMap<string, Report<Definition>>;

const createStackReports = ({ runs }: StacksResult): StackReports =>
  new Map(runs.flatMap(({ name, outcome }) => (outcome.kind === 'finished' ? [[name, report(outcome.result)]] : [])));

const listResults = ({ runs }: StacksResult): readonly Result[] =>
  runs.flatMap(({ outcome }) => (outcome.kind === 'finished' ? [outcome.result] : []));

/** Outputs of the action for one stack; names of stack outputs have no hyphen, and are in `stack-outputs`. */
const buildStackResult = (run: StackRun, reports: StackReports): Readonly<Record<string, unknown>> => {
  const { outcome } = run;
  const reason = outcome.kind === 'finished' ? getFailureReason(outcome.result) : describeRun(run);
  const outputs = Object.entries(reports.get(run.name)?.outputs ?? {});
  return {
    result: getStackState(run),
    ...(reason === undefined ? {} : { reason }),
    ...Object.fromEntries(outputs.filter(([name, value]) => name.includes('-') && value !== undefined)),
  };
};

/** Outputs of the step that summarize those of its stacks. */
const buildTotals = (result: StacksResult, reports: StackReports): Outputs => {
  const results = listResults(result);
  const outputs = [...reports.values()].map((stackReport) => stackReport.outputs);
  const changes = results.flatMap(({ record }) => record.changeSet?.changes ?? []);
  const drifts = outputs.map((stackOutputs) => stackOutputs['drift-status']).filter((status) => status !== undefined);
  const rootCause = outputs.map((stackOutputs) => stackOutputs['root-cause']).find((cause) => cause !== undefined);
  const hasChangeSets = outputs.some((stackOutputs) => stackOutputs['has-changes'] !== undefined);
  return {
    ...(hasChangeSets
      ? {
          'has-changes': outputs.some((stackOutputs) => stackOutputs['has-changes'] === true),
          'changes-count': changes.length,
          'changes-markdown': renderStackChanges(result).markdown,
        }
      : {}),
    ...(drifts.length === 0
      ? {}
      : { 'drift-status': drifts.every((status) => status === 'IN_SYNC') ? 'IN_SYNC' : 'DRIFTED' }),
    ...(rootCause === undefined ? {} : { 'root-cause': rootCause }),
    'stack-outputs': Object.fromEntries(
      results.flatMap(({ record: { stack } }) =>
        stack === undefined ? [] : [[stack.name, Object.fromEntries(getOutputs(stack) ?? [])]],
      ),
    ),
    'retry-count': results.reduce((sum, { record }) => sum + record.retries.length, 0),
    'was-resumed': results.some(({ record }) => record.wasResumed),
  };
};

/** Exceptions that no stack with them used; none that a stack has not judged, since it was skipped or not read. */
const listUnusedExceptions = ({ runs }: StacksResult): readonly string[] => {
  const records = runs.map(({ outcome }) =>
    outcome.kind === 'finished' ? outcome.result.record.exceptions : undefined,
  );
  if (records.includes(undefined)) return [];
  const used = new Set(
    records.flatMap((record) => record?.declared.filter((name) => !record.unused.includes(name)) ?? []),
  );
  const declared = new Set(records.flatMap((record) => record?.declared ?? []));
  return [...declared].filter((name) => !used.has(name));
};

const getStacksVerdict = (result: StacksResult): Verdict => {
  const failures = result.runs.filter((run) => isFailedRun(run, result));
  if (failures.length === 0) return passed;
  const reasons = failures.map((run) => `${run.name}: ${getRunFailure(run) ?? describeRun(run)}`);
  return failed(`${formatStacksHeadline(result)}. ${reasons.join('; ')}`);
};

/** Verdict, outputs, summary and annotations of several stacks. */
export const reportStacks = (result: StacksResult): Report<Definition> => {
  const reports = createStackReports(result);
  return {
    verdict: getStacksVerdict(result),
    outputs: {
      ...buildTotals(result, reports),
      'stack-results': Object.fromEntries(result.runs.map((run) => [run.name, buildStackResult(run, reports)])),
    },
    summary: renderStacksSummary(result).markdown,
    unusedExceptions: { names: listUnusedExceptions(result) },
    annotations: [...reports.values()].flatMap(({ annotations = [] }) => annotations),
  };
};
