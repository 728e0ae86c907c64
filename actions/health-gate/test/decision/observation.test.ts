import { describe, expect, it } from '@jest/globals';
import { evaluateObservation, type Observation, type SourceError } from '../../src/decision/observation.js';
import { createSourceError, NOW } from '../fixtures.js';

const createObservation = (errors: readonly SourceError[]): Observation => ({
  at: NOW,
  source: 'health-api',
  blockers: [],
  errors,
  excluded: {},
  notices: [],
});

const permanentError = createSourceError({ source: 'change calendars', transient: false, message: 'AccessDenied' });

describe('evaluateObservation with several source errors', () => {
  it('is transient if all of them are', () => {
    const errors = [createSourceError(), createSourceError({ source: 'CloudWatch alarms' })];
    expect(evaluateObservation(createObservation(errors))).toMatchObject({ kind: 'incomplete', transient: true });
  });

  it.each([
    ['last', [createSourceError(), permanentError]],
    ['first', [permanentError, createSourceError()]],
  ])('is not transient if one of them is not: %s', (_position, errors) => {
    expect(evaluateObservation(createObservation(errors))).toMatchObject({ kind: 'incomplete', transient: false });
  });

  it('leaves out errors that a policy ignores', () => {
    const ignored = createSourceError({ source: 'CloudWatch alarms', policy: 'proceed', transient: false });
    expect(evaluateObservation(createObservation([ignored, createSourceError()]))).toEqual({
      kind: 'incomplete',
      errors: [createSourceError()],
      transient: true,
    });
  });
});
