import { describe, expect, it } from '@jest/globals';
import { createMark, runIn } from '../src/mark.js';

const variables = {
  GITHUB_RUN_ID: '77',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_REPOSITORY: 'o/r',
  GITHUB_JOB: 'release',
  GITHUB_ACTION: 'rollout',
};

const other = { fallback: 'x', nonce: 'b' };

describe('a mark', () => {
  it('names its run, and is own for every attempt of its step alone', () => {
    const mark = createMark(variables, { fallback: 'x', nonce: 'a' });
    const description = mark.next();
    expect(runIn(description)).toBe('77');
    expect(createMark({ ...variables, GITHUB_RUN_ATTEMPT: '2' }, other).isOwn(description)).toBe(true);
    expect(createMark({ ...variables, GITHUB_ACTION: 'other' }, other).isOwn(description)).toBe(false);
    expect(mark.next()).not.toBe(description);
  });

  it('tells legs of a matrix apart, of which a host says the same', () => {
    const [one, two] = ['a', 'b'].map((nonce) => createMark(variables, { fallback: 'x', nonce }));
    expect(one?.next()).not.toBe(two?.next());
  });

  it('tells two runs under act apart, which all have the number 1', () => {
    const underAct = { ...variables, GITHUB_RUN_ID: '1', ACT: 'true' };
    const description = createMark(underAct, { fallback: 'first', nonce: 'a' }).next();
    expect(createMark(underAct, { fallback: 'second', nonce: 'b' }).isOwn(description)).toBe(false);
  });
});
