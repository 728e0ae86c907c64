import { describe, expect, it } from '@jest/globals';
import { Timeline } from '../../src/time/timeline.js';

const createTimeline = () => new Timeline<string>().plan(10, 'a').plan(30, 'c').plan(20, 'b').plan(20, 'b2');

describe('Timeline', () => {
  it('lists values up to a moment, oldest first', () => {
    expect(
      createTimeline()
        .listUntil(20)
        .map(({ value }) => value),
    ).toEqual(['a', 'b', 'b2']);
  });

  it('finds the latest and the next value', () => {
    expect(createTimeline().findLatest(25)).toEqual({ at: 20, value: 'b2' });
    expect(createTimeline().findNext(25)).toEqual({ at: 30, value: 'c' });
    expect(createTimeline().findLatest(9)).toBeUndefined();
    expect(createTimeline().findNext(30)).toBeUndefined();
  });

  it('discards only later values when truncated', () => {
    expect(createTimeline().truncateAfter(20).listUntil(99)).toHaveLength(3);
    expect(createTimeline().truncateAfter(99).listUntil(99)).toHaveLength(4);
  });
});
