import { suggestClosest } from '@aws-delivery/action-kit/util/closest-match';
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { TemplateError } from './error.js';
import { findLongForm, normalizeArgument, SHORT_TAGS } from './short-tags.js';
import { isList, isMapping, type Mapping, type Path, type Position, type Value } from './value.js';

/** A parsed template: its value with short tags in long form, and the position of each part in the text. */
export interface TemplateDocument {
  readonly format: 'json' | 'yaml';
  readonly value: Value;
  /** The position of a part, or of the nearest enclosing part found in the text; undefined for the root. */
  getPosition(path: Path): Position | undefined;
}

/** CloudFormation's limit for a template in S3 (docs/aws-facts.md §1.8). */
const MAX_TEMPLATE_BYTES = 1_048_576;
/** Bounds the expansion of YAML aliases: far above the needs of 500 resources, far below what exhausts memory. */
const MAX_VALUES = 500_000;
/** Stops the expansion of an alias inside its own anchor. */
const MAX_DEPTH = 200;

type PartOffsets = WeakMap<object, ReadonlyMap<string | number, number>>;

/** Converts YAML nodes to values and records the offset of each part in the text. */
class DocumentReader {
  readonly offsets: PartOffsets = new WeakMap();
  private valueCount = 0;
  private depth = 0;

  constructor(
    private readonly document: Document.Parsed,
    private readonly lines: LineCounter,
  ) {}

  read(node: unknown): Value {
    this.valueCount += 1;
    this.depth += 1;
    if (this.valueCount > MAX_VALUES || this.depth > MAX_DEPTH) {
      const limit = `${MAX_VALUES} values or ${MAX_DEPTH} levels`;
      throw new TemplateError('syntax', `the template has more than ${limit}: do not nest aliases`);
    }
    const value = isAlias(node) ? this.read(node.resolve(this.document)) : this.readTagged(node);
    this.depth -= 1;
    return value;
  }

  private readTagged(node: unknown): Value {
    const tag = isNode(node) ? node.tag : undefined;
    if (!isNode(node) || tag === undefined || !tag.startsWith('!')) return this.readUntagged(node);
    const offset = getOffset(node);
    const key = findLongForm(tag);
    if (key !== undefined)
      return this.recordOffsets({ [key]: normalizeArgument(key, this.readUntagged(node)) }, [[key, offset]]);
    const suggestion = suggestClosest(tag, SHORT_TAGS);
    const hint =
      suggestion === undefined ? 'use the short form of an intrinsic function' : `did you mean ${suggestion.name}`;
    const position = toPosition(this.lines, offset);
    throw new TemplateError('syntax', `CloudFormation does not support the tag ${tag}: ${hint}`, { position });
  }

  private readUntagged(node: unknown): Value {
    if (isSeq(node)) {
      const value = node.items.map((item) => this.read(item));
      return this.recordOffsets(
        value,
        node.items.map((item, index) => [index, getOffset(item)]),
      );
    }
    if (isMap(node)) {
      const keys = node.items.map(({ key }) => String(this.read(key)));
      const value: Mapping = Object.fromEntries(node.items.map((pair, index) => [keys[index], this.read(pair.value)]));
      return this.recordOffsets(
        value,
        node.items.map(({ key }, index) => [keys[index] ?? '', getOffset(key)]),
      );
    }
    return isScalar(node) ? toScalar(node.value, node.source) : null;
  }

  private recordOffsets<V extends object>(value: V, offsets: readonly (readonly [string | number, number])[]): V {
    this.offsets.set(value, new Map(offsets));
    return value;
  }
}

const getOffset = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);

const toPosition = (lines: LineCounter, offset: number): Position => {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
};

/** A number keeps its source text when printing it would lose digits: account ids (`0123…`) and versions (`1.10`). */
const toScalar = (value: unknown, source: string | undefined): Value => {
  if (typeof value === 'number') return source === undefined || String(value) === source ? value : source;
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
};

const locateOffset = (root: Value, offsets: PartOffsets, path: Path): number | undefined => {
  let value: Value | undefined = root;
  let offset: number | undefined;
  for (const step of path) {
    if (!isList(value) && !isMapping(value)) return offset;
    const found = offsets.get(value)?.get(step);
    if (found === undefined) return offset;
    offset = found;
    value = isList(value) ? value[Number(step)] : value[step];
  }
  return offset;
};

const parseYaml = (text: string, lines: LineCounter): Document.Parsed => {
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'silent', schema: 'core' });
  const [error] = document.errors;
  if (error === undefined) return document;
  const [summary = ''] = error.message.split(/ at line \d+, column \d+/);
  throw new TemplateError('syntax', `${summary.charAt(0).toLowerCase()}${summary.slice(1)}`, {
    position: toPosition(lines, error.pos[0]),
    cause: error,
  });
};

/**
 * Parses a template in YAML or JSON. JSON is read as YAML, so that both have positions.
 * @throws TemplateError `syntax`, with the position
 */
export const parseTemplateDocument = (text: string): TemplateDocument => {
  const size = Buffer.byteLength(text);
  if (size > MAX_TEMPLATE_BYTES) {
    throw new TemplateError(
      'syntax',
      `the template has ${size} bytes, CloudFormation allows ${MAX_TEMPLATE_BYTES}: split it`,
    );
  }
  const lines = new LineCounter();
  const document = parseYaml(text, lines);
  const reader = new DocumentReader(document, lines);
  const value = reader.read(document.contents);
  return {
    format: text.trimStart().startsWith('{') ? 'json' : 'yaml',
    value,
    getPosition: (path) => {
      const offset = locateOffset(value, reader.offsets, path);
      return offset === undefined ? undefined : toPosition(lines, offset);
    },
  };
};
