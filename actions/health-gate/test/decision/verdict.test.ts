import { describe, expect, it } from '@jest/globals';
import { evaluateObservation, type Observation } from '../../src/decision/observation.js';
import { decide, type WaitResult } from '../../src/decision/verdict.js';
import { blocker, createSourceError, NOW } from '../fixtures.js';

const createWaitResult = (changes: Partial<Pick<Observation, 'blockers' | 'errors'>> = {}): WaitResult => {
  const lastObservation: Observation = {
    at: NOW,
    source: 'health-api',
    blockers: [],
    errors: [],
    excluded: {},
    notices: [],
    ...changes,
  };
  return {
    evaluation: evaluateObservation(lastObservation),
    lastObservation,
    stopReason: 'final',
    waited: 0,
    observationCount: 1,
    wasBlocked: lastObservation.blockers.length > 0,
  };
};

const blocked = { blockers: [blocker] };

describe('a decision', () => {
  it('passes with a warning and the verdict blocked with on-event: warn', () => {
    expect(decide(createWaitResult(blocked), { onEvent: 'warn', overrideReason: undefined })).toMatchObject({
      verdict: 'blocked',
      step: 'warn',
    });
  });

  it.each(['warn', 'proceed'] as const)(
    'only warns on a blocker with on-event: warn if a source with the policy %s is unavailable',
    (policy) => {
      const alarm = { kind: 'alarm', name: 'errors', reason: '', since: undefined } as const;
      const result = createWaitResult({ blockers: [alarm], errors: [createSourceError({ policy })] });
      expect(decide(result, { onEvent: 'warn', overrideReason: undefined })).toEqual({
        verdict: 'blocked',
        step: 'warn',
        reason: 'blocked by alarm errors',
      });
    },
  );

  it.each([
    ['unknown', 'warn'],
    ['blocked', 'fail'],
  ] as const)(
    'is %s on a blocker with on-event: %s if a source with the policy fail is unavailable',
    (verdict, onEvent) => {
      const result = createWaitResult({ ...blocked, errors: [createSourceError()] });
      expect(decide(result, { onEvent, overrideReason: undefined })).toMatchObject({ verdict, step: 'fail' });
    },
  );

  it.each([
    ['a blocker', blocked],
    ['an unavailable source', { errors: [createSourceError({ transient: false })] }],
  ])('overrides %s and keeps the reason', (_name, observation) => {
    const decision = decide(createWaitResult(observation), {
      onEvent: 'fail',
      overrideReason: 'INC-42, fixes the incident',
    });
    expect(decision).toMatchObject({ verdict: 'overridden', step: 'warn' });
    expect(decision.reason).toMatch('overridden (INC-42, fixes the incident): ');
  });

  it('stays passed with override-reason', () => {
    expect(decide(createWaitResult(), { onEvent: 'fail', overrideReason: 'INC-42' }).verdict).toBe('passed');
  });
});
