import { describe, expect, it } from '@jest/globals';
import { createRunMarker, parseRunId } from '../../src/appconfig/ownership.js';

const env = {
  GITHUB_RUN_ID: '77',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_REPOSITORY: 'o/r',
  GITHUB_JOB: 'release',
  GITHUB_ACTION: 'rollout',
};

const otherRun = { fallback: 'x', nonce: 'b' };

describe('a mark', () => {
  it('names its run, and is own for every attempt of its step alone', () => {
    const marker = createRunMarker(env, { fallback: 'x', nonce: 'a' });
    const description = marker.createDescription();
    expect(parseRunId(description)).toBe('77');
    expect(createRunMarker({ ...env, GITHUB_RUN_ATTEMPT: '2' }, otherRun).isOwn(description)).toBe(true);
    expect(createRunMarker({ ...env, GITHUB_ACTION: 'other' }, otherRun).isOwn(description)).toBe(false);
    expect(marker.createDescription()).not.toBe(description);
  });

  it('tells legs of a matrix apart, of which a host says the same', () => {
    const [first, second] = ['a', 'b'].map((nonce) => createRunMarker(env, { fallback: 'x', nonce }));
    expect(first?.createDescription()).not.toBe(second?.createDescription());
  });

  it('tells two runs under act apart, which all have the number 1', () => {
    const underAct = { ...env, GITHUB_RUN_ID: '1', ACT: 'true' };
    const description = createRunMarker(underAct, { fallback: 'first', nonce: 'a' }).createDescription();
    expect(createRunMarker(underAct, { fallback: 'second', nonce: 'b' }).isOwn(description)).toBe(false);
  });
});
