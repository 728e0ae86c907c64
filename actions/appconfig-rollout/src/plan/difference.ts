import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { stringifyCanonical } from '../desired/documents/document.js';

/** A difference between deployed and desired content; values as JSON. */
export type Difference =
  | { readonly kind: 'added'; readonly path: string; readonly after: string }
  | { readonly kind: 'removed'; readonly path: string; readonly before: string }
  | { readonly kind: 'changed'; readonly path: string; readonly before: string; readonly after: string };

const MAX_VALUE_LENGTH = 120;

const formatValue = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'null';
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH - 1)}…` : text;
};

const appendPath = (path: string, key: string): string => {
  const name = /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
  return path === '' ? name : `${path}.${name}`;
};

const createDifference = (path: string, before: unknown, after: unknown): Difference => {
  const label = path === '' ? '(document)' : path;
  if (before === undefined) return { kind: 'added', path: label, after: formatValue(after) };
  if (after === undefined) return { kind: 'removed', path: label, before: formatValue(before) };
  return { kind: 'changed', path: label, before: formatValue(before), after: formatValue(after) };
};

/** Compares two values key by key; lists are compared as a whole. */
export const compareValues = (before: unknown, after: unknown, path = ''): readonly Difference[] => {
  if (isRecord(before) && isRecord(after)) {
    const [old, fresh] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
    const keys = [...new Set([...old.keys(), ...fresh.keys()])].sort();
    return keys.flatMap((key) => compareValues(old.get(key), fresh.get(key), appendPath(path, key)));
  }
  if (before === undefined && after === undefined) return [];
  const isSame =
    before !== undefined && after !== undefined && stringifyCanonical(before) === stringifyCanonical(after);
  return isSame ? [] : [createDifference(path, before, after)];
};

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
    ...listChangedLines(old).map(({ text, index }) => createDifference(`line ${head + index + 1}`, text, undefined)),
    ...listChangedLines(fresh).map(({ text, index }) => createDifference(`line ${head + index + 1}`, undefined, text)),
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
