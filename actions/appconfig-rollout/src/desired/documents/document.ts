import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument as parseYamlDocument } from 'yaml';
import { MAX_FILE_BYTES } from '../workspace-files.js';
import { readJson } from './json-reader.js';
import { assertWithinLimits } from './measure.js';
import { MergeKeyResolver } from './merge-tokens.js';
import type { Token } from './token.js';
import { readYaml, type YamlDocument } from './yaml-reader.js';

/** Bounds of parsing: characters after aliases are expanded, levels of nesting, bytes. */
export const LIMITS = { length: MAX_FILE_BYTES, depth: 64, bytes: MAX_FILE_BYTES } as const;

export type Format = 'json' | 'yaml' | 'text';

const FORMATS_BY_EXTENSION: Readonly<Record<string, Format>> = { '.json': 'json', '.yaml': 'yaml', '.yml': 'yaml' };

/** The format of a file by its extension. */
export const detectFormat = (file: string): Format =>
  FORMATS_BY_EXTENSION[/\.[^./]+$/.exec(file)?.[0].toLowerCase() ?? ''] ?? 'text';

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  json: 'application/json',
  yaml: 'application/x-yaml',
  text: 'text/plain',
};

export const parseContentType = (type: string): Format => {
  if (type.includes('json')) return 'json';
  return type.includes('yaml') ? 'yaml' : 'text';
};

// JSON.parse and the YAML parser are recursive: brackets are counted before they overflow the stack.
const rejectDeepNesting = (text: string): void => {
  let depth = 0;
  for (const character of text) {
    if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth > 8 * LIMITS.depth)
      throw new DeliveryError('invalid-input', `is nested deeper than ${LIMITS.depth} levels: flatten it`);
  }
};

/** Columns at which a line opens a level: its indentation, and one after each dash it starts with. */
const listIndentationLevels = (line: string): readonly number[] => {
  const [, spaces = '', dashes = ''] = /^( *)((?:[-?] +)*)/.exec(line) ?? [];
  const dashColumns = [...dashes.matchAll(/[-?] +/g)].map(({ index, 0: dash }) => spaces.length + index + dash.length);
  return [spaces.length, ...dashColumns];
};

// The YAML parser is recursive, and indentation opens levels, too.
const rejectDeepIndentation = (text: string): void => {
  const levels: number[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const [indentation = 0, ...more] = listIndentationLevels(line);
    while ((levels.at(-1) ?? -1) >= indentation) levels.pop();
    levels.push(indentation, ...more);
    if (levels.length > 8 * LIMITS.depth)
      throw new DeliveryError('invalid-input', `is nested deeper than ${LIMITS.depth} levels: flatten it`);
  }
};

const parse = (text: string, format: 'json' | 'yaml'): readonly YamlDocument[] => {
  if (Buffer.byteLength(text) > LIMITS.bytes)
    throw new DeliveryError('invalid-input', `is larger than ${LIMITS.bytes} bytes: reduce its size`);
  rejectDeepNesting(text);
  if (format === 'yaml') rejectDeepIndentation(text);
  const documents = format === 'json' ? [{ root: readJson(text), version: undefined }] : readYaml(text);
  for (const { root } of documents) assertWithinLimits(root, LIMITS);
  return documents;
};

/** Characters of texts whose documents are retained; they take about twenty times as many bytes. */
const MAX_RECENT_LENGTH = 2 * 1024 * 1024;

/** Documents of the texts that were parsed last: a text is validated first, and compared later. */
class RecentDocuments {
  private readonly documents = new Map<string, readonly YamlDocument[]>();
  private length = 0;

  get(key: string): readonly YamlDocument[] | undefined {
    return this.documents.get(key);
  }

  add(key: string, documents: readonly YamlDocument[]): void {
    this.documents.set(key, documents);
    this.length += key.length;
    for (const oldest of this.documents.keys()) {
      if (this.length <= MAX_RECENT_LENGTH) break;
      this.documents.delete(oldest);
      this.length -= oldest.length;
    }
  }
}

const recentDocuments = { json: new RecentDocuments(), yaml: new RecentDocuments() };

/**
 * Parses JSON, or all documents of a YAML stream. Throws `invalid-input` for text that is malformed, too large or too
 * deep, or expands too far.
 */
export const parseDocuments = (text: string, format: 'json' | 'yaml'): readonly YamlDocument[] => {
  const recent = recentDocuments[format].get(text);
  if (recent !== undefined) return recent;
  const documents = parse(text, format);
  recentDocuments[format].add(text, documents);
  return documents;
};

const formatKey = (key: Token): string => {
  if (key.kind === 'scalar') return key.text;
  return JSON.stringify(toPlainValue(key));
};

/** The value of a document whose merge keys are resolved. */
export const toPlainValue = (token: Token): unknown => {
  if (token.kind === 'scalar') return token.value;
  if (token.kind === 'list') return token.items.map(toPlainValue);
  return Object.fromEntries(token.entries.map(([key, value]) => [formatKey(key), toPlainValue(value)]));
};

/** The value of a document in YAML 1.2 or JSON, with merge keys resolved. */
export const toValue = (token: Token): unknown => toPlainValue(new MergeKeyResolver().resolve(token));

/** Parses a text with one document, and returns its value. Throws like `parseDocuments`, and for several documents. */
export const parseValue = (text: string, format: 'json' | 'yaml'): unknown => {
  const [document, ...more] = parseDocuments(text, format);
  if (more.length > 0)
    throw new DeliveryError('invalid-input', `contains ${more.length + 1} YAML documents: keep one of them`);
  return document === undefined ? null : toValue(document.root);
};

/** JSON with sorted keys: equal for values that differ only in the order of keys. */
export const stringifyCanonical = (value: unknown): string =>
  JSON.stringify(value, (_key, each: unknown) =>
    isRecord(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
  ) ?? 'null';

/** Finds lines of a JSON or YAML text by path; parses it once, and indexes each map once. */
export class LineFinder {
  private readonly lines = new LineCounter();
  private readonly root: unknown;
  private readonly indexes = new Map<unknown, ReadonlyMap<string, unknown>>();

  constructor(text: string) {
    const options = { uniqueKeys: false, lineCounter: this.lines, logLevel: 'silent' } as const;
    this.root = parseYamlDocument(text, options).contents;
  }

  /** The line (from 1) of a path, or of its nearest parent. */
  find(path: readonly (string | number)[]): number | undefined {
    let node = this.root;
    let line: number | undefined;
    for (const part of path) {
      node = this.getChild(node, part);
      if (!isNode(node)) break;
      line = this.getLine(node) ?? line;
    }
    return line;
  }

  private getLine({ range }: Node): number | undefined {
    return range ? this.lines.linePos(range[0]).line : undefined;
  }

  private getChild(node: unknown, part: string | number): unknown {
    if (isSeq(node)) return node.items[Number(part)];
    if (!isMap(node)) return undefined;
    const index =
      this.indexes.get(node) ??
      new Map(node.items.map(({ key, value }) => [isScalar(key) ? (key.source ?? String(key.value)) : '', value]));
    this.indexes.set(node, index);
    return index.get(String(part));
  }
}
