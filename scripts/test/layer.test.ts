import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { addCounts, formatCounts, readReport } from '../layer.mjs';

const directory = mkdtempSync(join(tmpdir(), 'layer-'));
afterAll(() => rmSync(directory, { recursive: true }));

const reportWith = (figures: Record<string, number>) => {
  const path = join(directory, 'report.json');
  const none = {
    numPassedTests: 0,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    numRuntimeErrorTestSuites: 0,
  };
  writeFileSync(path, JSON.stringify({ ...none, ...figures }));
  return path;
};

describe('readReport', () => {
  it('returns the counts of the report', () => {
    const path = reportWith({ numPassedTests: 7, numFailedTests: 2, numPendingTests: 3, numTodoTests: 1 });
    expect(readReport(path, 1)).toEqual({ passed: 7, failed: 2, skipped: 4 });
  });

  it('counts a file that does not load as a failure', () => {
    expect(readReport(reportWith({ numPassedTests: 7, numRuntimeErrorTestSuites: 1 }), 1).failed).toBe(1);
  });

  it('counts a failing run without failed tests as a failure', () => {
    expect(readReport(reportWith({ numPassedTests: 7 }), 1).failed).toBe(1);
  });

  it('counts a run without a report as a failure', () => {
    expect(readReport(join(directory, 'absent.json'), 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it('adds up and formats counts', () => {
    const sum = addCounts([
      { passed: 1, failed: 0, skipped: 2 },
      { passed: 10, failed: 3, skipped: 0 },
    ]);
    expect(formatCounts(sum)).toBe('11 passed, 3 failed, 2 skipped');
  });
});
