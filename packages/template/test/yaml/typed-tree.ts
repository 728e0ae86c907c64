import { resolveEntries } from '../../src/yaml/merge.js';
import { resolveAlias, type YamlNode } from '../../src/yaml/node.js';
import { parseYaml } from '../../src/yaml/parser.js';
import { resolveScalar } from '../../src/yaml/scalar-type.js';

/** The form of the oracle: `["str", "a"]`, `["map", [[key, value]]]`. */
export type TypedTree = readonly unknown[];

const getDoubleBits = (value: number): string => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16);
};

const TIME =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(\.\d*)?[ \t]*(?:(Z)|([-+])(\d\d?)(?::(\d\d))?)?)?$/u;

const parseTime = (text: string): number => {
  const [, year, month, day, hour, minute, second, fraction = '', , sign = '+', zoneHour, zoneMinute] =
    TIME.exec(text) ?? [];
  const local = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour ?? 0),
    Number(minute ?? 0),
    Number(second ?? 0),
  );
  const offset = (Number(zoneHour ?? 0) * 60 + Number(zoneMinute ?? 0)) * 60_000;
  return local + Math.round(Number(`0${fraction}`) * 1000) + (sign === '-' ? offset : -offset);
};

const toContent = (node: YamlNode, ancestors: readonly YamlNode[]): TypedTree => {
  const target = resolveAlias(node);
  if (target.kind === 'sequence') return ['seq', target.items.map((item) => toTree(item, [...ancestors, target]))];
  if (target.kind === 'mapping') {
    const { entries } = resolveEntries(target);
    return ['map', entries.map(({ key, value }) => [toTree(key, ancestors), toTree(value, [...ancestors, target])])];
  }
  const scalar = resolveScalar(target);
  if (scalar.type === 'null') return ['null'];
  if (scalar.type === 'merge') return ['merge'];
  if (scalar.type === 'int') return ['int', String(scalar.value)];
  if (scalar.type === 'float') return ['float', getDoubleBits(scalar.value)];
  if (scalar.type === 'timestamp') return ['time', parseTime(scalar.value)];
  return [scalar.type, scalar.value];
};

const toTree = (node: YamlNode, ancestors: readonly YamlNode[] = []): TypedTree => {
  const { tag } = resolveAlias(node);
  const content = toContent(node, ancestors);
  return tag?.startsWith('!') && tag !== '!' ? ['tag', tag, content] : content;
};

/** Orders entries, since the order of keys has no meaning. */
export const sortTree = (tree: TypedTree): TypedTree => {
  const [type, content, tagged] = tree;
  if (type === 'tag') return ['tag', content, sortTree(tagged as TypedTree)];
  if (type === 'seq') return ['seq', (content as TypedTree[]).map(sortTree)];
  if (type !== 'map') return tree;
  const entries = (content as [TypedTree, TypedTree][]).map(([key, value]) => [sortTree(key), sortTree(value)]);
  return ['map', entries.sort((a, b) => (JSON.stringify(a[0]) < JSON.stringify(b[0]) ? -1 : 1))];
};

/** The tree of a text as this package reads it; undefined if it is rejected. */
export const readTree = (text: string): TypedTree | undefined => {
  try {
    const root = parseYaml(text);
    return root === undefined ? ['null'] : sortTree(toTree(root));
  } catch {
    return undefined;
  }
};
