import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import { singleLine } from '@aws-delivery/action-kit/untrusted';
import { z } from 'zod';
import type { Finding, Place, Rule, Suppression } from './finding.js';
import { pathOf } from './sarif-path.js';
import { Rules } from './sarif-rules.js';
import { type SarifMessage, type SarifResult, type SarifRule, type SarifRun, sarifLog } from './sarif-schema.js';
import { type Severity, severityOf } from './severity.js';

/** What a SARIF file says. */
export interface SarifReading {
  /** The scanners that looked, whether they found something or not. */
  readonly scanners: readonly string[];
  readonly findings: readonly Finding[];
  /** Why what was not found may mean nothing, each with its subject: a scanner did not get through, or did not look. */
  readonly gaps: readonly string[];
  /** What scanners warn of, each with its subject: files that they could not read in full, above all. */
  readonly warnings: readonly string[];
  /** Commits that scanners say they looked at. */
  readonly revisions: readonly string[];
}

export interface SarifOptions {
  /** For messages. */
  readonly name: string;
  /** Absolute path of the repository; what lies outside of it has no location. */
  readonly root: string;
}

/** Of what a scanner says of itself. */
const LONGEST_ERROR = 300;

const wrong = (name: string, what: string, cause: unknown): DeliveryError =>
  new DeliveryError('invalid-input', `'${name}' is not SARIF 2.1.0: ${what}`, { cause });

const documentIn = (text: string, name: string): unknown => {
  try {
    return JSON.parse(text.replace(/^\ufeff/u, ''));
  } catch (error) {
    throw wrong(name, `${textOf(error)}; let the scanner finish, and write its output to this file alone`, error);
  }
};

const logIn = (text: string, name: string): z.output<typeof sarifLog> => {
  const parsed = sarifLog.safeParse(documentIn(text, name));
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const path = first === undefined ? '' : z.core.toDotPath(first.path);
  const more = parsed.error.issues.length - 1;
  const others = more > 0 ? ` (and ${more} more faults)` : '';
  throw wrong(name, `${path === '' ? 'the log' : path}: ${first?.message ?? 'unreadable'}${others}`, parsed.error);
};

const plain = (given: SarifMessage | undefined): string => given?.text?.trim() ?? '';

const ruleOf = (described: SarifRule | undefined, result: SarifResult): Rule => {
  const id = result.ruleId || result.rule?.id || described?.id || 'unnamed';
  return {
    id,
    name: described?.name || plain(described?.shortDescription) || id,
    description: plain(described?.fullDescription) || plain(described?.shortDescription) || plain(described?.help),
    help: described?.helpUri,
    tags: [...new Set([...(described?.properties?.tags ?? []), ...(result.properties?.tags ?? [])])],
  };
};

const textFor = (result: SarifResult, described: SarifRule | undefined): string => {
  const { text, id, arguments: values = [] } = result.message;
  const template = text ?? (id === undefined ? undefined : described?.messageStrings?.[id]?.text) ?? '';
  const filled = template.replace(/\{(\d+)\}/gu, (found, index) => values[Number(index)] ?? found);
  return filled.trim() || plain(described?.shortDescription) || (described?.id ?? 'no message');
};

// The bounds that GitHub's code scanning sets for `security-severity`.
const severityOfScore = (score: number): Severity | undefined => {
  if (!(score > 0) || score > 10) return undefined;
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  return score >= 4 ? 'medium' : 'low';
};

