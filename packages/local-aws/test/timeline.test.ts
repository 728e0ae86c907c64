import { describe, expect, it } from '@jest/globals';
import { Timeline } from '../src/timeline.js';

const planned = () => new Timeline<string>().plan(10, 'a').plan(30, 'c').plan(20, 'b').plan(20, 'b2');

describe('timeline', () => {
  it('projects what has happened by a moment, oldest first', () => {
    expect(
      planned()
        .until(20)
        .map(({ fact }) => fact),
    ).toEqual(['a', 'b', 'b2']);
  });

  it('knows the latest fact and the next', () => {
    expect(planned().latest(25)).toEqual({ at: 20, fact: 'b2' });
    expect(planned().next(25)).toEqual({ at: 30, fact: 'c' });
    expect(planned().latest(9)).toBeUndefined();
    expect(planned().next(30)).toBeUndefined();
  });

  it('forgets the future and keeps the past when cut', () => {
    expect(planned().cut(20).until(99)).toHaveLength(3);
    expect(planned().cut(99).until(99)).toHaveLength(4);
  });
});
