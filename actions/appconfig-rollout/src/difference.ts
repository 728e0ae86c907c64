import { isMapping } from '@aws-delivery/action-kit/parse';
import { canonical } from './document.js';

/** One difference between what is deployed and what is to be. */
export type Difference =
  | { readonly kind: 'added'; readonly path: string; readonly after: string }
  | { readonly kind: 'removed'; readonly path: string; readonly before: string }
  | { readonly kind: 'changed'; readonly path: string; readonly before: string; readonly after: string };

const MOST_CHARACTERS = 120;

const show = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'null';
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1)}…` : text;
};

const step = (path: string, key: string): string => {
  const name = /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
  return path === '' ? name : `${path}.${name}`;
};

const leaf = (path: string, before: unknown, after: unknown): Difference => {
  const place = path === '' ? '(all)' : path;
  if (before === undefined) return { kind: 'added', path: place, after: show(after) };
  if (after === undefined) return { kind: 'removed', path: place, before: show(before) };
  return { kind: 'changed', path: place, before: show(before), after: show(after) };
};

const own = (map: Readonly<Record<string, unknown>>, key: string): unknown =>
  Object.hasOwn(map, key) ? map[key] : undefined;

/** What differs in meaning, key by key; lists are compared whole. */
export const differencesOf = (before: unknown, after: unknown, path = ''): readonly Difference[] => {
  if (isMapping(before) && isMapping(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => differencesOf(own(before, key), own(after, key), step(path, key)));
  }
  if (before === undefined && after === undefined) return [];
  const isSame = before !== undefined && after !== undefined && canonical(before) === canonical(after);
  return isSame ? [] : [leaf(path, before, after)];
};

const commonLength = (one: readonly string[], other: readonly string[]): number => {
  const limit = Math.min(one.length, other.length);
  let length = 0;
  while (length < limit && one[length] === other[length]) length += 1;
  return length;
};

/** What differs between two texts, line by line between what they begin and end with alike. */
export const textDifferences = (before: string, after: string): readonly Difference[] => {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  const head = commonLength(old, fresh);
  const tail = commonLength(old.slice(head).reverse(), fresh.slice(head).reverse());
  const lines = (all: readonly string[]) => all.slice(head, all.length - tail).map((text, index) => ({ text, index }));
  return [
    ...lines(old).map(({ text, index }) => leaf(`line ${head + index + 1}`, text, undefined)),
    ...lines(fresh).map(({ text, index }) => leaf(`line ${head + index + 1}`, undefined, text)),
  ];
};

/** A difference on one line, as a diff shows it. */
export const differenceLine = (difference: Difference): string => {
  switch (difference.kind) {
    case 'added':
      return `+ ${difference.path}: ${difference.after}`;
    case 'removed':
      return `- ${difference.path}: ${difference.before}`;
    case 'changed':
      return `! ${difference.path}: ${difference.before} → ${difference.after}`;
  }
};
