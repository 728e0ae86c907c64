import { describe, expect, it } from '@jest/globals';
import { mapConcurrent } from '../../src/util/concurrency.js';

const waitOneTick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('mapBounded', () => {
  it('keeps the order of the items, whoever ends first', async () => {
    const results = await mapConcurrent([3, 1, 2], 3, async (turns) => {
      for (let passed = 0; passed < turns; passed += 1) await waitOneTick();
      return turns * 10;
    });
    expect(results).toEqual([30, 10, 20]);
  });

  it('never has more under way than it may', async () => {
    let [underWay, most] = [0, 0];
    await mapConcurrent(Array.from({ length: 20 }), 3, async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await waitOneTick();
      underWay -= 1;
    });
    expect(most).toBe(3);
  });

  it('starts nothing after a failure, waits for what runs, and throws the first failure', async () => {
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

  it('does nothing with nothing', async () => {
    expect(await mapConcurrent([], 3, async () => 1)).toEqual([]);
  });
});
