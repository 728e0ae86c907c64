import { createHash } from 'node:crypto';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import type { ProfileType } from '../../appconfig/resources.js';
import {
  CONTENT_TYPES,
  type Format,
  findLossyValue,
  parseContentType,
  parseValue,
  stringifyCanonical,
} from './document.js';

/** Content of a hosted version. */
export interface Content {
  readonly text: string;
  readonly format: Format;
  readonly contentType: string;
  /** SHA-256 of the parsed value: formatting, comments and the order of keys do not change it. */
  readonly digest: string;
}

/** Timestamps that AppConfig adds to feature flags: ignored in comparisons. */
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

// If parsing loses part of the text, such as digits of a long number, the digest covers the text itself.
const normalizeContent = (text: string, format: Exclude<Format, 'text'>, type: ProfileType): string => {
  const value = parseValue(text, format);
  return findLossyValue(text, format) === undefined ? normalizeValue(value, type) : text;
};

const normalizeValue = (value: unknown, type: ProfileType): string =>
  stringifyCanonical(type === 'AWS.AppConfig.FeatureFlags' ? stripTimestamps(value) : value);

/** Throws `invalid-input` for text that does not parse as its format. */
export const createContent = (text: string, format: Format, type: ProfileType): Content => ({
  text,
  format,
  contentType: CONTENT_TYPES[format],
  digest: computeDigest(text, format, type),
});

/** Content of a deployed version; undefined for text that does not parse as its content type. */
export const parseDeployedContent = (text: string, contentType: string, type: ProfileType): Content | undefined => {
  try {
    return createContent(text, parseContentType(contentType), type);
  } catch {
    return undefined;
  }
};

/** The parsed value of JSON and YAML; text as it is. */
export const parseContentValue = ({ text, format }: Content): unknown =>
  format === 'text' ? text : parseValue(text, format);

const formatSlug = (name: string): string => name.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 20);

/**
 * The part of a version label that identifies environment and content. It includes the environment, so that a version
 * of one environment is never deployed to another. Labels have at most 64 characters.
 */
const formatLabelPrefix = (environment: string, { contentType, digest }: Content): string => {
  const hash = createHash('sha256').update(`${environment}\n${contentType}\n${digest}`).digest('hex').slice(0, 24);
  return `${formatSlug(environment)}-${hash}`;
};

/** The label of a version: prefix, and the first 12 characters of the commit. */
export const formatLabel = (environment: string, content: Content, commit: string | undefined): string =>
  `${formatLabelPrefix(environment, content)}${commit === undefined ? '' : `-${commit.slice(0, 12)}`}`;

/** Whether a label belongs to a version with this content for this environment. */
export const isLabelFor = (label: string | undefined, environment: string, content: Content): boolean =>
  label === formatLabelPrefix(environment, content) ||
  (label?.startsWith(`${formatLabelPrefix(environment, content)}-`) ?? false);
