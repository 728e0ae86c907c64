import type { Host } from '@aws-delivery/action-kit/host/host';
import { ExceptionUsage } from '@aws-delivery/action-kit/host/unused-exceptions';
import type { Change } from '@aws-delivery/findings/change/change';
import { compareFindings, type Finding } from '@aws-delivery/findings/finding';
import { computeFingerprints } from '@aws-delivery/findings/fingerprint';
import {
  type FileLocation,
  findIgnoreEntry,
  type IgnoreEntry,
  type IgnoreSubject,
  matchesIgnoreEntry,
} from '@aws-delivery/findings/ignore/ignore-entry';
import { matchesWord } from '@aws-delivery/findings/ignore/pattern';
import { createVexMatcher } from '@aws-delivery/findings/ignore/vex';
import { shouldFail } from '@aws-delivery/findings/severity';
import type { Checkout } from '../checkout.js';
import type { Request, Threshold } from '../inputs/parse-request.js';
import type { ChangeHistory } from './change-history.js';
import { type FindingCode, readCode } from './code-excerpt.js';
import { type Comparison, compareWithBase } from './comparison.js';
import type { Policy } from './policy.js';
import { locateFindingsAtBase } from './suppression-location.js';

/** Status of a finding: `fails`, `below` the threshold, `known` at the base, or `ignored` with a reason. */
export type FindingStatus =
  | { readonly kind: 'fails' }
  | { readonly kind: 'below' }
  | { readonly kind: 'known' }
  | { readonly kind: 'ignored'; readonly reason: string };

/** A finding with its code, its fingerprint and its status. */
export interface EvaluatedFinding {
  readonly finding: Finding;
  readonly fingerprint: string;
  /** Undefined if the code cannot be read or must not be shown. */
  readonly code: FindingCode | undefined;
  /** Undefined if nothing was compared. */
  readonly isNew: boolean | undefined;
  readonly status: FindingStatus;
}

export interface EvaluationContext {
  readonly request: Request;
  readonly checkout: Checkout;
  readonly change: Change;
  readonly history: ChangeHistory;
  readonly policy: Policy;
  readonly host: Host;
}

export interface Evaluation {
  /** Worst first. */
  readonly evaluatedFindings: readonly EvaluatedFinding[];
  /** Number of new findings; undefined if nothing was compared. */
  readonly newCount: number | undefined;
  readonly ignoreUsage: ExceptionUsage<IgnoreEntry>;
}

/** Redacts before any text is truncated, since half a secret can no longer be found and replaced. */
const redactFinding = (finding: Finding, redact: (content: string) => string): Finding => {
  const { rule } = finding;
  const [message, name, description] = [redact(finding.message), redact(rule.name), redact(rule.description)];
  const markup = finding.markup === undefined ? {} : { markup: redact(finding.markup) };
  // Copying 10,000 unchanged findings would take noticeable memory.
  const isUnchanged = message === finding.message && name === rule.name && description === rule.description;
  if (isUnchanged && markup.markup === finding.markup) return finding;
  return { ...finding, ...markup, message, rule: { ...rule, name, description } };
};

/** Leaves out the code of files that no commit has: an earlier step may have written credentials to them. */
const filterVisibleCode = async (
  codeByFinding: ReadonlyMap<Finding, FindingCode>,
  history: ChangeHistory,
): Promise<ReadonlyMap<Finding, FindingCode>> => {
  const files = new Set([...codeByFinding.keys()].flatMap(({ location }) => location?.file ?? []));
  const hidden = new Set<string>();
  for (const file of files) if (!(await history.isVisible(file))) hidden.add(file);
  return new Map([...codeByFinding].filter(([{ location }]) => location !== undefined && !hidden.has(location.file)));
};

const shouldFailFinding = ({ severity, rule, category }: Finding, { failOn, failOnFor }: Threshold): boolean => {
  const names = [rule.id, category].filter((name) => name !== '');
  const severityToFail = failOnFor.find(([pattern]) => names.some((name) => matchesWord(pattern, name)))?.[1] ?? failOn;
  return shouldFail(severity, severityToFail);
};

/** Ignore entries can name a finding by its rule, its fingerprint or the scanner's id, and a category as a tag. */
const toIgnoreSubject = (
  { id, rule, severity, category }: Finding,
  fingerprint: string,
  location: FileLocation | undefined,
): IgnoreSubject => ({
  ids: [rule.id, rule.name, fingerprint, ...(id === undefined ? [] : [id])],
  severity,
  tags: [...rule.tags, ...(category === '' ? [] : [category])],
  ...(location === undefined ? {} : { location }),
});

