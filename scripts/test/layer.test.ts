import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { addCounts, formatCounts, formatPlan, formatResults, readReport } from '../layer.mjs';

const directory = mkdtempSync(join(tmpdir(), 'layer-'));
afterAll(() => rmSync(directory, { recursive: true }));

const reportWith = (figures: Record<string, number>, skipped: readonly string[] = []) => {
  const path = join(directory, 'report.json');
  const none = {
    numPassedTests: 0,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    numRuntimeErrorTestSuites: 0,
  };
  const assertionResults = skipped.map((fullName) => ({ status: 'pending', fullName }));
  writeFileSync(path, JSON.stringify({ ...none, testResults: [{ assertionResults }], ...figures }));
  return path;
};

describe('readReport', () => {
  it('returns the counts of the report', () => {
    const path = reportWith({ numPassedTests: 7, numFailedTests: 2, numPendingTests: 3, numTodoTests: 1 });
    expect(readReport(path, 1)).toMatchObject({ passed: 7, failed: 2, skipped: 4 });
  });

  it('counts a file that does not load as a failure', () => {
    expect(readReport(reportWith({ numPassedTests: 7, numRuntimeErrorTestSuites: 1 }), 1).failed).toBe(1);
  });

  it('counts a failing run without failed tests as a failure', () => {
    expect(readReport(reportWith({ numPassedTests: 7 }), 1).failed).toBe(1);
  });

  it('counts a run without a report as a failure', () => {
    expect(readReport(join(directory, 'absent.json'), 0)).toMatchObject({ passed: 0, failed: 1, skipped: 0 });
  });

  it('adds up and formats counts', () => {
    const sum = addCounts([
      { passed: 1, failed: 0, skipped: 2 },
      { passed: 10, failed: 3, skipped: 0 },
    ]);
    expect(formatCounts(sum)).toBe('11 passed, 3 failed, 2 skipped');
  });

  it('counts skipped tests by the reasons in their titles', () => {
    const reason = 'not installed: act';
    const titles = [
      `a workflow (skipped: ${reason}) runs`,
      `a job (skipped: ${reason})`,
      'a mode (skipped: not root) works',
    ];
    const { failed, reasons } = readReport(reportWith({ numPendingTests: 3 }, titles), 0);
    expect([failed, Object.fromEntries(reasons)]).toEqual([0, { [reason]: 2, 'not root': 1 }]);
  });

  it('counts a skipped test without a reason as a failure', () => {
    const { failed, reasons } = readReport(reportWith({ numPendingTests: 1 }, ['a test of something']), 0);
    expect([failed, [...reasons.keys()]]).toEqual([1, ['no reason in its title: a test of something']]);
  });
});

describe('the texts of a test run', () => {
  it('name the layers and how long they took last time', () => {
    expect(formatPlan(['unit', 'e2e'], { unit: 23.6 })).toBe('Test layers: unit (24 s last time), e2e');
  });

  it('list time and counts by layer, skipped tests by reason, and the total', () => {
    const unit = { name: 'unit', passed: 9, failed: 0, skipped: 0, seconds: 23.6, reasons: new Map() } as const;
    const e2e = {
      name: 'e2e',
      passed: 5,
      failed: 1,
      skipped: 2,
      seconds: 61,
      reasons: new Map([['not root', 2]]),
    } as const;
    expect(formatResults([unit, e2e])).toBe(
      [
        'unit: 9 passed, 0 failed, 0 skipped in 24 s',
        'e2e: 5 passed, 1 failed, 2 skipped in 61 s',
        'skipped in e2e: 2 (not root)',
        '14 passed, 1 failed, 2 skipped',
      ].join('\n'),
    );
  });
});
