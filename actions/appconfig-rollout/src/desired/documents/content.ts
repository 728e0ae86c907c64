import { createHash } from 'node:crypto';
import type { ProfileType } from '../../appconfig/resources.js';
import { CONTENT_TYPES, type Format, parseContentType, parseDocuments } from './document.js';
import { Canonicalizer, type Token } from './token.js';
import type { YamlDocument } from './yaml-reader.js';

/** Content of a hosted version. */
export interface Content {
  readonly text: string;
  readonly format: Format;
  readonly contentType: string;
  /** SHA-256 of the tokens: layout, comments and the order of keys do not change it, quotes and digits do. */
  readonly digest: string;
}

/** Timestamps that AppConfig adds to feature flags: ignored in comparisons. */
const TIMESTAMP_KEYS: ReadonlySet<string> = new Set(['_createdAt', '_updatedAt']);

const isServiceEntry = ([key, value]: readonly [Token, Token]): boolean =>
  key.kind === 'scalar' &&
  (TIMESTAMP_KEYS.has(key.text) || (key.text === '_variants' && value.kind === 'list' && value.items.length === 0));

// AppConfig writes the numbers of feature flags in its own form.
const MAX_EXACT_DIGITS = 15;

const normalizeFlags = (token: Token): Token => {
  if (token.kind === 'list') return { ...token, items: token.items.map(normalizeFlags) };
  if (token.kind === 'map') {
    const entries = token.entries.filter((entry) => !isServiceEntry(entry));
    return { ...token, entries: entries.map(([key, value]) => [key, normalizeFlags(value)] as const) };
  }
  const { value, text } = token;
  if (typeof value !== 'number' || text.replace(/\D/g, '').length > MAX_EXACT_DIGITS) return token;
  return { ...token, text: String(value) };
};

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

const computeDigest = (documents: readonly YamlDocument[], type: ProfileType): string => {
  const canonicalizer = new Canonicalizer();
  const canonical = documents.map(({ root, version = '' }) => {
    const token = type === 'AWS.AppConfig.FeatureFlags' ? normalizeFlags(root) : root;
    return [version, canonicalizer.canonicalize(token)];
  });
  return hash(JSON.stringify(canonical));
};

/** Creates content from text and the documents that it holds; no documents for plain text. */
export const createParsedContent = (
  text: string,
  { format, documents }: { readonly format: Format; readonly documents: readonly YamlDocument[] },
  type: ProfileType,
): Content => ({
  text,
  format,
  contentType: CONTENT_TYPES[format],
  digest: format === 'text' ? hash(text) : computeDigest(documents, type),
});

/** Throws `invalid-input` for text that does not parse as its format. */
export const createContent = (text: string, format: Format, type: ProfileType): Content =>
  createParsedContent(text, { format, documents: format === 'text' ? [] : parseDocuments(text, format) }, type);

/** Content of a deployed version; undefined for text that does not parse as its content type. */
export const parseDeployedContent = (text: string, contentType: string, type: ProfileType): Content | undefined => {
  try {
    return createContent(text, parseContentType(contentType), type);
  } catch {
    return undefined;
  }
};
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
