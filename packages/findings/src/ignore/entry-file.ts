import { parseDocument } from '@aws-delivery/action-kit/inputs/parse';
import { suggestClosest } from '@aws-delivery/action-kit/util/closest-match';
import { createInputError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';

const DAY_MS = 86_400_000;

/** What every entry has. */
export interface Entry {
  /** Position for messages: `entry 3 of .delivery/ignore.yml`. */
  readonly name: string;
  readonly reason: string;
  /** Expiry in milliseconds since the epoch, exclusive; undefined if the entry does not expire. */
  readonly expiresAt: number | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** Form of an entry beyond `reason` and `expires`. */
export interface EntryFormat<E extends Entry> {
  /** Fields that select what an entry applies to; each is a string or a list of strings. At least one is required. */
  readonly selectors: readonly string[];
  /** @param readSelector the strings of a selector; an empty list if it is not set */
  readonly create: (entry: Entry, readSelector: (field: string) => readonly string[]) => E;
  /** Describes how to migrate a file of another tool; undefined for other documents. */
  readonly describeForeignFormat?: (document: Fields) => string | undefined;
}

const rejectUnknownField = (entry: Fields, fields: readonly string[], name: string): void => {
  const unknown = Object.keys(entry).find((key) => !fields.includes(key));
  if (unknown === undefined) return;
  const closest = suggestClosest(unknown, fields);
  const hint = closest === undefined ? `use ${fields.join(', ')}` : `did you mean '${closest.name}'?`;
  throw createInputError(`unknown field '${unknown}' in ${name}: ${hint}`);
};

const parseStrings = (entry: Fields, field: string, name: string): readonly string[] => {
  const value = entry[field];
  if (value === undefined) return [];
  const items = Array.isArray(value) ? value : [value];
  if (items.length === 0) throw createInputError(`'${field}' in ${name} is empty: add a value, or remove the field`);
  return items.map((item) => {
    if (typeof item === 'string' && item.trim() !== '') return item.trim();
    throw createInputError(`'${field}' in ${name} must be a string or a list of strings, got ${JSON.stringify(item)}`);
  });
};

const parseReason = (entry: Fields, name: string): string => {
  const reason = entry['reason'];
  if (typeof reason === 'string' && reason.trim() !== '') return reason.trim();
  throw createInputError(`'reason' is required in ${name}: explain why this is ignored`);
};

/** Parses a date, which expires at the end of that day in UTC, or a time with a zone. */
const parseExpiry = (entry: Fields, name: string): number | undefined => {
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

const parseEntry = <E extends Entry>(item: unknown, name: string, { selectors, create }: EntryFormat<E>): E => {
  const fields = [...selectors, 'reason', 'expires'];
  if (!isRecord(item)) throw createInputError(`${name} must be a mapping with the fields ${fields.join(', ')}`);
  rejectUnknownField(item, fields, name);
  if (!selectors.some((field) => item[field] !== undefined)) {
    throw createInputError(`${name} would match everything: add one of ${selectors.join(', ')}`);
  }
  const entry = { name, reason: parseReason(item, name), expiresAt: parseExpiry(item, name) };
  return create(entry, (field) => parseStrings(item, field, name));
};

const parseIgnoreDocument = (content: string, file: string): unknown => {
  try {
    return parseDocument(content);
  } catch (error) {
    throw createInputError(`cannot parse ignore file ${file}: ${errorMessage(error)}`, error);
  }
};

/**
 * Parses a file in YAML or JSON with the single key `ignore`, a list of entries with a reason and an optional expiry.
 * @param file its name, for messages
 * @throws DeliveryError `invalid-input` for any other form, including a missing reason
 */
export const parseEntryFile = <E extends Entry>(
  content: string,
  file: string,
  format: EntryFormat<E>,
): readonly E[] => {
  const document = parseIgnoreDocument(content, file);
  const migration = isRecord(document) ? format.describeForeignFormat?.(document) : undefined;
  if (migration !== undefined) throw createInputError(`ignore file ${file} ${migration}`);
  const entries = isRecord(document) ? document['ignore'] : undefined;
  const unknownKeys = isRecord(document) ? Object.keys(document).filter((key) => key !== 'ignore') : [];
  if (!Array.isArray(entries) || unknownKeys.length > 0) {
    throw createInputError(
      `ignore file ${file} must be a mapping with the single key 'ignore', which contains a list of entries`,
    );
  }
  return entries.map((item, index) => parseEntry(item, `entry ${index + 1} of ${file}`, format));
};
