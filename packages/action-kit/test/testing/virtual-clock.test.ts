import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '../../src/testing/virtual-clock.js';

describe('VirtualClock', () => {
  it('jumps to the end of a sleep', async () => {
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

  it('does not move in manual mode until it is advanced', async () => {
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

  it('wakes sleepers that start while it advances', async () => {
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

  it('runs ticks on the way without being moved by them', async () => {
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

  it('does not move while it is paused', async () => {
    const clock = new VirtualClock({ start: 0 });
    const sleeping = clock.sleep(100).then(() => clock.now());
    const during = await clock.pauseWhile(async () => {
      for (let index = 0; index < 5; index += 1) await new Promise((resolve) => setImmediate(resolve));
      return clock.now();
    });
    expect(during).toBe(0);
    await expect(sleeping).resolves.toBe(100);
  });

  it('removes a sleeper whose signal aborts', async () => {
    const clock = new VirtualClock({ start: 0, advance: 'manual' });
    const controller = new AbortController();
    const sleeping = clock.sleep(100, controller.signal);
    controller.abort(new Error('stop'));
    await expect(sleeping).rejects.toThrow('stop');
    await clock.advance(200);
    expect(clock.now()).toBe(200);
  });
});
