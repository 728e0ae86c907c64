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
