import { TemplateError } from '../error.js';
import { type Entry, type MappingNode, resolveAlias, type YamlNode } from './node.js';
import { resolveScalar } from './scalar-type.js';

/** The entries of a mapping after merge keys and duplicate keys were resolved. */
export interface ResolvedEntries {
  readonly entries: readonly Entry[];
  /** Entries that a later one with the same key overrides. */
  readonly overridden: readonly Entry[];
  readonly hasMergeKey: boolean;
}

/** Merged mappings may be nested; a deeper nesting is taken for a cycle. */
const MAX_MERGE_DEPTH = 50;

const isMergeKey = (node: YamlNode): boolean => {
  const key = resolveAlias(node);
  return key.kind === 'scalar' && key.value === '<<' && resolveScalar(key).type === 'merge';
};

/** A string that is equal for equal keys. Keys that are collections are never equal. */
const getKeyIdentity = (node: YamlNode, index: number): string => {
  const key = resolveAlias(node);
  if (key.kind !== 'scalar') return `\0#${index}`;
  const scalar = resolveScalar(key);
  if (scalar.type === 'str') return scalar.value;
  return `\0${scalar.type}:${'value' in scalar ? scalar.value : ''}`;
};

/** Whether a mapping has neither merge keys nor duplicates, as nearly all. */
const hasDistinctKeys = ({ entries }: MappingNode): boolean => {
  if (entries.some(({ key }) => isMergeKey(key))) return false;
  return new Set(entries.map(({ key }, index) => getKeyIdentity(key, index))).size === entries.length;
};

const listMergedMappings = (value: YamlNode): readonly MappingNode[] => {
  const source = resolveAlias(value);
  const sources = source.kind === 'sequence' ? source.items.map(resolveAlias) : [source];
  return sources.map((mapping) => {
    if (mapping.kind === 'mapping') return mapping;
    throw new TemplateError('syntax', "the merge key '<<' requires a mapping or a list of mappings");
  });
};

/**
 * Resolves merge keys and duplicates: the last of two equal keys wins, and a key of the mapping itself wins over a
 * merged one.
 * @throws TemplateError `syntax` for a merge key whose value is not a mapping
 */
export const resolveEntries = (mapping: MappingNode, depth = 0): ResolvedEntries => {
  if (hasDistinctKeys(mapping)) return { entries: mapping.entries, overridden: [], hasMergeKey: false };
  const own = new Map<string, Entry>();
  const overridden: Entry[] = [];
  const mergeValues: YamlNode[] = [];
  for (const [index, entry] of mapping.entries.entries()) {
    if (isMergeKey(entry.key)) {
      mergeValues.push(entry.value);
      continue;
    }
    const identity = getKeyIdentity(entry.key, index);
    const earlier = own.get(identity);
    if (earlier !== undefined) overridden.push(earlier);
    own.set(identity, entry);
  }
  if (mergeValues.length === 0) return { entries: [...own.values()], overridden, hasMergeKey: false };
  if (depth > MAX_MERGE_DEPTH) throw new TemplateError('syntax', "the merge keys '<<' form a cycle");
  for (const merged of mergeValues.flatMap(listMergedMappings)) {
    for (const [index, entry] of resolveEntries(merged, depth + 1).entries.entries()) {
      const identity = getKeyIdentity(entry.key, index);
      if (!own.has(identity)) own.set(identity, entry);
    }
  }
  return { entries: [...own.values()], overridden, hasMergeKey: true };
};
