import { nearest } from '@aws-delivery/action-kit/nearest';
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { TemplateError } from './error.js';
import { argumentOf, longFormOf, shortTags } from './tag.js';
import { isList, isMapping, type Mapping, type Path, type Value } from './value.js';

/** A place in a text; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A template's text once read: its value with short tags in long form, and where each part of it stands. */
export interface Source {
  readonly format: 'json' | 'yaml';
  readonly value: Value;
  /** The place of a part, or of the nearest part around it that is in the text; undefined for the whole. */
  positionOf(path: Path): Position | undefined;
}

/** CloudFormation takes templates up to 1 MB (through S3); aws-facts §1.8. */
const LARGEST_TEXT = 1_048_576;
/** What aliases may blow a text up to: far above what 500 resources need, far below what hurts. */
const MOST_VALUES = 500_000;
/** An alias inside its own anchor never ends. */
const DEEPEST = 200;

type Places = WeakMap<object, ReadonlyMap<string | number, number>>;

/** Walks the nodes of a document into values, and remembers where each stood. */
class Reader {
  readonly places: Places = new WeakMap();
  #values = 0;
  #depth = 0;

  constructor(
    private readonly document: Document.Parsed,
    private readonly lines: LineCounter,
  ) {}

  read(node: unknown): Value {
    this.#values += 1;
    this.#depth += 1;
    if (this.#values > MOST_VALUES || this.#depth > DEEPEST) {
      const limit = `at most ${MOST_VALUES} values, ${DEEPEST} levels deep`;
      throw new TemplateError('syntax', `the template grows beyond bounds (${limit}): do not nest aliases`);
    }
    const value = isAlias(node) ? this.read(node.resolve(this.document)) : this.#tagged(node);
    this.#depth -= 1;
    return value;
  }

  #tagged(node: unknown): Value {
    const tag = isNode(node) ? node.tag : undefined;
    if (!isNode(node) || tag === undefined || !tag.startsWith('!')) return this.#untagged(node);
    const offset = offsetOf(node);
    const key = longFormOf(tag);
    if (key !== undefined) return this.#mark({ [key]: argumentOf(key, this.#untagged(node)) }, [[key, offset]]);
    const near = nearest(tag, shortTags);
    const remedy = near === undefined ? 'use one of its functions' : `did you mean ${near.name}`;
    const position = positionAt(this.lines, offset);
    throw new TemplateError('syntax', `${tag} is not a tag of CloudFormation: ${remedy}`, { position });
  }

  #untagged(node: unknown): Value {
    if (isSeq(node)) {
      const value = node.items.map((item) => this.read(item));
      return this.#mark(
        value,
        node.items.map((item, index) => [index, offsetOf(item)]),
      );
    }
    if (isMap(node)) {
      const keys = node.items.map(({ key }) => String(this.read(key)));
      const value: Mapping = Object.fromEntries(node.items.map((pair, index) => [keys[index], this.read(pair.value)]));
      return this.#mark(
        value,
        node.items.map(({ key }, index) => [keys[index] ?? '', offsetOf(key)]),
      );
    }
    return isScalar(node) ? scalarOf(node.value, node.source) : null;
  }

  #mark<V extends object>(value: V, places: readonly (readonly [string | number, number])[]): V {
    this.places.set(value, new Map(places));
    return value;
  }
}

const offsetOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);

const positionAt = (lines: LineCounter, offset: number): Position => {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
};

/** Account ids keep their leading zeros and versions their last one: a number that would read otherwise stays text. */
const scalarOf = (value: unknown, source: string | undefined): Value => {
  if (typeof value === 'number') return source === undefined || String(value) === source ? value : source;
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
};

const locate = (root: Value, places: Places, path: Path): number | undefined => {
  let value: Value | undefined = root;
  let offset: number | undefined;
  for (const step of path) {
    if (!isList(value) && !isMapping(value)) return offset;
    const found = places.get(value)?.get(step);
    if (found === undefined) return offset;
    offset = found;
    value = isList(value) ? value[Number(step)] : value[step];
  }
  return offset;
};

const parseText = (text: string, lines: LineCounter): Document.Parsed => {
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'silent', schema: 'core' });
  const [error] = document.errors;
  if (error === undefined) return document;
  const [summary = ''] = error.message.split(/ at line \d+, column \d+/);
  throw new TemplateError('syntax', `${summary.charAt(0).toLowerCase()}${summary.slice(1)}`, {
    position: positionAt(lines, error.pos[0]),
    cause: error,
  });
};

/**
 * Reads a template's text. YAML contains JSON, so that one reader gives both their positions.
 * @throws TemplateError `syntax`, with the position, for what is neither.
 */
export const parseSource = (text: string): Source => {
  const size = Buffer.byteLength(text);
  if (size > LARGEST_TEXT) {
    throw new TemplateError('syntax', `the template has ${size} bytes, CloudFormation takes ${LARGEST_TEXT}: split it`);
  }
  const lines = new LineCounter();
  const document = parseText(text, lines);
  const reader = new Reader(document, lines);
  const value = reader.read(document.contents);
  return {
    format: text.trimStart().startsWith('{') ? 'json' : 'yaml',
    value,
    positionOf: (path) => {
      const offset = locate(value, reader.places, path);
      return offset === undefined ? undefined : positionAt(lines, offset);
    },
  };
};
