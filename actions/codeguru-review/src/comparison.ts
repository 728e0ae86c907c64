import { textOf } from '@aws-delivery/action-kit/error';
import type { Log } from '@aws-delivery/action-kit/log';
import { matchBaseline, type Named } from '@aws-delivery/findings/baseline';
import type { Change } from '@aws-delivery/findings/change';
import { type ChangedLines, touches } from '@aws-delivery/findings/diff';
import type { Finding } from '@aws-delivery/findings/finding';
import type { History } from './history.js';

/** What is new and what may be silent, seen from the base. */
export interface Comparison {
  /** Findings that were there before; undefined where nothing was compared. */
  readonly known: ReadonlySet<Finding> | undefined;
  /** Findings whose suppression in the scanner's output counts. */
  readonly suppressed: ReadonlySet<Finding>;
}

export interface ComparisonOptions {
  readonly compare: 'all' | 'new';
  readonly baseline: readonly Finding[] | undefined;
  readonly change: Change;
  readonly history: History;
  readonly log: Log;
}

/** A finding that touches nothing that changed was there before; one about no lines may be about anything. */
const wasThere = ({ location }: Finding, changes: ChangedLines): boolean => {
  if (location?.startLine === undefined) return false;
  return !touches(changes, location.file, [location.startLine, location.endLine ?? location.startLine]);
};

const knownByHistory = async (findings: readonly Named[], history: History): Promise<ReadonlySet<Finding>> => {
  const changes = await history.changes();
  const known = new Set<Finding>();
  if (changes === undefined) return known;
  for (const { finding } of findings) {
    const isKnown = wasThere(finding, changes) && (await history.hasLines(finding.location?.file ?? ''));
    if (isKnown) known.add(finding);
  }
  return known;
};

/** A comment in a file that the pull request leaves alone comes from the base. */
const suppressedAtBase = async (findings: readonly Finding[], history: History): Promise<readonly Finding[]> => {
  const changes = await history.changes();
  if (changes === undefined) return [];
  const kept: Finding[] = [];
  for (const finding of findings) {
    const file = finding.location?.file;
    const isUntouched = file !== undefined && !changes.has(file) && (await history.isTracked(file));
    if (finding.suppression?.kind === 'inSource' && isUntouched) kept.push(finding);
  }
  return kept;
};

const suppressionsThatCount = async (
  findings: readonly Finding[],
  matches: ReadonlyMap<Finding, Finding>,
  { change, history, log }: ComparisonOptions,
): Promise<ReadonlySet<Finding>> => {
  const wished = findings.filter(({ suppression }) => suppression !== undefined);
  if (change.kind !== 'pull-request' || wished.length === 0) return new Set(wished);
  const before = wished.filter((finding) => matches.get(finding)?.suppression !== undefined);
  const untouched = await suppressedAtBase(wished, history).catch((error) => {
    log.warning(`no suppression of a comment counts, because nobody can tell who wrote it: ${textOf(error)}`);
    return [];
  });
  return new Set([...before, ...untouched]);
};

/**
 * Compares findings with a baseline or, without one, with the code of the base: what touches no changed line was there.
 * @throws DeliveryError `missing` where `new` is asked for and the checkout cannot tell
 */
export const compareFindings = async (findings: readonly Named[], options: ComparisonOptions): Promise<Comparison> => {
  const { baseline, compare, history } = options;
  const matches = matchBaseline(findings, baseline ?? []);
  const suppressed = await suppressionsThatCount(
    findings.map(({ finding }) => finding),
    matches,
    options,
  );
  if (baseline !== undefined) return { known: new Set(matches.keys()), suppressed };
  return { known: compare === 'new' ? await knownByHistory(findings, history) : undefined, suppressed };
};
