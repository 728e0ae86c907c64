import { describe, expect, it } from '@jest/globals';
import { decide, type MaxFindings, type UnavailablePolicy } from '../src/gate-decision.js';
import type { Severity } from '../src/severity.js';

const createFinding = (severity: Severity, kind: string) => ({ finding: { severity }, status: { kind } });
const sourceError = { source: 'app:1.0', kind: 'unavailable' as const, message: 'no scan' };
const createOptions = (unavailable: UnavailablePolicy, maxFindings: MaxFindings = 0) => ({
  maxFindings,
  policies: { unavailable },
});

describe('the decision', () => {
  it.each([
    ['there are no findings', [], [], createOptions('fail'), ['passed', 'pass']],
    ['no finding fails', [createFinding('low', 'below')], [], createOptions('fail'), ['passed', 'pass']],
    ['a finding fails', [createFinding('high', 'fails')], [], createOptions('fail'), ['blocked', 'fail']],
    [
      'as many findings fail as are allowed',
      [createFinding('high', 'fails')],
      [],
      createOptions('fail', 1),
      ['passed', 'pass'],
    ],
    [
      'a finding fails and a source is unavailable',
      [createFinding('high', 'fails')],
      [sourceError],
      createOptions('proceed'),
      ['blocked', 'fail'],
    ],
    ['a source with the policy fail is unavailable', [], [sourceError], createOptions('fail'), ['unknown', 'fail']],
    ['a source with the policy warn is unavailable', [], [sourceError], createOptions('warn'), ['unknown', 'warn']],
    [
      'a source with the policy proceed is unavailable',
      [],
      [sourceError],
      createOptions('proceed'),
      ['passed', 'pass'],
    ],
  ] as const)('is made when %s', (_label, findings, errors, options, expected) => {
    const { verdict, step } = decide(findings, errors, options);
    expect([verdict, step]).toEqual(expected);
  });

  it('names the policy in its reason when it passes by policy', () => {
    expect(decide([], [sourceError], createOptions('proceed')).reason).toBe(
      'no findings; passed by policy despite incomplete results from app:1.0: no scan',
    );
  });
});

describe('the reason of a decision that passes', () => {
  const low = createFinding('low', 'below');
  const ignored = createFinding('high', 'ignored');

  it.each([
    [[], 0, 'no findings'],
    [[low], 0, "1 finding (1 low), none at or above the 'fail-on' threshold"],
    [[ignored], 0, '1 finding (1 high), none failing: 1 ignored'],
    [
      [ignored, low, createFinding('critical', 'no-fix'), ignored],
      0,
      '4 findings (1 critical, 2 high, 1 low), none failing: 2 ignored, 1 below the threshold, 1 without a fix',
    ],
    [[createFinding('high', 'fails'), low], 2, "1 failing finding (1 high), within 'max-findings' (2)"],
  ])('of %j with the limit %j is: %s', (findings, maxFindings, reason) => {
    expect(decide(findings, [], createOptions('fail', maxFindings)).reason).toBe(reason);
  });

  it('ends the message of a source without its full stop', () => {
    const errors = [{ ...sourceError, message: 'v1.2 has no scan.' }];
    expect(decide([], errors, createOptions('warn')).reason).toBe('incomplete results from app:1.0: v1.2 has no scan');
  });
});

describe('a number of failing findings above the limit', () => {
  it.each([
    [0, '2 failing findings (2 high)'],
    [1, "2 failing findings (2 high), more than 'max-findings' (1)"],
  ])('blocks with the limit %j', (maxFindings, reason) => {
    const failing = [createFinding('high', 'fails'), createFinding('high', 'fails')];
    expect(decide(failing, [], createOptions('fail', maxFindings))).toEqual({
      verdict: 'blocked',
      step: 'fail',
      reason,
    });
  });
});

describe('the limit by severity', () => {
  const failing = [createFinding('high', 'fails'), createFinding('low', 'fails'), createFinding('low', 'fails')];

  it.each<[MaxFindings, string, string]>([
    [{ high: 1, low: 2 }, 'passed', "3 failing findings (1 high, 2 low), within 'max-findings' (high=1, low=2)"],
    [{ high: 1, low: 1 }, 'blocked', "3 failing findings (1 high, 2 low), more than 'max-findings' (high=1, low=1)"],
    [{ high: 0, low: 9 }, 'blocked', "3 failing findings (1 high, 2 low), more than 'max-findings' (high=0, low=9)"],
    [{ low: 9 }, 'blocked', "3 failing findings (1 high, 2 low), more than 'max-findings' (low=9)"],
  ])('%j: %s', (maxFindings, verdict, reason) => {
    expect(decide(failing, [], createOptions('fail', maxFindings))).toMatchObject({ verdict, reason });
  });
});

describe('the decision on several unavailable sources', () => {
  const errors = (['unavailable', 'denied', 'not-found'] as const).map((kind) => ({
    source: kind,
    kind,
    message: 'no answer',
  }));

  it.each([
    [{ unavailable: 'proceed', denied: 'warn', 'not-found': 'fail' }, 'unknown', 'fail'],
    [{ unavailable: 'fail', denied: 'proceed', 'not-found': 'proceed' }, 'unknown', 'fail'],
    [{ unavailable: 'proceed', denied: 'warn', 'not-found': 'proceed' }, 'unknown', 'warn'],
    [{ unavailable: 'proceed', denied: 'proceed', 'not-found': 'proceed' }, 'passed', 'pass'],
  ] as const)('applies the strictest policy of %j', (policies, verdict, step) => {
    expect(decide([], errors, { maxFindings: 0, policies })).toMatchObject({ verdict, step });
  });

  it('names all of them beside failing findings', () => {
    const policies = { unavailable: 'proceed', denied: 'proceed', 'not-found': 'proceed' } as const;
    expect(decide([createFinding('high', 'fails')], errors, { maxFindings: 0, policies }).reason).toBe(
      '1 failing finding (1 high); incomplete results from unavailable: no answer; denied: no answer; not-found: no answer',
    );
  });
});
