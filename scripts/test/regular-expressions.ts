import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, Script } from 'node:vm';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { parseSync } from '@swc/core';

/** A regular expression of the sources that can match a text of any length. */
export interface SourceExpression {
  /** `/source/flags`. */
  readonly text: string;
  readonly file: string;
}

const listSourceFiles = (directory: string): readonly string[] =>
  readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));

const isUnbounded = (text: string): boolean => /[*+]|\{\d+,\}/u.test(text);

/** The regular expressions in a part of a syntax tree. */
const findExpressions = (node: unknown): readonly string[] => {
  if (Array.isArray(node)) return node.flatMap(findExpressions);
  if (!isRecord(node)) return [];
  return node['type'] === 'RegExpLiteral'
    ? [`/${node['pattern']}/${node['flags']}`]
    : Object.values(node).flatMap(findExpressions);
};

/** The regular expressions with an unbounded quantifier in all sources, each once. */
export const listExpressions = (root: string): readonly SourceExpression[] => {
  const workspaces = ['packages', 'actions', 'hosts'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => join(root, parent, name, 'src')),
  );
  const found = new Map<string, SourceExpression>();
  for (const path of workspaces.flatMap(listExistingFiles).sort()) {
    const { body } = parseSync(readFileSync(path, 'utf8'), { syntax: 'typescript', target: 'es2023' });
    for (const text of findExpressions(body).filter(isUnbounded))
      if (!found.has(text)) found.set(text, { text, file: path.slice(root.length + 1) });
  }
  return [...found.values()].sort((a, b) => (a.text < b.text ? -1 : 1));
};

const listExistingFiles = (directory: string): readonly string[] => {
  try {
    return listSourceFiles(directory);
  } catch {
    return [];
  }
};

const UNITS = [
  ...['a', 'A', '0', ' ', '\t', '\n', '-', '_', '.', '/', ':', '<', '=', '"', "'", '`', '[', '(', '{', '\\', ',', '@'],
  ...[
    '%',
    '#',
    '|',
    '~',
    '\u001b[',
    '\u001b]',
    'a.',
    'a-',
    'a/',
    '-a',
    '.a',
    '0.',
    'a ',
    'a=',
    '<a',
    '${',
    '{{',
    ': ',
    '\\"',
  ],
];

/** Texts that make an expression backtrack: repetitions of what it can match, each with an end that it cannot. */
const createHostileTexts = (expression: string, length: number): readonly string[] => {
  const literals = expression.match(/[A-Za-z][A-Za-z0-9:_-]{1,20}/gu) ?? [];
  const units = [...new Set([...UNITS, ...literals])];
  return units.flatMap((unit) => {
    const text = unit.repeat(Math.ceil(length / unit.length));
    return [`${text}\u0000`, `x${text}\u0000`];
  });
};

/** Longest time in milliseconds on hostile texts of a length; infinite if it exceeds the limit. */
export const measureWorst = (expression: string, length: number, limitMs: number): number => {
  const script = new Script(`(${expression}).test(text); text.replace(${expression}, '')`);
  let worst = 0;
  for (const text of createHostileTexts(expression, length)) {
    const context = createContext({ text });
    const start = performance.now();
    try {
      script.runInContext(context, { timeout: limitMs });
    } catch {
      return Number.POSITIVE_INFINITY;
    }
    worst = Math.max(worst, performance.now() - start);
  }
  return worst;
};
