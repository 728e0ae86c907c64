import { describe, expect, it } from '@jest/globals';
import { computeScore, listSurvivors } from '../mutation/report.mjs';

const createMutant = (status: string, replacement?: string) => ({
  status,
  mutatorName: 'ConditionalExpression',
  ...(replacement === undefined ? {} : { replacement }),
  location: { start: { line: 2, column: 5 }, end: { line: 2, column: 10 } },
});
const source = 'if (\n    a > b\n) stop();\n';

describe('the report of a mutation test', () => {
  it('counts killed and timed-out mutants as detected, and leaves out invalid ones', () => {
    const statuses = ['Killed', 'Killed', 'Timeout', 'Survived', 'NoCoverage', 'CompileError', 'Ignored'];
    const mutants = statuses.map((status) => createMutant(status));
    expect(computeScore({ files: { 'a.ts': { source, mutants } } })).toEqual({ detected: 3, valid: 5, score: 60 });
  });

  it('has the score 100 without mutants', () => {
    expect(computeScore({ files: { 'a.ts': { source, mutants: [] } } }).score).toBe(100);
  });

  it('lists survivors with their source and replacement', () => {
    const mutants = [createMutant('Killed', 'true'), createMutant('Survived', 'a >= b'), createMutant('NoCoverage')];
    expect(listSurvivors({ files: { 'src/a.ts': { source, mutants } } })).toEqual([
      'src/a.ts:2: a > b => a >= b',
      'src/a.ts:2: a > b => ConditionalExpression (no test runs it)',
    ]);
  });
});
