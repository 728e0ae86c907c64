import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { pluralize } from '@aws-delivery/action-kit/util/format';
import { z } from 'zod';
import type { Finding, Rule, SourceLocation, Suppression } from '../finding.js';
import { type CheckoutPaths, RunPaths } from './artifact-path.js';
import { type CompleteRun, completeRuns, hasOrphans } from './external-properties.js';
import { fillMarkdown, fillMessage, getPlainMessage, renderMessage } from './message.js';
import { getProperty, type LevelOverrides, rankResult, readLevelOverrides } from './result-severity.js';
import { RuleIndex } from './rule-index.js';
import { findGap, findNotice, getToolName, listNotifications } from './run-status.js';
import { type SarifLog, type SarifResult, type SarifRule, type SarifRun, sarifLog } from './schema.js';
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

const createSarifError = (name: string, detail: string, cause: unknown): DeliveryError =>
  new DeliveryError('invalid-input', `'${name}' is not SARIF 2.1.0: ${detail}`, { cause });

const parseJson = (content: string, name: string): unknown => {
  try {
    return JSON.parse(content.replace(/^\ufeff/u, ''));
  } catch (error) {
    throw createSarifError(
      name,
      `invalid JSON (${errorMessage(error)}). Make sure that the scanner completes and writes only SARIF to this file.`,
      error,
    );
  }
};

const parseLog = (content: string, name: string): SarifLog => {
  const parsed = sarifLog.safeParse(parseJson(content, name));
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const path = first === undefined ? '' : z.core.toDotPath(first.path);
  const more = parsed.error.issues.length - 1;
  const others = more > 0 ? ` (and ${pluralize(more, 'more error')})` : '';
  throw createSarifError(
    name,
    `${path === '' ? 'the file' : path}: ${first?.message ?? 'invalid'}${others}`,
    parsed.error,
  );
};

const toRule = (descriptor: SarifRule | undefined, result: SarifResult): Rule => {
  const id = result.ruleId || result.rule?.id || descriptor?.id || 'unnamed';
  return {
    id,
    name: descriptor?.name || getPlainMessage(descriptor?.shortDescription) || id,
    description:
      getPlainMessage(descriptor?.fullDescription) ||
      getPlainMessage(descriptor?.shortDescription) ||
      getPlainMessage(descriptor?.help),
    help: descriptor?.helpUri,
    tags: [...new Set([...(descriptor?.properties?.tags ?? []), ...(result.properties?.tags ?? [])])],
  };
};

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
  readonly rules: RuleIndex;
  readonly overrides: LevelOverrides;
  readonly paths: RunPaths;
}

const toFinding = (result: SarifResult, { run, rules, overrides, paths }: RunContext): Finding => {
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
    rule: toRule(rule, result),
    severity,
    category: getProperty(result.properties, 'category') || getProperty(rule?.properties, 'category'),
    message: path.kind === 'outside' ? `${message} (in '${path.path}', outside of the repository)` : message,
    ...(markup === undefined || path.kind === 'outside' ? {} : { markup }),
    location: path.kind === 'inside' ? toLocation(path.file, physical?.region ?? {}) : undefined,
    fingerprints: { ...result.partialFingerprints, ...result.fingerprints },
    suppression: findSuppression(result),
    origin: {
      run,
      result,
      rule,
      text: path.kind === 'outside' ? '' : text,
      resolvePath: (location) => paths.resolve(location),
    },
  };
};

/** Whether the location stands for none: code scanning accepts no result without one. */
const isPlaceholder = ({ properties }: SarifResult): boolean => properties?.[PLACEHOLDER_PROPERTY] === true;

/** Excludes passed checks and findings of a baseline that are gone. */
const isFinding = ({ kind, baselineState }: SarifResult): boolean =>
  kind !== 'pass' && kind !== 'notApplicable' && baselineState !== 'absent';

const listFindings = (run: SarifRun, paths: CheckoutPaths): readonly Finding[] => {
  const rules = new RuleIndex(run);
  const context = { run, rules, overrides: readLevelOverrides(run, rules), paths: new RunPaths(run, paths) };
  return (run.results ?? []).filter(isFinding).map((result) => toFinding(result, context));
};

const listGaps = (log: SarifLog, runs: readonly CompleteRun[], name: string): readonly string[] => {
  if (runs.length === 0) return [`'${name}' contains no runs, so no analysis was run`];
  const orphans = hasOrphans(log) ? [`'${name}' contains external properties of a run that it does not contain`] : [];
  return [...runs.flatMap((run) => findGap(run) ?? []), ...orphans];
};

/**
 * Reads a SARIF 2.1.0 log of any scanner.
 * @throws DeliveryError `invalid-input` with the path of the first violation
 */
export const readSarif = (content: string, options: SarifReaderOptions): SarifContent => {
  const log = parseLog(content, options.name);
  const completed = completeRuns(log);
  const runs = completed.map(({ run }) => run);
  return {
    scanners: runs.map(({ tool }) => tool.driver.name),
    findings: runs.flatMap((run) => listFindings(run, options)),
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
};