/** A bag's value as text; scanners write scores as numbers too. */
const property = (bag: Readonly<Record<string, unknown>> | undefined, name: string): string => {
  const value = bag?.[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

const KINDS: Readonly<Partial<Record<NonNullable<SarifResult['kind']>, Severity>>> = {
  informational: 'info',
  open: 'medium',
  review: 'medium',
};

const severityFor = (result: SarifResult, described: SarifRule | undefined): Severity => {
  const own = severityOf(property(result.properties, 'severity'));
  if (own !== undefined && own !== 'none') return own;
  const scores = [result.properties, described?.properties].map((bag) => property(bag, 'security-severity'));
  const scored = scores.flatMap((score) => (score === '' ? [] : (severityOfScore(Number(score)) ?? []))).at(0);
  if (scored !== undefined) return scored;
  const byKind = result.kind === undefined ? undefined : KINDS[result.kind];
  const level = result.level ?? (byKind === undefined ? described?.defaultConfiguration?.level : undefined);
  // Without a level it is a warning (SARIF 3.27.10); a finding of the level "none" has not been ranked.
  if (level === undefined || level === 'none') return byKind ?? level ?? 'medium';
  return severityOf(level) ?? 'medium';
};

const suppressionOf = ({ suppressions }: SarifResult): Suppression | undefined => {
  const accepted = suppressions?.find(({ status, state }) => (status ?? state ?? 'accepted') === 'accepted');
  return accepted === undefined ? undefined : { kind: accepted.kind, reason: accepted.justification ?? '' };
};

type Region = Readonly<Record<'startLine' | 'endLine' | 'startColumn' | 'endColumn', number | undefined>>;

const placeOf = (file: string, { startLine, endLine, startColumn, endColumn }: Partial<Region>): Place => {
  if (startLine === undefined) return { file };
  return {
    file,
    startLine,
    endLine: Math.max(startLine, endLine ?? startLine),
    ...(startColumn === undefined ? {} : { startColumn }),
    ...(endColumn === undefined ? {} : { endColumn }),
  };
};

interface RunOptions {
  readonly run: SarifRun;
  readonly rules: Rules;
  readonly root: string;
}

const findingOf = (result: SarifResult, { run, rules, root }: RunOptions): Finding => {
  const described = rules.of(result);
  const physical = result.locations?.[0]?.physicalLocation;
  const path = pathOf(physical?.artifactLocation, run, root);
  const message = textFor(result, described);
  return {
    source: run.tool.driver.name,
    id: property(result.properties, 'recommendationId') || result.guid,
    rule: ruleOf(described, result),
    severity: severityFor(result, described),
    category: property(result.properties, 'category') || property(described?.properties, 'category'),
    message: path.kind === 'outside' ? `${message} (in '${path.path}', outside of the repository)` : message,
    location: path.kind === 'inside' ? placeOf(path.file, physical?.region ?? {}) : undefined,
    fingerprints: { ...result.partialFingerprints, ...result.fingerprints },
    suppression: suppressionOf(result),
  };
};

/** Neither a test that was passed, nor what was found before and is gone. */
const isFinding = ({ kind, baselineState }: SarifResult): boolean =>
  kind !== 'pass' && kind !== 'notApplicable' && baselineState !== 'absent';

const findingsOf = (run: SarifRun, root: string): readonly Finding[] => {
  const rules = new Rules(run);
  return (run.results ?? []).filter(isFinding).map((result) => findingOf(result, { run, rules, root }));
};

/** An error that a scanner tells of itself may have kept it from a file, also where it calls itself successful. */
const toldBy = ({ invocations = [] }: SarifRun, wanted: 'error' | 'warning'): readonly string[] =>
  invocations
    .flatMap(({ toolExecutionNotifications: some = [], toolConfigurationNotifications: more = [] }) => [
      ...some,
      ...more,
    ])
    .filter(({ level = 'warning' }) => level === wanted)
    .map(({ message }) => plain(message));

const errorText = (run: SarifRun): string | undefined => {
  const [error, ...more] = toldBy(run, 'error');
  if (error === undefined) return undefined;
  return `${singleLine(error, LONGEST_ERROR)}${more.length === 0 ? '' : ` (and ${more.length} more errors)`}`;
};

const gapOf = (run: SarifRun): string | undefined => {
  const { invocations = [], results, externalPropertyFileReferences: elsewhere } = run;
  const error = errorText(run);
  if (invocations.some(({ executionSuccessful }) => !executionSuccessful))
    return `says that it did not finish${error === undefined ? ', see its log' : `: ${error}`}`;
  if (elsewhere?.results !== undefined) return 'keeps its results in other files, which are not read';
  // Without results a run only tells of its rules (SARIF 3.14.23).
  if (results === undefined || results === null) return 'has no results, not even an empty list: it did not look';
  return error === undefined ? undefined : `says of itself: ${error}`;
};

const gapsOf = (runs: readonly SarifRun[], name: string): readonly string[] => {
  if (runs.length === 0) return [`'${name}' names no scanner that looked`];
  return runs.flatMap((run) => {
    const gap = gapOf(run);
    return gap === undefined ? [] : [`${singleLine(run.tool.driver.name)} ${gap}`];
  });
};

/**
 * Reads any scanner's SARIF 2.1.0.
 * @throws DeliveryError `invalid-input` with the first place at which it is not what SARIF says
 */
export const readSarif = (text: string, { name, root }: SarifOptions): SarifReading => {
  const { runs } = logIn(text, name);
  return {
    scanners: runs.map(({ tool }) => tool.driver.name),
    findings: runs.flatMap((run) => findingsOf(run, root)),
    gaps: gapsOf(runs, name),
    warnings: runs.flatMap((run) =>
      toldBy(run, 'warning').map((text) => `${singleLine(run.tool.driver.name)}: ${singleLine(text, LONGEST_ERROR)}`),
    ),
    revisions: runs.flatMap(({ versionControlProvenance: provenance = [] }) =>
      provenance.flatMap(({ revisionId }) => revisionId ?? []),
    ),
  };
};
