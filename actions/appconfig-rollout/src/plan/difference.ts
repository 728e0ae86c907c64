import {
  Canonicalizer,
  formatKeyIdentity,
  isAmbiguous,
  type MapToken,
  type Token,
} from '../desired/documents/token.js';

/** A difference between deployed and desired content; values as the files have them. */
export type Difference =
  | { readonly kind: 'added'; readonly path: string; readonly after: string }
  | { readonly kind: 'removed'; readonly path: string; readonly before: string }
  | { readonly kind: 'changed'; readonly path: string; readonly before: string; readonly after: string };

const MAX_VALUE_LENGTH = 120;

const renderToken = (token: Token): string => {
  if (token.kind === 'list') return `[${token.items.map(renderToken).join(', ')}]`;
  if (token.kind === 'map')
    return `{${token.entries.map(([key, value]) => `${renderToken(key)}: ${renderToken(value)}`).join(', ')}}`;
  if (token.source.includes('\n')) return JSON.stringify(token.text);
  return token.source === '' ? 'null' : token.source;
};

const truncate = (text: string): string =>
  text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH - 1)}…` : text;

const appendPath = (path: string, key: Token): string => {
  const isWord =
    key.kind === 'scalar' && (key.style === 'plain' || !isAmbiguous(key.text)) && /^[\w-]+$/.test(key.text);
  const name = isWord ? key.text : renderToken(key);
  return path === '' ? name : `${path}.${name}`;
};

const createDifference = (path: string, before: string | undefined, after: string | undefined): Difference => {
  if (before === undefined) return { kind: 'added', path, after: truncate(after ?? '') };
  if (after === undefined) return { kind: 'removed', path, before: truncate(before) };
  return { kind: 'changed', path, before: truncate(before), after: truncate(after) };
};

/** Compares two values that are not read from files, such as versions. */
export const compareText = (before: string | undefined, after: string | undefined): readonly Difference[] =>
  before === after ? [] : [createDifference('(document)', before, after)];

class TokenComparison {
  private readonly canonicalizer = new Canonicalizer();

  compare(before: Token | undefined, after: Token | undefined, path: string): readonly Difference[] {
    if (before?.kind === 'map' && after?.kind === 'map' && before.tag === after.tag)
      return this.compareMaps(before, after, path);
    const isSame =
      before !== undefined &&
      after !== undefined &&
      this.canonicalizer.canonicalize(before) === this.canonicalizer.canonicalize(after);
    if (isSame || (before === undefined && after === undefined)) return [];
    const [old, fresh] = [before, after].map((token) => (token === undefined ? undefined : renderToken(token)));
    return [createDifference(path === '' ? '(document)' : path, old, fresh)];
  }

  private compareMaps(before: MapToken, after: MapToken, path: string): readonly Difference[] {
    if (this.canonicalizer.canonicalize(before) === this.canonicalizer.canonicalize(after)) return [];
    const [old, fresh] = [this.index(before), this.index(after)];
    const names = [...new Set([...old.keys(), ...fresh.keys()])].sort();
    const differences = names.flatMap((name) => {
      const [oldEntry, freshEntry] = [old.get(name), fresh.get(name)];
      const key = freshEntry?.[0] ?? oldEntry?.[0];
      return key === undefined ? [] : this.compare(oldEntry?.[1], freshEntry?.[1], appendPath(path, key));
    });
    // Only the quotes of a key differ.
    return differences.length > 0
      ? differences
      : [createDifference(path === '' ? '(document)' : path, renderToken(before), renderToken(after))];
  }

  private index({ entries }: MapToken): ReadonlyMap<string, MapToken['entries'][number]> {
    return new Map(entries.map((entry) => [formatKeyIdentity(entry[0], this.canonicalizer), entry]));
  }
}

/** Compares two documents key by key, as they are written; lists are compared as a whole. */
export const compareTokens = (before: Token | undefined, after: Token | undefined, path = ''): readonly Difference[] =>
  new TokenComparison().compare(before, after, path);

const countCommonLines = (a: readonly string[], b: readonly string[]): number => {
  const limit = Math.min(a.length, b.length);
  let length = 0;
  while (length < limit && a[length] === b[length]) length += 1;
  return length;
};

/** Compares two texts: the lines between their common start and end. */
export const compareLines = (before: string, after: string): readonly Difference[] => {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  const head = countCommonLines(old, fresh);
  const tail = countCommonLines(old.slice(head).reverse(), fresh.slice(head).reverse());
  const listChangedLines = (all: readonly string[]) =>
    all.slice(head, all.length - tail).map((text, index) => ({ text, index }));
  return [
    ...listChangedLines(old).map(({ text, index }) =>
      createDifference(`line ${head + index + 1}`, JSON.stringify(text), undefined),
    ),
    ...listChangedLines(fresh).map(({ text, index }) =>
      createDifference(`line ${head + index + 1}`, undefined, JSON.stringify(text)),
    ),
  ];
};

/** Formats a difference as a line of a diff. */
export const formatDifference = (difference: Difference): string => {
  switch (difference.kind) {
    case 'added':
      return `+ ${difference.path}: ${difference.after}`;
    case 'removed':
      return `- ${difference.path}: ${difference.before}`;
    case 'changed':
      return `! ${difference.path}: ${difference.before} → ${difference.after}`;
  }
};
