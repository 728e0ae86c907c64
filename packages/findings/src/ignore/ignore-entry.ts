import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { Severity } from '../severity.js';
import type { Entry } from './entry-file.js';
import { matchesPath, matchesWord } from './pattern.js';

/** Lines of a file, starting at 1; without lines, the whole file. */
export interface FileLocation {
  readonly file: string;
  readonly startLine?: number;
  readonly endLine?: number;
}

/** An entry of an ignore file. All fields that are set must match, each with at least one of its values. */
export interface IgnoreEntry extends Entry {
  readonly ids: readonly string[];
  readonly severities: readonly Severity[];
  readonly tags: readonly string[];
  readonly files: readonly string[];
  readonly locations: readonly FileLocation[];
}

/** What an entry is matched against: a finding, a vulnerability or a Health event. */
export interface IgnoreSubject {
  /** All its names: identifier, rule, event type code. */
  readonly ids: readonly string[];
  readonly severity?: Severity;
  readonly tags?: readonly string[];
  readonly location?: FileLocation;
}

const matchesAnyOrUnset = <P, V>(
  patterns: readonly P[],
  values: readonly V[],
  matches: (pattern: P, value: V) => boolean,
) => patterns.length === 0 || patterns.some((pattern) => values.some((value) => matches(pattern, value)));

const overlapsLines = (left: FileLocation, right: FileLocation): boolean => {
  if (left.startLine === undefined) return true;
  if (right.startLine === undefined) return false;
  const [leftEnd, rightEnd] = [left.endLine ?? left.startLine, right.endLine ?? right.startLine];
  return left.startLine <= rightEnd && right.startLine <= leftEnd;
};

const covers = (entry: FileLocation, location: FileLocation): boolean =>
  matchesPath(entry.file, location.file) && overlapsLines(entry, location);

const isExpired = ({ expiresAt }: Entry, now: number): boolean => expiresAt !== undefined && now >= expiresAt;

/** Whether an entry matches, expired or not. */
export const matchesIgnoreEntry = (
  entry: IgnoreEntry,
  { ids, severity, tags = [], location }: IgnoreSubject,
): boolean => {
  const locations = location === undefined ? [] : [location];
  return (
    matchesAnyOrUnset(entry.ids, ids, matchesWord) &&
    matchesAnyOrUnset(
      entry.severities,
      severity === undefined ? [] : [severity],
      (expected, actual) => expected === actual,
    ) &&
    matchesAnyOrUnset(entry.tags, tags, matchesWord) &&
    matchesAnyOrUnset(entry.files, locations, (pattern, location) => matchesPath(pattern, location.file)) &&
    matchesAnyOrUnset(entry.locations, locations, covers)
  );
};

/** Finds the first unexpired entry that matches, at `now` in milliseconds since the epoch. */
export const findIgnoreEntry = (
  entries: readonly IgnoreEntry[],
  subject: IgnoreSubject,
  now: number,
): IgnoreEntry | undefined => entries.find((entry) => !isExpired(entry, now) && matchesIgnoreEntry(entry, subject));

/**
 * Throws `rejected` if an entry has expired at `now`, in milliseconds since the epoch. Expired entries are neither
 * dropped silently, which would surprise later, nor applied.
 */
export const rejectExpired = (entries: readonly Entry[], now: number): void => {
  const expired = entries.filter((entry) => isExpired(entry, now));
  if (expired.length === 0) return;
  const descriptions = expired.map((entry) => {
    const day = new Date((entry.expiresAt ?? now) - 1).toISOString().slice(0, 10);
    return `${entry.name} (valid until ${day}: ${entry.reason})`;
  });
  const rule =
    expired.length === 1
      ? "has expired: remove it, or review it and set a later 'expires'"
      : "have expired: remove them, or review them and set a later 'expires'";
  throw new DeliveryError('rejected', `${descriptions.join(', ')} ${rule}`);
};
