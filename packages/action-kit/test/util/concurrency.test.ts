import { describe, expect, it } from '@jest/globals';
import { mapConcurrent, Semaphore } from '../../src/util/concurrency.js';

const waitOneTick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('mapConcurrent', () => {
  it('returns results in the order of the items, whatever order they finish in', async () => {
    const results = await mapConcurrent([3, 1, 2], 3, async (ticks) => {
      for (let passed = 0; passed < ticks; passed += 1) await waitOneTick();
      return ticks * 10;
    });
    expect(results).toEqual([30, 10, 20]);
  });

  it('runs at most as many tasks at a time as the limit', async () => {
    let [running, maxRunning] = [0, 0];
    await mapConcurrent(Array.from({ length: 20 }), 3, async () => {
      running += 1;
      maxRunning = Math.max(maxRunning, running);
      await waitOneTick();
      running -= 1;
    });
    expect(maxRunning).toBe(3);
  });

  it('starts no task after a failure, awaits running tasks, and throws the first failure', async () => {
    const log: string[] = [];
    const task = async (item: string): Promise<void> => {
      log.push(`start ${item}`);
      await waitOneTick();
      if (item === 'a') throw new Error('a failed');
      await waitOneTick();
      log.push(`end ${item}`);
    };
    await expect(mapConcurrent(['a', 'b', 'c', 'd'], 2, task)).rejects.toThrow('a failed');
    expect(log).toEqual(['start a', 'start b', 'end b']);
  });

  it('returns an empty list for no items', async () => {
    expect(await mapConcurrent([], 3, async () => 1)).toEqual([]);
  });
});

describe('Semaphore', () => {
  it('starts waiting tasks in the order of their calls, as running ones finish', async () => {
    const semaphore = new Semaphore(2);
    const log: string[] = [];
    const runTask = (name: string, ticks: number): Promise<void> =>
      semaphore.run(async () => {
        log.push(`start ${name}`);
        for (let passed = 0; passed < ticks; passed += 1) await waitOneTick();
        log.push(`end ${name}`);
      });
    await Promise.all([runTask('a', 3), runTask('b', 1), runTask('c', 1), runTask('d', 1)]);
    expect(log).toEqual(['start a', 'start b', 'end b', 'start c', 'end c', 'start d', 'end a', 'end d']);
  });

  it('starts the next task after a failure', async () => {
    const semaphore = new Semaphore(1);
    const failure = semaphore.run(async () => {
      throw new Error('failed');
    });
    await expect(failure).rejects.toThrow('failed');
    expect(await semaphore.run(async () => 1)).toBe(1);
  });
});
