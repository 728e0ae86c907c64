import { suggestClosest } from '@aws-delivery/action-kit/util/closest-match';
import { TemplateError } from './error.js';
import { findLongForm, normalizeArgument, SHORT_TAGS } from './short-tags.js';
import { isList, isMapping, type Path, type Position, type Value } from './value.js';
import { resolveEntries } from './yaml/merge.js';
import { type MappingNode, resolveAlias, type ScalarNode, type YamlNode } from './yaml/node.js';
import { parseYaml } from './yaml/parser.js';
import { resolveScalar } from './yaml/scalar-type.js';

/** Something in a template that CloudFormation may reject, or reads in a way that may surprise. */
export interface TemplateWarning {
  /** `unchecked`: a check was skipped. */
  readonly code: 'duplicate-key' | 'unknown-tag' | 'unknown-section' | 'unchecked';
  readonly message: string;
  readonly position: Position | undefined;
}

/** A parsed template: its value with short tags in long form, and the position of each part in the text. */
export interface TemplateDocument {
  readonly format: 'json' | 'yaml';
  readonly value: Value;
  /** Root node; undefined for an empty text. */
  readonly root: YamlNode | undefined;
  /** Whether the text has anchors, aliases or merge keys, which are resolved in `value`. */
  readonly hasAliases: boolean;
  /** Whether one of them changes the value: an alias or a merge key. */
  readonly usesAliases: boolean;
  /** Duplicate keys and unknown tags. */
  readonly warnings: readonly TemplateWarning[];
  /** The position of a part, or of the nearest enclosing part found in the text; undefined for the root. */
  getPosition(path: Path): Position | undefined;
}

export interface DocumentOptions {
  /** `source` keeps numbers and booleans that are written in another way: `007` stays a string. Default: `typed`. */
  readonly scalars?: 'typed' | 'source';
}

/** CloudFormation's limit for a template in S3 (docs/aws-facts.md §1.8). */
const MAX_TEMPLATE_BYTES = 1_048_576;
/** Bounds the expansion of YAML aliases: far above the needs of 500 resources, far below what exhausts memory. */
const MAX_VALUES = 500_000;
/** Stops the expansion of an alias inside its own anchor. */
const MAX_DEPTH = 200;

/** Finds the offset of a part of a value by its key or index; undefined if there is no such part. */
type PartFinder = (step: string | number) => number | undefined;
type PartOffsets = WeakMap<object, PartFinder>;

/** Finds line and column of offsets in a text. */
class LineIndex {
  private lineStarts: readonly number[] | undefined;

  constructor(private readonly text: string) {}

  locate(offset: number): Position {
    this.lineStarts ??= this.findLineStarts();
    let [low, high] = [0, this.lineStarts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.lineStarts[low] ?? 0) + 1 };
  }

  private findLineStarts(): readonly number[] {
    return [0, ...[...this.text.matchAll(/\r\n|\r|\n/gu)].map((match) => match.index + match[0].length)];
  }
}

/** Converts YAML nodes to values and records where the parts of each are in the text. */
class DocumentReader {
  readonly offsets: PartOffsets = new WeakMap();
  readonly warnings: TemplateWarning[] = [];
  hasAnchors = false;
  usesAliases = false;
  private valueCount = 0;
  private depth = 0;
  private readonly warnedOffsets = new Set<number>();

  constructor(
    private readonly lines: LineIndex,
    private readonly scalars: 'typed' | 'source',
  ) {}

  read(node: YamlNode): Value {
    this.valueCount += 1;
    this.depth += 1;
    if (this.valueCount > MAX_VALUES || this.depth > MAX_DEPTH) {
      const limit = `${MAX_VALUES} values or ${MAX_DEPTH} levels`;
      throw new TemplateError('syntax', `the template has more than ${limit}: do not nest aliases`);
    }
    this.recordReference(node);
    const value = this.readTagged(resolveAlias(node));
    this.depth -= 1;
    return value;
  }

  private readTagged(node: YamlNode): Value {
    const { tag } = node;
    if (tag === undefined || tag === '!' || !tag.startsWith('!')) return this.readUntagged(node);
    const offset = getTagOffset(node);
    const key = findLongForm(tag);
    if (key !== undefined)
      return this.record({ [key]: normalizeArgument(key, this.readUntagged(node)) }, (step) =>
        step === key ? offset : undefined,
      );
    const suggestion = suggestClosest(tag, SHORT_TAGS);
    const hint =
      suggestion === undefined ? 'use the short form of an intrinsic function' : `did you mean ${suggestion.name}`;
    this.warn('unknown-tag', offset, `CloudFormation does not support the tag ${tag}: ${hint}`);
    return this.record({ [tag]: this.readUntagged(node) }, (step) => (step === tag ? offset : undefined));
  }

