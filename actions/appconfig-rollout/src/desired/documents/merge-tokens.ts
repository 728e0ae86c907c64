import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import {
  Canonicalizer,
  type CollectionToken,
  formatKeyIdentity,
  isMergeKey,
  isNull,
  type MapToken,
  type Token,
} from './token.js';

type Entry = MapToken['entries'][number];

const createMergeError = (): DeliveryError =>
  new DeliveryError('invalid-input', "contains a merge key '<<' whose value is not a map or a list of maps");

/** Replaces merge keys (`<<`) by the entries that they merge. Shared nodes stay shared. */
export class MergeKeyResolver {
  private readonly cache = new Map<CollectionToken, Token>();
  private readonly canonicalizer = new Canonicalizer();

  resolve(token: Token): Token {
    if (token.kind === 'scalar') return token;
    const cached = this.cache.get(token);
    if (cached !== undefined) return cached;
    const resolved: Token =
      token.kind === 'list'
        ? { ...token, items: token.items.map((item) => this.resolve(item)) }
        : { ...token, entries: this.resolveEntries(token) };
    this.cache.set(token, resolved);
    return resolved;
  }

  private resolveEntries({ entries }: MapToken): readonly Entry[] {
    const own = entries.filter(([key]) => !isMergeKey(key)).map(([key, value]): Entry => [key, this.resolve(value)]);
    if (own.length === entries.length) return own;
    // Own keys win over merged ones, and earlier maps over later ones.
    const merged = new Map<string, Entry>();
    const add = (entry: Entry): void => {
      const name = formatKeyIdentity(entry[0], this.canonicalizer);
      if (!merged.has(name)) merged.set(name, entry);
    };
    for (const [key, value] of entries) if (isMergeKey(key)) for (const entry of this.listMerged(value)) add(entry);
    for (const entry of own) merged.set(formatKeyIdentity(entry[0], this.canonicalizer), entry);
    return [...merged.values()];
  }

  private listMerged(value: Token): readonly Entry[] {
    const sources = value.kind === 'list' ? value.items : [value];
    return sources.flatMap((source) => {
      const resolved = this.resolve(source);
      if (resolved.kind !== 'map') throw createMergeError();
      return resolved.entries;
    });
  }
}

export interface MergeOptions {
  /** The name of a key in the target format: keys with the same name are the same key. */
  readonly getKeyName: (key: Token) => string;
}

const mergeMaps = (base: MapToken | undefined, override: MapToken, options: MergeOptions): MapToken => {
  const { getKeyName } = options;
  const merged = new Map((base?.entries ?? []).map((entry) => [getKeyName(entry[0]), entry]));
  for (const [key, value] of override.entries) {
    const name = getKeyName(key);
    const existing = merged.get(name);
    if (isNull(value)) merged.delete(name);
    else merged.set(name, [existing?.[0] ?? key, mergeTokens(existing?.[1], value, options)]);
  }
  return { kind: 'map', entries: [...merged.values()], tag: override.tag ?? base?.tag };
};

/** Merges two trees without merge keys: maps recursively; lists and scalars of `override` replace; a null removes a key. */
export const mergeTokens = (base: Token | undefined, override: Token, options: MergeOptions): Token =>
  override.kind === 'map' ? mergeMaps(base?.kind === 'map' ? base : undefined, override, options) : override;
