import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const folder = new URL('./', import.meta.url);
const document = new URL('../../packages/local-aws/conformance.md', import.meta.url);

const matches = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].flatMap(([, name]) => name ?? []);

it('every difference the tests rely on has a row that settles it, and every row a test', () => {
  const tests = readdirSync(fileURLToPath(folder)).filter((name) => name.endsWith('.test.ts'));
  const relied = tests.flatMap((name) =>
    matches(readFileSync(new URL(name, folder), 'utf8'), /differing\(\s*'([^']+)'/g),
  );
  const rows = matches(readFileSync(document, 'utf8'), /^\| `([^`]+)` \|/gm);
  expect([...new Set(relied)].sort()).toEqual([...rows].sort());
});
