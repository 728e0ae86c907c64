import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import { systemClock } from '../../src/util/clock.js';
import { formatDuration } from '../../src/util/format.js';

describe('the system clock', () => {
  it('rejects a sleep with the reason of a signal that is already aborted', async () => {
    const reason = new Error('stop');
    await expect(systemClock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('wakes a sleeper as soon as the signal aborts', async () => {
    const controller = new AbortController();
    const sleeping = systemClock.sleep(60_000, controller.signal);
    controller.abort('enough');
    await expect(sleeping).rejects.toBe('enough');
  });

  it('lets at least the asked time pass', async () => {
    const start = performance.now();
    await systemClock.sleep(20);
    expect(performance.now() - start).toBeGreaterThanOrEqual(19);
  });

  it('ticks until it is told to stop', async () => {
    let ticks = 0;
    const stop = systemClock.every(1, () => {
      ticks += 1;
    });
    await systemClock.sleep(20);
    stop();
    const seen = ticks;
    await systemClock.sleep(10);
    expect(seen).toBeGreaterThan(0);
    expect(ticks).toBe(seen);
  });
});

describe('a length of time in words', () => {
  it.each([
    [0, '0s'],
    [999, '0s'],
    [59_999, '59s'],
    [65_000, '1m 05s'],
    [3_600_000, '1h 00m 00s'],
    [90_061_000, '25h 01m 01s'],
    [-5, '0s'],
  ])('%d ms is %s', (milliseconds, expected) => {
    expect(formatDuration(milliseconds)).toBe(expected);
  });
});

describe('the virtual clock', () => {
  it('moves to the end of a sleep at once', async () => {
    const clock = new VirtualClock({ start: 1000 });
    await clock.sleep(3_600_000);
    expect(clock.now()).toBe(3_601_000);
  });

  it('wakes sleepers in the order of their due times, each at its own time', async () => {
    const clock = new VirtualClock({ start: 0 });
    const woken: [string, number][] = [];
    const sleepAndRecord = async (name: string, milliseconds: number): Promise<void> => {
      await clock.sleep(milliseconds);
      woken.push([name, clock.now()]);
    };
    await Promise.all([sleepAndRecord('long', 500), sleepAndRecord('short', 100), sleepAndRecord('middle', 300)]);
    expect(woken).toEqual([
      ['short', 100],
      ['middle', 300],
      ['long', 500],
    ]);
  });

  it('stands still by hand until it is advanced', async () => {
    const clock = new VirtualClock({ start: 0, advance: 'manual' });
    let awake = false;
    void clock.sleep(100).then(() => {
      awake = true;
    });
    await clock.advance(99);
    expect([awake, clock.now()]).toEqual([false, 99]);
    await clock.advance(1);
    expect([awake, clock.now()]).toEqual([true, 100]);
  });

  it('serves sleeps that begin while it advances', async () => {
    const clock = new VirtualClock({ start: 0, advance: 'manual' });
    const seen: number[] = [];
    const loop = async (): Promise<void> => {
      for (;;) {
        await clock.sleep(10);
        seen.push(clock.now());
      }
    };
    void loop();
    await clock.advance(35);
    expect(seen).toEqual([10, 20, 30]);
  });

  it('is not moved by ticks, but serves them on the way', async () => {
    const clock = new VirtualClock({ start: 0 });
    const ticks: number[] = [];
    const stop = clock.every(40, () => ticks.push(clock.now()));
    await new Promise((resolve) => setImmediate(resolve));
    expect(clock.now()).toBe(0);
    await clock.sleep(100);
    stop();
    await clock.sleep(100);
    expect(ticks).toEqual([40, 80]);
  });

  it('stands still while it is held', async () => {
    const clock = new VirtualClock({ start: 0 });
    const sleeping = clock.sleep(100).then(() => clock.now());
    const during = await clock.pauseWhile(async () => {
      for (let index = 0; index < 5; index += 1) await new Promise((resolve) => setImmediate(resolve));
      return clock.now();
    });
    expect(during).toBe(0);
    await expect(sleeping).resolves.toBe(100);
  });

  it('forgets a sleeper whose signal aborts', async () => {
    const clock = new VirtualClock({ start: 0, advance: 'manual' });
    const controller = new AbortController();
    const sleeping = clock.sleep(100, controller.signal);
    controller.abort(new Error('stop'));
    await expect(sleeping).rejects.toThrow('stop');
    await clock.advance(200);
    expect(clock.now()).toBe(200);
  });
});
