import type { Finding, Rule, SourceLocation, Suppression } from '../finding.js';
import { type ArtifactPath, type CheckoutPaths, RunPaths } from './artifact-path.js';
import { type CompleteRun, completeRuns, hasOrphans } from './external-properties.js';
import { fillMarkdown, fillMessage, getPlainMessage, renderMessage } from './message.js';
import { parseLog, type ResultReader } from './parse-log.js';
import { getProperty, type LevelOverrides, rankResult, readLevelOverrides } from './result-severity.js';
import { RuleIndex } from './rule-index.js';
import { findGap, findNotice, getToolName, listNotifications } from './run-status.js';
import type { SarifArtifactLocation, SarifLog, SarifResult, SarifRule, SarifRun } from './schema.js';
import type { SarifOrigin } from './source-details.js';
import { PLACEHOLDER_PROPERTY, WRITER_PROPERTY } from './writer-property.js';

/** Contents of a SARIF log. */
export interface SarifContent {
  /** The scanners that ran, including those without findings. */
  readonly scanners: readonly string[];
  readonly findings: readonly Finding[];
  /** Reasons why the findings may be incomplete, each with its scanner or file: a scanner failed or did not run. */
  readonly gaps: readonly string[];
  /** The scanners' own warnings, each with its scanner; mostly about files that could not be read in full. */
  readonly warnings: readonly string[];
  /** Notices about runs that are accepted although they are unusual. */
  readonly notices: readonly string[];
  /** Commits that scanners state as scanned. */
  readonly revisions: readonly string[];
  /** Name of this suite's action that wrote the log; undefined for logs of scanners. */
  readonly writtenBy: string | undefined;
}

export interface SarifReaderOptions extends CheckoutPaths {
  /** Name of the file, for messages. */
  readonly name: string;
}

const toRule = (descriptor: SarifRule | undefined, id: string, tags: readonly string[]): Rule => ({
  id,
  name: descriptor?.name || getPlainMessage(descriptor?.shortDescription) || id,
  description:
    getPlainMessage(descriptor?.fullDescription) ||
    getPlainMessage(descriptor?.shortDescription) ||
    getPlainMessage(descriptor?.help),
  help: descriptor?.helpUri,
  tags: [...new Set([...(descriptor?.properties?.tags ?? []), ...tags])],
});

/** Rules of findings, each created once: thousands of findings may have the same. */
class RuleCache {
  private readonly rules = new Map<SarifRule | undefined, Map<string, Rule>>();

  get(descriptor: SarifRule | undefined, result: SarifResult): Rule {
    const id = result.ruleId || result.rule?.id || descriptor?.id || 'unnamed';
    const tags = result.properties?.tags ?? [];
    const ofDescriptor = this.rules.get(descriptor) ?? new Map<string, Rule>();
    this.rules.set(descriptor, ofDescriptor);
    const key = JSON.stringify([id, ...tags]);
    const rule = ofDescriptor.get(key) ?? toRule(descriptor, id, tags);
    ofDescriptor.set(key, rule);
    return rule;
  }
}

const findSuppression = ({ suppressions }: SarifResult): Suppression | undefined => {
  const accepted = suppressions?.find(({ status, state }) => (status ?? state ?? 'accepted') === 'accepted');
  return accepted === undefined ? undefined : { kind: accepted.kind, reason: accepted.justification ?? '' };
};

type Region = Readonly<Record<'startLine' | 'endLine' | 'startColumn' | 'endColumn', number | undefined>>;

const toLocation = (file: string, { startLine, endLine, startColumn, endColumn }: Partial<Region>): SourceLocation => {
  if (startLine === undefined) return { file };
  return {
    file,
    startLine,
    endLine: Math.max(startLine, endLine ?? startLine),
    ...(startColumn === undefined ? {} : { startColumn }),
    ...(endColumn === undefined ? {} : { endColumn }),
  };
};

interface RunContext {
  readonly run: SarifRun;
  readonly results: ResultReader;
  readonly rules: RuleIndex;
  readonly ruleCache: RuleCache;
  readonly overrides: LevelOverrides;
  readonly paths: RunPaths;
}

/** Refers to a result instead of keeping it: a log may have thousands. */
class ResultOrigin implements SarifOrigin {
  constructor(
    private readonly context: RunContext,
    private readonly position: number,
    readonly rule: SarifRule | undefined,
    readonly text: string,
    readonly hasCodeFlows: boolean,
  ) {}

  get run(): SarifRun {
    return this.context.run;
  }

  readResult(): SarifResult {
    return this.context.results.readAgain(this.position);
  }

