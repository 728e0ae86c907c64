import { type ChangedLines, overlapsChange } from '@aws-delivery/action-kit/git/diff';
import type { Log } from '@aws-delivery/action-kit/host/log';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { type FingerprintedFinding, matchBaseline } from '@aws-delivery/findings/baseline';
import type { Change } from '@aws-delivery/findings/change/change';
import type { Finding } from '@aws-delivery/findings/finding';
import { computeFingerprints } from '@aws-delivery/findings/fingerprint';
import type { ChangeHistory } from './change-history.js';

/** Comparison of the findings with the base of the change. */
export interface Comparison {
  /** Findings that the base has; undefined if nothing was compared. */
  readonly known: ReadonlySet<Finding> | undefined;
  /** Findings whose suppression in the scanner's output is accepted. */
  readonly suppressed: ReadonlySet<Finding>;
}

export interface ComparisonOptions {
  readonly compare: 'all' | 'new';
  readonly baseline: readonly Finding[] | undefined;
  readonly change: Change;
  readonly history: ChangeHistory;
  readonly log: Log;
  /** Text of a finding's lines. */
  readonly getCode: (finding: Finding) => string | undefined;
}

/** Whether a finding is outside of the changed lines. One without lines may be about any of them. */
const isUnchanged = ({ location }: Finding, changes: ChangedLines): boolean => {
  if (location?.startLine === undefined) return false;
  return !overlapsChange(changes, location.file, [location.startLine, location.endLine ?? location.startLine]);
};

const findKnownByHistory = async (
  findings: readonly FingerprintedFinding[],
  history: ChangeHistory,
): Promise<ReadonlySet<Finding>> => {
  const changes = await history.getChanges();
  const known = new Set<Finding>();
  if (changes === undefined) return known;
  for (const { finding } of findings) {
    const isKnown = isUnchanged(finding, changes) && (await history.hasReliableLines(finding.location?.file ?? ''));
    if (isKnown) known.add(finding);
  }
  return known;
};

/** Findings with a suppression comment in a file that the pull request does not change. */
const findBaseSuppressions = async (
  findings: readonly Finding[],
  history: ChangeHistory,
): Promise<readonly Finding[]> => {
  const changes = await history.getChanges();
  if (changes === undefined) return [];
  const suppressedFindings: Finding[] = [];
  for (const finding of findings) {
    const file = finding.location?.file;
    const isUntouched = file !== undefined && !changes.has(file) && (await history.isTracked(file));
    if (finding.suppression?.kind === 'inSource' && isUntouched) suppressedFindings.push(finding);
  }
  return suppressedFindings;
};

const findAcceptedSuppressions = async (
  findings: readonly Finding[],
  matches: ReadonlyMap<Finding, Finding>,
  { change, history, log }: ComparisonOptions,
): Promise<ReadonlySet<Finding>> => {
  const suppressedByScanner = findings.filter(({ suppression }) => suppression !== undefined);
  if (change.kind !== 'pull-request' || suppressedByScanner.length === 0) return new Set(suppressedByScanner);
  const suppressedInBaseline = suppressedByScanner.filter((finding) => matches.get(finding)?.suppression !== undefined);
  const suppressedAtBase = await findBaseSuppressions(suppressedByScanner, history).catch((error) => {
    log.warning(
      `Suppression comments are not applied, because the changed files cannot be determined: ${errorMessage(error)}`,
    );
    return [];
  });
  return new Set([...suppressedInBaseline, ...suppressedAtBase]);
};

/** Maps findings to their matches in the baseline; those in renamed files also under the names that files had there. */
const matchWithRenames = async (
  findings: readonly FingerprintedFinding[],
  { baseline = [], history, getCode }: ComparisonOptions,
): Promise<ReadonlyMap<Finding, Finding>> => {
  const matches = matchBaseline(findings, baseline);
  if (baseline.length === 0) return matches;
  // Without the history, renames are unknown, and findings in renamed files are new.
  const renames = await history.getRenames().catch(() => new Map<string, string>());
  const originals = new Map<Finding, Finding>();
  for (const { finding } of findings) {
    const { location } = finding;
    const oldName = location === undefined ? undefined : renames.get(location.file);
    if (location === undefined || oldName === undefined || matches.has(finding)) continue;
    originals.set({ ...finding, location: { ...location, file: oldName } }, finding);
  }
  const used = new Set(matches.values());
  const renamed = [...originals.keys()];
  const fingerprints = computeFingerprints(renamed, (finding) => getCode(originals.get(finding) ?? finding));
  const renamedMatches = matchBaseline(
    renamed.map((finding, index) => ({ finding, fingerprint: fingerprints[index] })),
    baseline.filter((finding) => !used.has(finding)),
  );
  const byOriginal = [...renamedMatches].map(([finding, match]) => [originals.get(finding) ?? finding, match] as const);
  return new Map([...matches, ...byOriginal]);
};

/**
 * Compares findings with the baseline or, without one, with the changed lines: findings outside of them are known.
 * @throws DeliveryError `missing` if `compare: new` needs history that the checkout does not have
 */
export const compareWithBase = async (
  findings: readonly FingerprintedFinding[],
  options: ComparisonOptions,
): Promise<Comparison> => {
  const { baseline, compare, history } = options;
  const matches = await matchWithRenames(findings, options);
  const suppressed = await findAcceptedSuppressions(
    findings.map(({ finding }) => finding),
    matches,
    options,
  );
  if (baseline !== undefined) return { known: new Set(matches.keys()), suppressed };
  return { known: compare === 'new' ? await findKnownByHistory(findings, history) : undefined, suppressed };
};
