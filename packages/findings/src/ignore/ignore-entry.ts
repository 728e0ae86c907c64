import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { Severity } from '../severity.js';
import { matchesPath, matchesWord } from './pattern.js';

/** Lines of a file, counted from 1; without lines the whole file. */
export interface FileLocation {
  readonly file: string;
  readonly startLine?: number;
  readonly endLine?: number;
}

/** One exception: every field that is given must match, each by any of its values. */
export interface IgnoreEntry {
  readonly ids: readonly string[];
  readonly severities: readonly Severity[];
  readonly tags: readonly string[];
  readonly files: readonly string[];
  readonly locations: readonly FileLocation[];
  readonly reason: string;
  /** The first millisecond since the epoch at which it no longer holds; undefined where it has no end. */
  readonly expiresAt: number | undefined;
  /** Which entry of which file, for messages: `entry 3 of .delivery/ignore.yml`. */
  readonly name: string;
}

/** What an entry is held against: a finding, a vulnerability, an event. */
export interface IgnoreSubject {
  /** All names it goes by: identifier, rule, type code. */
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

const isExpired = ({ expiresAt }: IgnoreEntry, now: number): boolean => expiresAt !== undefined && now >= expiresAt;

const matches = (entry: IgnoreEntry, { ids, severity, tags = [], location }: IgnoreSubject): boolean => {
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

/** The entry that makes an exception of the subject at `now` (milliseconds since the epoch), if there is one. */
export const findIgnoreEntry = (
  entries: readonly IgnoreEntry[],
  subject: IgnoreSubject,
  now: number,
): IgnoreEntry | undefined => entries.find((entry) => !isExpired(entry, now) && matches(entry, subject));

/**
 * Throws `refused` when an exception has run out at `now`: an entry that silently stopped to count would surprise
 * later, and one that went on to count would make its expiry a lie.
 */
export const rejectExpired = (entries: readonly IgnoreEntry[], now: number): void => {
  const expired = entries.filter((entry) => isExpired(entry, now));
  if (expired.length === 0) return;
  const descriptions = expired.map((entry) => {
    const day = new Date((entry.expiresAt ?? now) - 1).toISOString().slice(0, 10);
    return `${entry.name} (valid until ${day}: ${entry.reason})`;
  });
  throw new DeliveryError(
    'rejected',
    `${descriptions.join(', ')} has expired: remove it, or review it and set a later 'expires'`,
  );
};
