import { describe, expect, it } from '@jest/globals';
import { createMark, runIn } from '../src/mark.js';

const variables = {
  GITHUB_RUN_ID: '77',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_REPOSITORY: 'o/r',
  GITHUB_JOB: 'release',
  GITHUB_ACTION: 'rollout',
};

describe('a mark', () => {
  it('names its run, and is own for every attempt of its step alone', () => {
    const mark = createMark(variables, 'x');
    const description = mark.next();
    expect(runIn(description)).toBe('77');
    expect(createMark({ ...variables, GITHUB_RUN_ATTEMPT: '2' }, 'x').isOwn(description)).toBe(true);
    expect(createMark({ ...variables, GITHUB_ACTION: 'other' }, 'x').isOwn(description)).toBe(false);
    expect(mark.next()).not.toBe(description);
  });

  it('tells two runs under act apart, which all have the number 1', () => {
    const underAct = { ...variables, GITHUB_RUN_ID: '1', ACT: 'true' };
    const description = createMark(underAct, 'first').next();
    expect(createMark(underAct, 'second').isOwn(description)).toBe(false);
  });
});
