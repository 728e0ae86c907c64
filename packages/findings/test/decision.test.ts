import { describe, expect, it } from '@jest/globals';
import { decide, type Leniency } from '../src/decision.js';
import { failsAt, type Severity } from '../src/severity.js';

const weighed = (severity: Severity, kind: string) => ({ finding: { severity }, standing: { kind } });
const silence = { source: 'app:1.0', kind: 'unavailable' as const, text: 'no scan' };
const under = (unavailable: Leniency, maxFindings = 0) => ({ maxFindings, policies: { unavailable } });

describe('a decision', () => {
  it.each([
    ['nothing was found', [], [], under('fail'), ['passed', 'pass']],
    ['nothing fails', [weighed('low', 'below')], [], under('fail'), ['passed', 'pass']],
    ['one fails', [weighed('high', 'fails')], [], under('fail'), ['blocked', 'fail']],
    ['as many fail as are allowed', [weighed('high', 'fails')], [], under('fail', 1), ['passed', 'pass']],
    ['one fails and a source is silent', [weighed('high', 'fails')], [silence], under('proceed'), ['blocked', 'fail']],
    ['a source is silent', [], [silence], under('fail'), ['unknown', 'fail']],
    ['a source may be silent', [], [silence], under('warn'), ['unknown', 'warn']],
    ['nobody minds a silent source', [], [silence], under('proceed'), ['passed', 'pass']],
  ] as const)('where %s', (_what, judged, troubles, options, expected) => {
    const { gate, step } = decide(judged, troubles, options);
    expect([gate, step]).toEqual(expected);
  });

  it('says so where it passes by policy and not by an answer', () => {
    expect(decide([], [silence], under('proceed')).reason).toBe(
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
    expect(failsAt(severity, threshold)).toBe(expected);
  });
});
