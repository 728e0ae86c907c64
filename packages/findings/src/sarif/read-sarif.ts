import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { pluralize } from '@aws-delivery/action-kit/util/format';
import { toSingleLine } from '@aws-delivery/action-kit/util/sanitize';
import { z } from 'zod';
import type { Finding, Rule, SourceLocation, Suppression } from '../finding.js';
import { resolveArtifactPath } from './artifact-path.js';
import { determineSeverity, getProperty } from './result-severity.js';
import { RuleIndex } from './rule-index.js';
import { type SarifMessage, type SarifResult, type SarifRule, type SarifRun, sarifLog } from './schema.js';

/** Contents of a SARIF log. */
export interface SarifContent {
  /** The scanners that ran, including those without findings. */
  readonly scanners: readonly string[];
  readonly findings: readonly Finding[];
  /** Reasons why the findings may be incomplete, each with its scanner or file: a scanner failed or did not run. */
  readonly gaps: readonly string[];
  /** The scanners' own warnings, each with its scanner; mostly about files that could not be read in full. */
  readonly warnings: readonly string[];
  /** Commits that scanners state as scanned. */
  readonly revisions: readonly string[];
}

export interface SarifReaderOptions {
  /** Name of the file, for messages. */
  readonly name: string;
  /** Absolute path of the repository; findings outside of it have no location. */
  readonly root: string;
}

const MAX_NOTIFICATION_LENGTH = 300;

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

const parseLog = (content: string, name: string): z.output<typeof sarifLog> => {
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

const getPlainMessage = (message: SarifMessage | undefined): string => message?.text?.trim() ?? '';

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

const renderMessage = (result: SarifResult, descriptor: SarifRule | undefined): string => {
  const { text, id, arguments: values = [] } = result.message;
  const template = text ?? (id === undefined ? undefined : descriptor?.messageStrings?.[id]?.text) ?? '';
  const filled = template.replace(/\{(\d+)\}/gu, (found, index) => values[Number(index)] ?? found);
  return filled.trim() || getPlainMessage(descriptor?.shortDescription) || (descriptor?.id ?? 'no message');
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

interface SarifRunContext {
  readonly run: SarifRun;
  readonly rules: RuleIndex;
  readonly root: string;
}

const toFinding = (result: SarifResult, { run, rules, root }: SarifRunContext): Finding => {
  const descriptor = rules.findRule(result);
  const physical = result.locations?.[0]?.physicalLocation;
  const path = resolveArtifactPath(physical?.artifactLocation, run, root);
  const message = renderMessage(result, descriptor);
  return {
    source: run.tool.driver.name,
    id: getProperty(result.properties, 'recommendationId') || result.guid,
    rule: toRule(descriptor, result),
    severity: determineSeverity(result, descriptor),
    category: getProperty(result.properties, 'category') || getProperty(descriptor?.properties, 'category'),
    message: path.kind === 'outside' ? `${message} (in '${path.path}', outside of the repository)` : message,
    location: path.kind === 'inside' ? toLocation(path.file, physical?.region ?? {}) : undefined,
    fingerprints: { ...result.partialFingerprints, ...result.fingerprints },
    suppression: findSuppression(result),
  };
};

/** Excludes passed checks and findings of a baseline that are gone. */
const isFinding = ({ kind, baselineState }: SarifResult): boolean =>
  kind !== 'pass' && kind !== 'notApplicable' && baselineState !== 'absent';

const listFindings = (run: SarifRun, root: string): readonly Finding[] => {
  const rules = new RuleIndex(run);
  return (run.results ?? []).filter(isFinding).map((result) => toFinding(result, { run, rules, root }));
};

/** A scanner that reports an error may have skipped files, even if it reports success. */
const listNotifications = ({ invocations = [] }: SarifRun, notificationLevel: 'error' | 'warning'): readonly string[] =>
  invocations
    .flatMap(
      ({
        toolExecutionNotifications: executionNotifications = [],
        toolConfigurationNotifications: configurationNotifications = [],
      }) => [...executionNotifications, ...configurationNotifications],
    )
    .filter(({ level = 'warning' }) => level === notificationLevel)
    .map(({ message }) => getPlainMessage(message));

const formatErrors = (run: SarifRun): string | undefined => {
  const [error, ...more] = listNotifications(run, 'error');
  if (error === undefined) return undefined;
  return `${toSingleLine(error, MAX_NOTIFICATION_LENGTH)}${more.length === 0 ? '' : ` (and ${pluralize(more.length, 'more error')})`}`;
};

const findGap = (run: SarifRun): string | undefined => {
  const { invocations = [], results, externalPropertyFileReferences: externalFiles } = run;
  const error = formatErrors(run);
  if (invocations.some(({ executionSuccessful }) => !executionSuccessful))
    return `reported that its run failed${error === undefined ? '; see its log' : `: ${error}`}`;
  if (externalFiles?.results !== undefined) return 'stores its results in external files, which are not supported';
  // A run without `results` only describes rules (SARIF 3.14.23).
  if (results === undefined || results === null) return "has no 'results' property, so no analysis was run";
  return error === undefined ? undefined : `reported an error: ${error}`;
};

const listGaps = (runs: readonly SarifRun[], name: string): readonly string[] => {
  if (runs.length === 0) return [`'${name}' contains no runs, so no analysis was run`];
  return runs.flatMap((run) => {
    const gap = findGap(run);
    return gap === undefined ? [] : [`${toSingleLine(run.tool.driver.name)} ${gap}`];
  });
};

/**
 * Reads a SARIF 2.1.0 log of any scanner.
 * @throws DeliveryError `invalid-input` with the path of the first violation
 */
export const readSarif = (content: string, { name, root }: SarifReaderOptions): SarifContent => {
  const { runs } = parseLog(content, name);
  return {
    scanners: runs.map(({ tool }) => tool.driver.name),
    findings: runs.flatMap((run) => listFindings(run, root)),
    gaps: listGaps(runs, name),
    warnings: runs.flatMap((run) =>
      listNotifications(run, 'warning').map(
        (warning) => `${toSingleLine(run.tool.driver.name)}: ${toSingleLine(warning, MAX_NOTIFICATION_LENGTH)}`,
      ),
    ),
    revisions: runs.flatMap(({ versionControlProvenance: provenance = [] }) =>
      provenance.flatMap(({ revisionId }) => revisionId ?? []),
    ),
  };
};
