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

describe('a run marker', () => {
  it('names its run and recognises all attempts of its step', () => {
    const marker = createRunMarker(env, { fallback: 'x', nonce: 'a' });
    const description = marker.createDescription();
    expect(parseRunId(description)).toBe('77');
    expect(createRunMarker({ ...env, GITHUB_RUN_ATTEMPT: '2' }, otherRun).isOwn(description)).toBe(true);
    expect(createRunMarker({ ...env, GITHUB_ACTION: 'other' }, otherRun).isOwn(description)).toBe(false);
    expect(marker.createDescription()).not.toBe(description);
  });

  it('differs between jobs of a matrix with equal variables', () => {
    const [first, second] = ['a', 'b'].map((nonce) => createRunMarker(env, { fallback: 'x', nonce }));
    expect(first?.createDescription()).not.toBe(second?.createDescription());
  });

  it('differs between runs under act, which all have run id 1', () => {
    const underAct = { ...env, GITHUB_RUN_ID: '1', ACT: 'true' };
    const description = createRunMarker(underAct, { fallback: 'first', nonce: 'a' }).createDescription();
    expect(createRunMarker(underAct, { fallback: 'second', nonce: 'b' }).isOwn(description)).toBe(false);
  });
});
