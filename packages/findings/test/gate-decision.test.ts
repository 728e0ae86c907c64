import { describe, expect, it } from '@jest/globals';
import { decide, type UnavailablePolicy } from '../src/gate-decision.js';
import { type Severity, shouldFail } from '../src/severity.js';

const createFinding = (severity: Severity, kind: string) => ({ finding: { severity }, status: { kind } });
const sourceError = { source: 'app:1.0', kind: 'unavailable' as const, message: 'no scan' };
const createOptions = (unavailable: UnavailablePolicy, maxFindings = 0) => ({ maxFindings, policies: { unavailable } });

describe('a decision', () => {
  it.each([
    ['nothing was found', [], [], createOptions('fail'), ['passed', 'pass']],
    ['nothing fails', [createFinding('low', 'below')], [], createOptions('fail'), ['passed', 'pass']],
    ['one fails', [createFinding('high', 'fails')], [], createOptions('fail'), ['blocked', 'fail']],
    ['as many fail as are allowed', [createFinding('high', 'fails')], [], createOptions('fail', 1), ['passed', 'pass']],
    [
      'one fails and a source is silent',
      [createFinding('high', 'fails')],
      [sourceError],
      createOptions('proceed'),
      ['blocked', 'fail'],
    ],
    ['a source is silent', [], [sourceError], createOptions('fail'), ['unknown', 'fail']],
    ['a source may be silent', [], [sourceError], createOptions('warn'), ['unknown', 'warn']],
    ['nobody minds a silent source', [], [sourceError], createOptions('proceed'), ['passed', 'pass']],
  ] as const)('where %s', (_what, findings, errors, options, expected) => {
    const { verdict, step } = decide(findings, errors, options);
    expect([verdict, step]).toEqual(expected);
  });

  it('says so where it passes by policy and not by an answer', () => {
    expect(decide([], [sourceError], createOptions('proceed')).reason).toBe(
      'passed by policy, not by an answer (no complete answer from app:1.0: no scan): nothing was found',
    );
  });
});

describe('failing at a threshold', () => {
  it.each([
    ['high', 'high', true],
    ['medium', 'high', false],
    ['critical', 'none', false],
    ['none', 'critical', true],
    ['none', 'none', false],
  ] as const)('%s at %s: %s', (severity, threshold, expected) => {
    expect(shouldFail(severity, threshold)).toBe(expected);
  });
});