  resolvePath(location: SarifArtifactLocation): ArtifactPath {
    return this.context.paths.resolve(location);
  }
}

const NO_FINGERPRINTS = {};

const readFingerprints = ({ fingerprints, partialFingerprints }: SarifResult): Finding['fingerprints'] =>
  fingerprints === undefined ? (partialFingerprints ?? NO_FINGERPRINTS) : { ...partialFingerprints, ...fingerprints };

const toFinding = (result: SarifResult, position: number, context: RunContext): Finding => {
  const { run, rules, ruleCache, overrides, paths } = context;
  const { rule, severity } = rankResult(result, rules.findRules(result), overrides);
  const physical = isPlaceholder(result) ? undefined : result.locations?.[0]?.physicalLocation;
  const path = paths.resolve(physical?.artifactLocation);
  const message =
    renderMessage(result.message, rule, run) || getPlainMessage(rule?.shortDescription) || (rule?.id ?? 'no message');
  const text = fillMessage(result.message, rule, run);
  const markup = fillMarkdown(result.message) ?? (text === message ? undefined : text || undefined);
  return {
    source: run.tool.driver.name,
    id: getProperty(result.properties, 'recommendationId') || result.guid,
    rule: ruleCache.get(rule, result),
    severity,
    category: getProperty(result.properties, 'category') || getProperty(rule?.properties, 'category'),
    message: path.kind === 'outside' ? `${message} (in '${path.path}', outside of the repository)` : message,
    ...(markup === undefined || path.kind === 'outside' ? {} : { markup }),
    location: path.kind === 'inside' ? toLocation(path.file, physical?.region ?? {}) : undefined,
    fingerprints: readFingerprints(result),
    suppression: findSuppression(result),
    origin: new ResultOrigin(
      context,
      position,
      rule,
      path.kind === 'outside' || text === message ? '' : text,
      result['codeFlows'] !== undefined,
    ),
  };
};

/** Whether the location stands for none: code scanning accepts no result without one. */
const isPlaceholder = ({ properties }: SarifResult): boolean => properties?.[PLACEHOLDER_PROPERTY] === true;

/** Excludes passed checks and findings of a baseline that are gone. */
const isFinding = ({ kind, baselineState }: SarifResult): boolean =>
  kind !== 'pass' && kind !== 'notApplicable' && baselineState !== 'absent';

const listFindings = (run: SarifRun, results: ResultReader, paths: CheckoutPaths): readonly Finding[] => {
  const rules = new RuleIndex(run);
  const overrides = readLevelOverrides(run, rules);
  const context = { run, results, rules, ruleCache: new RuleCache(), overrides, paths: new RunPaths(run, paths) };
  return (run.results ?? []).flatMap((position) => {
    const result = results.read(position);
    return result !== undefined && isFinding(result) ? toFinding(result, position, context) : [];
  });
};

const listGaps = (log: SarifLog, runs: readonly CompleteRun[], name: string): readonly string[] => {
  if (runs.length === 0) return [`'${name}' contains no runs, so no analysis was run`];
  const orphans = hasOrphans(log) ? [`'${name}' contains external properties of a run that it does not contain`] : [];
  return [...runs.flatMap((run) => findGap(run) ?? []), ...orphans];
};

/**
 * Reads a SARIF 2.1.0 log of any scanner.
 * @param content JSON as text, or as bytes in UTF-8, which findings refer to and which must not change
 * @throws DeliveryError `invalid-input` with the path of the first violation
 */
export const readSarif = (content: string | Buffer, options: SarifReaderOptions): SarifContent => {
  const bytes = typeof content === 'string' ? Buffer.from(content.replace(/^\ufeff/u, '')) : content;
  return parseLog(bytes, options.name, (log, results) => {
    const completed = completeRuns(log);
    const runs = completed.map(({ run }) => run);
    return {
      scanners: runs.map(({ tool }) => tool.driver.name),
      findings: runs.flatMap((run) => listFindings(run, results, options)),
      gaps: listGaps(log, completed, options.name),
      warnings: runs.flatMap((run) =>
        listNotifications(run, 'warning').map((warning) => `${getToolName(run)}: ${warning}`),
      ),
      notices: completed.flatMap((run) => findNotice(run) ?? []),
      revisions: runs.flatMap(({ versionControlProvenance: provenance = [] }) =>
        provenance.flatMap(({ revisionId }) => revisionId ?? []),
      ),
      writtenBy: getProperty(log.properties, WRITER_PROPERTY) || undefined,
    };
  });
};
