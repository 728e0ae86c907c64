import { createHash } from 'node:crypto';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import {
  CONTENT_TYPES,
  type Format,
  findLossyValue,
  parseContentType,
  parseValue,
  stringifyCanonical,
} from './document.js';

export type ProfileType = 'AWS.Freeform' | 'AWS.AppConfig.FeatureFlags';

/** What a profile holds, ready to be sent. */
export interface Content {
  readonly text: string;
  readonly format: Format;
  readonly contentType: string;
  /** SHA-256 of its meaning: formatting, comments and the order of keys do not change it. */
  readonly digest: string;
}

/** The service stamps flags with when they were made and changed: that is no change of ours. */
const TIMESTAMP_KEYS: ReadonlySet<string> = new Set(['_createdAt', '_updatedAt']);

const stripTimestamps = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(stripTimestamps);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(([key]) => !TIMESTAMP_KEYS.has(key));
  return Object.fromEntries(entries.map(([key, each]) => [key, stripTimestamps(each)]));
};

const computeDigest = (text: string, format: Format, type: ProfileType): string => {
  const meaning = format === 'text' ? text : normalizeContent(text, format, type);
  return createHash('sha256').update(meaning).digest('hex');
};

// Where a value does not say all that its text says, only the text itself does.
const normalizeContent = (text: string, format: Exclude<Format, 'text'>, type: ProfileType): string => {
  const value = parseValue(text, format);
  return findLossyValue(text, format) === undefined ? normalizeValue(value, type) : text;
};

const normalizeValue = (value: unknown, type: ProfileType): string =>
  stringifyCanonical(type === 'AWS.AppConfig.FeatureFlags' ? stripTimestamps(value) : value);

/** Content of a text. Throws `invalid-input` where the text is not what its format says. */
export const createContent = (text: string, format: Format, type: ProfileType): Content => ({
  text,
  format,
  contentType: CONTENT_TYPES[format],
  digest: computeDigest(text, format, type),
});

/** What is deployed, as content; undefined where it is not what its content type says. */
export const parseDeployedContent = (text: string, contentType: string, type: ProfileType): Content | undefined => {
  try {
    return createContent(text, parseContentType(contentType), type);
  } catch {
    return undefined;
  }
};

/** The value of content that has one; text is its own. */
export const parseContentValue = ({ text, format }: Content): unknown =>
  format === 'text' ? text : parseValue(text, format);

const formatSlug = (name: string): string => name.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 20);

/**
 * The part of a version's label that says what it holds and for which environment: a version made for one environment
 * has no other's label, so that it is never taken for its. A label has at most 64 characters.
 */
export const formatLabelPrefix = (environment: string, { contentType, digest }: Content): string => {
  const hash = createHash('sha256').update(`${environment}\n${contentType}\n${digest}`).digest('hex').slice(0, 24);
  return `${formatSlug(environment)}-${hash}`;
};

/** The whole label: what it holds, and the commit it came from. */
export const formatLabel = (environment: string, content: Content, commit: string | undefined): string =>
  `${formatLabelPrefix(environment, content)}${commit === undefined ? '' : `-${commit.slice(0, 12)}`}`;

/** Whether a label says that the version holds this content for this environment. */
export const isLabelFor = (label: string | undefined, environment: string, content: Content): boolean =>
  label === formatLabelPrefix(environment, content) ||
  (label?.startsWith(`${formatLabelPrefix(environment, content)}-`) ?? false);
