import { describe, expect, it } from '@jest/globals';
import { createClock } from '../../src/time/clock.js';

describe('createClock', () => {
  it('stands still at scale 0 until it is advanced', () => {
    let wall = 1000;
    const clock = createClock({ start: 5, scale: 0, wall: () => wall });
    wall += 60_000;
    expect(clock.now()).toBe(5);
    clock.advance(250);
    expect(clock.now()).toBe(255);
    expect(clock.wall()).toBe(61_000);
  });

  it('turns a second into a minute at scale 60', () => {
    let wall = 1000;
    const clock = createClock({ scale: 60, wall: () => wall });
    wall += 1000;
    expect(clock.now()).toBe(61_000);
  });

  it.each([-1, Number.NaN])('rejects advancing by %s', (ms) => {
    expect(() => createClock({ scale: 0 }).advance(ms)).toThrow('time only moves forward');
  });

  it('rejects a negative scale', () => {
    expect(() => createClock({ scale: -1 })).toThrow('clock scale -1 must not be negative');
  });
});