  private readUntagged(node: YamlNode): Value {
    if (node.kind === 'sequence') {
      const value = node.items.map((item) => this.read(item));
      return this.record(value, (step) => {
        const item = node.items[Number(step)];
        return item === undefined ? undefined : getOffset(item);
      });
    }
    if (node.kind === 'mapping') return this.readMapping(node);
    return node.kind === 'scalar' ? this.toScalar(node) : null;
  }

  private readMapping(node: MappingNode): Value {
    const { entries, overridden, hasMergeKey } = resolveEntries(node);
    this.usesAliases ||= hasMergeKey;
    for (const { key } of overridden) this.warnDuplicate(key);
    const value: Record<string, Value> = {};
    for (const { key, value: child } of entries) {
      this.recordReference(key);
      setOwn(value, this.formatKey(key), this.read(child));
    }
    return this.record(value, (step) => {
      const entry = entries.find(({ key }) => this.formatKey(key) === step);
      return entry === undefined ? undefined : getOffset(entry.key);
    });
  }

  private recordReference(node: YamlNode): void {
    this.usesAliases ||= node.kind === 'alias';
    this.hasAnchors ||= node.anchor !== undefined;
  }

  /** The name of a key. Templates have no keys other than scalars. */
  private formatKey(node: YamlNode): string {
    const key = resolveAlias(node);
    return key.kind === 'scalar' ? String(this.toScalar(key)) : `(${key.kind})`;
  }

  private warnDuplicate(key: YamlNode): void {
    this.warn(
      'duplicate-key',
      getOffset(key),
      `the key ${this.formatKey(key)} is set more than once: the last value is used`,
    );
  }

  /** A part that is read through several aliases has one warning. */
  private warn(code: TemplateWarning['code'], offset: number, message: string): void {
    if (this.warnedOffsets.has(offset)) return;
    this.warnedOffsets.add(offset);
    this.warnings.push({ code, message, position: this.lines.locate(offset) });
  }

  private toScalar(node: ScalarNode): Value {
    const scalar = resolveScalar(node);
    if (scalar.type === 'null') return null;
    if (scalar.type === 'str' || scalar.type === 'timestamp' || scalar.type === 'merge') return node.value;
    const value = scalar.type === 'int' ? Number(scalar.value) : scalar.value;
    const isExact =
      typeof value === 'boolean' || (scalar.type === 'int' ? Number.isSafeInteger(value) : Number.isFinite(value));
    return isExact && (this.scalars === 'typed' || String(value) === node.value) ? value : node.value;
  }

  private record<V extends object>(value: V, findPart: PartFinder): V {
    this.offsets.set(value, findPart);
    return value;
  }
}

/** Sets a member that is not inherited, also for the name `__proto__`. */
const setOwn = (target: Record<string, Value>, key: string, value: Value): void => {
  if (key === '__proto__') Object.defineProperty(target, key, { value, enumerable: true });
  else target[key] = value;
};

/** Offset of a node, its anchor and tag included as far as known. */
const getOffset = (node: YamlNode): number => Math.min(getTagOffset(node), node.anchor?.start ?? node.start);

const getTagOffset = ({ tagStart, start }: YamlNode): number => tagStart ?? start;

const locateOffset = (root: Value, offsets: PartOffsets, path: Path): number | undefined => {
  let value: Value | undefined = root;
  let offset: number | undefined;
  for (const step of path) {
    if (!isList(value) && !isMapping(value)) return offset;
    const found = offsets.get(value)?.(step);
    if (found === undefined) return offset;
    offset = found;
    value = isList(value) ? value[Number(step)] : value[step];
  }
  return offset;
};

/**
 * Parses a template in YAML or JSON, as SnakeYAML does, which CloudFormation uses. JSON is read as YAML, so that both
 * have positions.
 * @throws TemplateError `syntax`, with the position
 */
export const parseTemplateDocument = (text: string, { scalars = 'typed' }: DocumentOptions = {}): TemplateDocument => {
  const size = Buffer.byteLength(text);
  if (size > MAX_TEMPLATE_BYTES) {
    throw new TemplateError(
      'syntax',
      `the template has ${size} bytes, CloudFormation allows ${MAX_TEMPLATE_BYTES}: split it`,
    );
  }
  const format = /^\s*[[{]/u.test(text) ? 'json' : 'yaml';
  const root = parseYaml(text, { isJson: format === 'json' });
  const lines = new LineIndex(text);
  const reader = new DocumentReader(lines, scalars);
  const value = root === undefined ? null : reader.read(root);
  return {
    format,
    value,
    root,
    hasAliases: reader.usesAliases || reader.hasAnchors,
    usesAliases: reader.usesAliases,
    warnings: reader.warnings,
    getPosition: (path) => {
      const offset = locateOffset(value, reader.offsets, path);
      return offset === undefined ? undefined : lines.locate(offset);
    },
  };
};
