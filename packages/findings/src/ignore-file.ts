import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import { nearest } from '@aws-delivery/action-kit/nearest';
import { isMapping, parseDocument } from '@aws-delivery/action-kit/parse';
import type { IgnoreEntry, Location } from './ignore.js';
import { SEVERITIES, type Severity, severityOf } from './severity.js';

const FIELDS = ['ids', 'severities', 'tags', 'files', 'locations', 'reason', 'expires'] as const;
const SELECTORS = ['ids', 'severities', 'tags', 'files', 'locations'] as const;
const DAY = 86_400_000;

const wrong = (message: string, cause?: unknown): DeliveryError =>
  new DeliveryError('invalid-input', message, { cause });

const refuseUnknownField = (entry: Readonly<Record<string, unknown>>, name: string): void => {
  const unknown = Object.keys(entry).find((key) => !FIELDS.some((field) => field === key));
  if (unknown === undefined) return;
  const near = nearest(unknown, FIELDS);
  const remedy = near === undefined ? `use ${FIELDS.join(', ')}` : `did you mean '${near.name}'?`;
  throw wrong(`'${unknown}' of ${name} is no field of an exception: ${remedy}`);
};

const textsIn = (entry: Readonly<Record<string, unknown>>, field: string, name: string): readonly string[] => {
  const value = entry[field];
  if (value === undefined) return [];
  const items = Array.isArray(value) ? value : [value];
  if (items.length === 0) throw wrong(`'${field}' of ${name} is empty: name what is excepted, or leave it out`);
  return items.map((item) => {
    if (typeof item === 'string' && item.trim() !== '') return item.trim();
    throw wrong(`'${field}' of ${name} must hold texts: ${JSON.stringify(item)} is none`);
  });
};

const severityIn = (word: string, name: string): Severity => {
  const severity = severityOf(word);
  if (severity !== undefined) return severity;
  throw wrong(`severity '${word}' of ${name} is not one of ${SEVERITIES.join(', ')}`);
};

const locationIn = (text: string, name: string): Location => {
  const match = /^(.+?)(?::(\d+)(?:-(\d+))?)?$/.exec(text);
  const [, file = '', start, end] = match ?? [];
  if (start === undefined) return { file };
  const [startLine, endLine] = [Number(start), Number(end ?? start)];
  if (startLine >= 1 && endLine >= startLine) return { file, startLine, endLine };
  throw wrong(`location '${text}' of ${name} must be file:line or file:first-last, lines from 1`);
};

const reasonIn = (entry: Readonly<Record<string, unknown>>, name: string): string => {
  const reason = entry['reason'];
  if (typeof reason === 'string' && reason.trim() !== '') return reason.trim();
  throw wrong(`${name} has no reason: add 'reason:' with why this may be ignored`);
};

/** A day holds until its end in UTC; a moment with time and zone until that moment. */
const expiryIn = (entry: Readonly<Record<string, unknown>>, name: string): number | undefined => {
  const value = entry['expires'];
  if (value === undefined) return undefined;
  const text = typeof value === 'string' ? value.trim() : '';
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const isMoment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/.test(text);
  const time = isDay || isMoment ? Date.parse(text) : Number.NaN;
  // Date.parse moves the 31st of a month that has 30 days into the next one.
  if (Number.isFinite(time) && (!isDay || new Date(time).toISOString().startsWith(text)))
    return isDay ? time + DAY : time;
  throw wrong(`'expires' of ${name} is ${JSON.stringify(value)}: write a date such as 2027-01-31`);
};

const entryIn = (item: unknown, name: string): IgnoreEntry => {
  if (!isMapping(item)) throw wrong(`${name} is not a mapping with ${FIELDS.join(', ')}`);
  refuseUnknownField(item, name);
  if (!SELECTORS.some((field) => item[field] !== undefined)) {
    throw wrong(`${name} would except everything: add one of ${SELECTORS.join(', ')}`);
  }
  return {
    name,
    ids: textsIn(item, 'ids', name),
    severities: textsIn(item, 'severities', name).map((word) => severityIn(word, name)),
    tags: textsIn(item, 'tags', name),
    files: textsIn(item, 'files', name),
    locations: textsIn(item, 'locations', name).map((text) => locationIn(text, name)),
    reason: reasonIn(item, name),
    expiresAt: expiryIn(item, name),
  };
};

const documentIn = (text: string, file: string): unknown => {
  try {
    return parseDocument(text);
  } catch (error) {
    throw wrong(`ignore file ${file}: ${textOf(error)}`, error);
  }
};

/** The AWS CodeGuru CLI's words, which it takes in any case, and ours for the same. */
const CLI_WORDS: Readonly<Record<string, string>> = {
  excludebyid: "'ids'",
  excludetags: "'tags'",
  excludefiles: "'files'",
  excluderecommendations: "'ids' with the detector's, and 'files' for its locations",
  excludebelowseverity: "the input 'fail-on', or 'severities'",
};

/** What to write instead of the CLI's words; undefined for a document without any. */
const conversion = (document: Readonly<Record<string, unknown>>): string | undefined => {
  const words = Object.keys(document).flatMap((key) => {
    const ours = CLI_WORDS[key.toLowerCase()];
    return ours === undefined ? [] : [`${ours} for ${key}`];
  });
  if (words.length === 0) return undefined;
  const form = "write entries 'ignore: [{ …, reason: why, expires: 2027-01-31 }]'";
  return `is of the AWS CodeGuru CLI, whose exceptions have neither reason nor expiry: ${form} with ${words.join(', ')}`;
};

/**
 * Exceptions as people write them, YAML or JSON:
 *
 *     ignore:
 *       - ids: [CVE-2026-1234]            # also severities, tags, files, locations (file:first-last)
 *         reason: not reachable, the parser is never given outside input
 *         expires: 2027-01-31             # optional; holds until the end of that day, UTC
 *
 * `file` is for messages. Throws `invalid-input` for anything that is not of this form, a missing reason above all.
 */
export const parseIgnoreFile = (text: string, file: string): readonly IgnoreEntry[] => {
  const document = documentIn(text, file);
  const other = isMapping(document) ? conversion(document) : undefined;
  if (other !== undefined) throw wrong(`ignore file ${file} ${other}`);
  const entries = isMapping(document) ? document['ignore'] : undefined;
  const others = isMapping(document) ? Object.keys(document).filter((key) => key !== 'ignore') : [];
  if (!Array.isArray(entries) || others.length > 0) {
    throw wrong(`ignore file ${file} must be a mapping with the one key 'ignore' and a list of exceptions under it`);
  }
  return entries.map((item, index) => entryIn(item, `entry ${index + 1} of ${file}`));
};
