import { isRecord } from '@aws-delivery/action-kit/util/is-record';

/** A list in a document whose items are created when they are written. */
export class LazyList {
  constructor(readonly items: Iterable<unknown>) {}
}

/** A value as indented JSON at a depth: lists around it indent it in one step, and are cut off. */
const stringifyAt = (value: unknown, indent: number, depth: number): string => {
  let nested = value;
  for (let level = 0; level < depth; level += 1) nested = [nested];
  // Each list has a bracket and a line break at either end, and indents the line of what it contains.
  const start = 2 * depth + (indent * depth * (depth + 1)) / 2;
  const end = 2 * depth + (indent * depth * (depth - 1)) / 2;
  const text = JSON.stringify(nested, null, indent);
  return text.slice(start, text.length - end);
};

/**
 * Renders a document as indented JSON, piece by piece, so that the text of a long list never exists as a whole. Lazy
 * lists may be members of objects on all levels above them, and items of other lazy lists.
 */
export function* renderJson(value: unknown, indent: number, depth = 0): Generator<string> {
  const outerLine = `\n${' '.repeat(indent * depth)}`;
  const innerLine = `\n${' '.repeat(indent * (depth + 1))}`;
  if (value instanceof LazyList) {
    let separator = '[';
    for (const item of value.items) {
      yield `${separator}${innerLine}`;
      yield* renderJson(item, indent, depth + 1);
      separator = ',';
    }
    yield separator === '[' ? '[]' : `${outerLine}]`;
  } else if (isRecord(value) && Object.values(value).some((member) => member instanceof LazyList)) {
    let separator = '{';
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined) continue;
      yield `${separator}${innerLine}${JSON.stringify(name)}: `;
      yield* renderJson(member, indent, depth + 1);
      separator = ',';
    }
    yield `${outerLine}}`;
  } else yield stringifyAt(value, indent, depth);
}
