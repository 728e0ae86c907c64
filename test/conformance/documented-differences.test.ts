import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const directoryUrl = new URL('./', import.meta.url);
const documentUrl = new URL('../../packages/local-aws/conformance.md', import.meta.url);

const findMatches = (content: string, pattern: RegExp): readonly string[] =>
  [...content.matchAll(pattern)].flatMap(([, name]) => name ?? []);

it('every difference in a test has a row in conformance.md, and every row a test', () => {
  const tests = readdirSync(fileURLToPath(directoryUrl), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.test.ts'),
  );
  const referenced = tests.flatMap((name) =>
    findMatches(readFileSync(new URL(name, directoryUrl), 'utf8'), /differing\(\s*'([^']+)'/g),
  );
  const rows = findMatches(readFileSync(documentUrl, 'utf8'), /^\| `([^`]+)` \|/gm);
  expect([...new Set(referenced)].sort()).toEqual([...rows].sort());
});
