import { describe, expect, it } from '@jest/globals';
import { createClock } from '../../src/time/clock.js';

describe('clock', () => {
  it('stands still at scale 0 until it is advanced', () => {
    let wall = 1000;
    const clock = createClock({ start: 5, scale: 0, wall: () => wall });
    wall += 60_000;
    expect(clock.now()).toBe(5);
    clock.advance(250);
    expect(clock.now()).toBe(255);
    expect(clock.wall()).toBe(61_000);
  });

  it('makes a minute of a second at scale 60', () => {
    let wall = 1000;
    const clock = createClock({ scale: 60, wall: () => wall });
    wall += 1000;
    expect(clock.now()).toBe(61_000);
  });

  it.each([-1, Number.NaN])('refuses to advance by %s', (ms) => {
    expect(() => createClock({ scale: 0 }).advance(ms)).toThrow('time only moves forward');
  });

  it('refuses a negative scale', () => {
    expect(() => createClock({ scale: -1 })).toThrow('clock scale -1 is negative');
  });
});
