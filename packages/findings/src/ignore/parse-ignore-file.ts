import { parseDocument } from '@aws-delivery/action-kit/inputs/parse';
import { suggestClosest } from '@aws-delivery/action-kit/util/closest-match';
import { createInputError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { parseSeverity, SEVERITIES, type Severity } from '../severity.js';
import type { FileLocation, IgnoreEntry } from './ignore-entry.js';

const FIELDS = ['ids', 'severities', 'tags', 'files', 'locations', 'reason', 'expires'] as const;
const SELECTORS = ['ids', 'severities', 'tags', 'files', 'locations'] as const;
const DAY_MS = 86_400_000;

const rejectUnknownField = (entry: Readonly<Record<string, unknown>>, name: string): void => {
  const unknown = Object.keys(entry).find((key) => !FIELDS.some((field) => field === key));
  if (unknown === undefined) return;
  const closest = suggestClosest(unknown, FIELDS);
  const hint = closest === undefined ? `use ${FIELDS.join(', ')}` : `did you mean '${closest.name}'?`;
  throw createInputError(`unknown field '${unknown}' in ${name}: ${hint}`);
};

const parseStrings = (entry: Readonly<Record<string, unknown>>, field: string, name: string): readonly string[] => {
  const value = entry[field];
  if (value === undefined) return [];
  const items = Array.isArray(value) ? value : [value];
  if (items.length === 0) throw createInputError(`'${field}' in ${name} is empty: add a value, or remove the field`);
  return items.map((item) => {
    if (typeof item === 'string' && item.trim() !== '') return item.trim();
    throw createInputError(`'${field}' in ${name} must be a string or a list of strings, got ${JSON.stringify(item)}`);
  });
};

const parseEntrySeverity = (severityName: string, name: string): Severity => {
  const severity = parseSeverity(severityName);
  if (severity !== undefined) return severity;
  throw createInputError(`severity '${severityName}' in ${name} must be one of ${SEVERITIES.join(', ')}`);
};

const parseLocation = (location: string, name: string): FileLocation => {
  const match = /^(.+?)(?::(\d+)(?:-(\d+))?)?$/.exec(location);
  const [, file = '', start, end] = match ?? [];
  if (start === undefined) return { file };
  const [startLine, endLine] = [Number(start), Number(end ?? start)];
  if (startLine >= 1 && endLine >= startLine) return { file, startLine, endLine };
  throw createInputError(`location '${location}' in ${name} must be file:line or file:first-last, with lines from 1`);
};

const parseReason = (entry: Readonly<Record<string, unknown>>, name: string): string => {
  const reason = entry['reason'];
  if (typeof reason === 'string' && reason.trim() !== '') return reason.trim();
  throw createInputError(`'reason' is required in ${name}: explain why this is ignored`);
};

/** Parses a date, which expires at the end of that day in UTC, or a time with a zone. */
const parseExpiry = (entry: Readonly<Record<string, unknown>>, name: string): number | undefined => {
  const value = entry['expires'];
  if (value === undefined) return undefined;
  const trimmed = typeof value === 'string' ? value.trim() : '';
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(trimmed);
  const isMoment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/.test(trimmed);
  const time = isDay || isMoment ? Date.parse(trimmed) : Number.NaN;
  // Date.parse turns the 31st of a month with 30 days into the 1st of the next month.
  if (Number.isFinite(time) && (!isDay || new Date(time).toISOString().startsWith(trimmed)))
    return isDay ? time + DAY_MS : time;
  throw createInputError(`'expires' in ${name} must be a date, for example 2027-01-31, got ${JSON.stringify(value)}`);
};

const parseEntry = (item: unknown, name: string): IgnoreEntry => {
  if (!isRecord(item)) throw createInputError(`${name} must be a mapping with the fields ${FIELDS.join(', ')}`);
  rejectUnknownField(item, name);
  if (!SELECTORS.some((field) => item[field] !== undefined)) {
    throw createInputError(`${name} would match everything: add one of ${SELECTORS.join(', ')}`);
  }
  return {
    name,
    ids: parseStrings(item, 'ids', name),
    severities: parseStrings(item, 'severities', name).map((word) => parseEntrySeverity(word, name)),
    tags: parseStrings(item, 'tags', name),
    files: parseStrings(item, 'files', name),
    locations: parseStrings(item, 'locations', name).map((location) => parseLocation(location, name)),
    reason: parseReason(item, name),
    expiresAt: parseExpiry(item, name),
  };
};

const parseIgnoreDocument = (content: string, file: string): unknown => {
  try {
    return parseDocument(content);
  } catch (error) {
    throw createInputError(`cannot parse ignore file ${file}: ${errorMessage(error)}`, error);
  }
};

/** Fields of the AWS CodeGuru CLI, in lower case since it ignores case, and their replacements. */
const CLI_FIELDS: Readonly<Record<string, string>> = {
  excludebyid: "'ids'",
  excludetags: "'tags'",
  excludefiles: "'files'",
  excluderecommendations: "'ids' and 'files'",
  excludebelowseverity: "'severities' or the input 'fail-on'",
};

/** Describes how to migrate a file of the AWS CodeGuru CLI; undefined for other documents. */
const formatCliMigration = (document: Readonly<Record<string, unknown>>): string | undefined => {
  const replacements = Object.keys(document).flatMap((key) => {
    const field = CLI_FIELDS[key.toLowerCase()];
    return field === undefined ? [] : [`${key} with ${field}`];
  });
  if (replacements.length === 0) return undefined;
  const example = "write entries as 'ignore: [{ …, reason: why, expires: 2027-01-31 }]'";
  return `has the format of the AWS CodeGuru CLI, which has no reasons or expiry dates: ${example}, and replace ${replacements.join(', ')}`;
};

/**
 * Parses an ignore file in YAML or JSON:
 *
 *     ignore:
 *       - ids: [CVE-2026-1234]            # also severities, tags, files, locations (file:first-last)
 *         reason: not reachable, the parser only reads our own files
 *         expires: 2027-01-31             # optional; valid until the end of that day, UTC
 *
 * `file` is used in messages. Throws `invalid-input` for any other form, including a missing reason.
 */
export const parseIgnoreFile = (content: string, file: string): readonly IgnoreEntry[] => {
  const document = parseIgnoreDocument(content, file);
  const cliMigration = isRecord(document) ? formatCliMigration(document) : undefined;
  if (cliMigration !== undefined) throw createInputError(`ignore file ${file} ${cliMigration}`);
  const entries = isRecord(document) ? document['ignore'] : undefined;
  const unknownKeys = isRecord(document) ? Object.keys(document).filter((key) => key !== 'ignore') : [];
  if (!Array.isArray(entries) || unknownKeys.length > 0) {
    throw createInputError(
      `ignore file ${file} must be a mapping with the single key 'ignore', which contains a list of entries`,
    );
  }
  return entries.map((item, index) => parseEntry(item, `entry ${index + 1} of ${file}`));
};