/** Ignore entries may name files relative to the directory under review, or to the top of the checkout. */
const listIgnoreLocations = (
  location: FileLocation | undefined,
  { prefix }: Checkout,
): readonly (FileLocation | undefined)[] => {
  if (location === undefined || prefix === '' || !location.file.startsWith(prefix)) return [location];
  return [{ ...location, file: location.file.slice(prefix.length) }, location];
};

const DEFAULT_SUPPRESSION_REASON = 'suppressed in the scanner’s output';

interface StatusContext extends EvaluationContext {
  readonly comparison: Comparison;
  readonly ignoreUsage: ExceptionUsage<IgnoreEntry>;
  /** Locations that ignore entries are matched against; undefined to use the findings' own. */
  readonly baseLocations: ReadonlyMap<Finding, FileLocation> | undefined;
  /** Why a VEX document accepts a finding; undefined for others. */
  readonly findVexReason: (finding: Finding) => string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

// Shared, because there may be thousands of findings.
const FAILS: FindingStatus = { kind: 'fails' };
const BELOW: FindingStatus = { kind: 'below' };
const KNOWN: FindingStatus = { kind: 'known' };

const determineStatus = (finding: Finding, fingerprint: string, context: StatusContext): FindingStatus => {
  const { request, checkout, policy, comparison, baseLocations, now } = context;
  const location = baseLocations?.get(finding) ?? finding.location;
  const subjects = listIgnoreLocations(location, checkout).map((each) => toIgnoreSubject(finding, fingerprint, each));
  context.ignoreUsage.recordMatches((each) => subjects.some((subject) => matchesIgnoreEntry(each, subject)));
  const entry = subjects
    .map((subject) => findIgnoreEntry(policy.ignoreEntries, subject, now))
    .find((found) => found !== undefined);
  if (entry !== undefined) return { kind: 'ignored', reason: `${entry.reason} (${entry.name})` };
  const vexReason = context.findVexReason(finding);
  if (vexReason !== undefined) return { kind: 'ignored', reason: vexReason };
  if (comparison.suppressed.has(finding)) {
    return { kind: 'ignored', reason: finding.suppression?.reason || DEFAULT_SUPPRESSION_REASON };
  }
  if (!shouldFailFinding(finding, request.threshold)) return BELOW;
  return request.compare === 'new' && comparison.known?.has(finding) ? KNOWN : FAILS;
};

/**
 * Redacts and sorts the findings, reads their code, compares them with the base, and determines the status of each.
 * @throws DeliveryError `missing` if `compare: new` needs history that the checkout does not have
 */
export const evaluateFindings = async (
  sourceFindings: readonly Finding[],
  context: EvaluationContext,
): Promise<Evaluation> => {
  const { request, checkout, change, history, policy, host } = context;
  const { clock, log, redactor } = host;
  const redact = (content: string): string => redactor.redact(content);
  const findings = sourceFindings.map((finding) => redactFinding(finding, redact)).sort(compareFindings);
  const codeByFinding = await readCode(findings, checkout.top, redact);
  const getCode = (finding: Finding): string | undefined => codeByFinding.get(finding)?.content;
  const fingerprints = computeFingerprints(findings, getCode);
  const fingerprintedFindings = findings.map((finding, index) => ({ finding, fingerprint: fingerprints[index] ?? '' }));
  const { baseline, ignoreEntries, vexStatements } = policy;
  const comparison = await compareWithBase(fingerprintedFindings, {
    compare: request.compare,
    baseline,
    change,
    history,
    log,
    getCode,
  });
  const baseLocations = await locateFindingsAtBase(findings, ignoreEntries, { change, history, log });
  const ignoreUsage = new ExceptionUsage(ignoreEntries);
  const findVexReason = createVexMatcher({ statements: vexStatements, productNames: request.vexProducts });
  const statusContext = { ...context, comparison, ignoreUsage, baseLocations, findVexReason, now: clock.now() };
  const visibleCode = await filterVisibleCode(codeByFinding, history);
  const { known } = comparison;
  const evaluatedFindings = fingerprintedFindings.map(({ finding, fingerprint }) => ({
    finding,
    fingerprint,
    code: visibleCode.get(finding),
    isNew: known === undefined ? undefined : !known.has(finding),
    status: determineStatus(finding, fingerprint, statusContext),
  }));
  const newCount = known === undefined ? undefined : evaluatedFindings.filter(({ isNew }) => isNew).length;
  return { evaluatedFindings, newCount, ignoreUsage };
};
