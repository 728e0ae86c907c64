import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/util/clock.js';

describe('systemClock', () => {
  it('rejects a sleep with the reason of a signal that is already aborted', async () => {
    const reason = new Error('stop');
    await expect(systemClock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('rejects a sleep as soon as the signal aborts', async () => {
    const controller = new AbortController();
    const sleeping = systemClock.sleep(60_000, controller.signal);
    controller.abort('enough');
    await expect(sleeping).rejects.toBe('enough');
  });

  it('sleeps at least the given time', async () => {
    const start = performance.now();
    await systemClock.sleep(20);
    expect(performance.now() - start).toBeGreaterThanOrEqual(19);
  });

  it('ticks until it is stopped', async () => {
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
