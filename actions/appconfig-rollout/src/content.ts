import { createHash } from 'node:crypto';
import { isMapping } from '@aws-delivery/action-kit/parse';
import { CONTENT_TYPES, canonical, type Format, formatOfContentType, lossIn, readValue } from './document.js';

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
const STAMPS: ReadonlySet<string> = new Set(['_createdAt', '_updatedAt']);

const withoutStamps = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutStamps);
  if (!isMapping(value)) return value;
  const kept = Object.entries(value).filter(([key]) => !STAMPS.has(key));
  return Object.fromEntries(kept.map(([key, each]) => [key, withoutStamps(each)]));
};

const digestOf = (text: string, format: Format, type: ProfileType): string => {
  const meaning = format === 'text' ? text : meaningIn(text, format, type);
  return createHash('sha256').update(meaning).digest('hex');
};

// Where a value does not say all that its text says, only the text itself does.
const meaningIn = (text: string, format: Exclude<Format, 'text'>, type: ProfileType): string => {
  const value = readValue(text, format);
  return lossIn(text, format) === undefined ? canonicalOf(value, type) : text;
};

const canonicalOf = (value: unknown, type: ProfileType): string =>
  canonical(type === 'AWS.AppConfig.FeatureFlags' ? withoutStamps(value) : value);

/** Content of a text. Throws `invalid-input` where the text is not what its format says. */
export const contentOf = (text: string, format: Format, type: ProfileType): Content => ({
  text,
  format,
  contentType: CONTENT_TYPES[format],
  digest: digestOf(text, format, type),
});

/** What is deployed, as content; undefined where it is not what its content type says. */
export const deployedContent = (text: string, contentType: string, type: ProfileType): Content | undefined => {
  try {
    return contentOf(text, formatOfContentType(contentType), type);
  } catch {
    return undefined;
  }
};

/** The value of content that has one; text is its own. */
export const meaningOf = ({ text, format }: Content): unknown => (format === 'text' ? text : readValue(text, format));

const slug = (name: string): string => name.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 20);

/**
 * The part of a version's label that says what it holds and for which environment: a version made for one environment
 * has no other's label, so that it is never taken for its. A label has at most 64 characters.
 */
export const labelBase = (environment: string, { contentType, digest }: Content): string => {
  const seal = createHash('sha256').update(`${environment}\n${contentType}\n${digest}`).digest('hex').slice(0, 24);
  return `${slug(environment)}-${seal}`;
};

/** The whole label: what it holds, and the commit it came from. */
export const labelOf = (environment: string, content: Content, commit: string | undefined): string =>
  `${labelBase(environment, content)}${commit === undefined ? '' : `-${commit.slice(0, 12)}`}`;

/** Whether a label says that the version holds this content for this environment. */
export const isLabelOf = (label: string | undefined, environment: string, content: Content): boolean =>
  label === labelBase(environment, content) || (label?.startsWith(`${labelBase(environment, content)}-`) ?? false);
