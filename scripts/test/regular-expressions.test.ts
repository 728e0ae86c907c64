import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { listExpressions, measureWorst } from './regular-expressions.js';

const LIST = join(import.meta.dirname, 'regular-expressions.txt');
const expressions = listExpressions(process.cwd());

describe('the regular expressions of the sources', () => {
  // A new expression is added with UPDATE_GOLDEN=1, after its time on hostile texts was measured by the other test.
  it('are listed', () => {
    const list = expressions.map(({ text, file }) => `${text}  ${file}\n`).join('');
    if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(LIST, list);
    expect(list).toBe(readFileSync(LIST, 'utf8'));
  });

  it('take no more than linear time on hostile texts', () => {
    // An expression with quadratic time needs seconds for 30,000 characters, and a linear one a few milliseconds.
    const slow = expressions.filter(({ text }) => measureWorst(text, 30_000, 1000) === Number.POSITIVE_INFINITY);
    expect(slow).toEqual([]);
  }, 300_000);

  // A measurement of half an hour, on request: SHOW_EXPRESSIONS names the file to write.
  const { SHOW_EXPRESSIONS: shown } = process.env;
  if (shown === undefined) return;
  it('show their worst time on 1 MB', () => {
    const times = expressions.map(({ text, file }) => ({ text, file, time: measureWorst(text, 1_000_000, 20_000) }));
    const lines = times
      .toSorted((a, b) => b.time - a.time)
      .map(({ text, file, time }) => `${time.toFixed(1)} ms  ${text}  ${file}\n`);
    writeFileSync(shown, lines.join(''));
  }, 1_800_000);
});
