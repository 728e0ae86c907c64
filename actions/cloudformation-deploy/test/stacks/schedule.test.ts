import { describe, expect, it } from '@jest/globals';
import { assertNoCircle, reverseTasks, runTasks, type Task } from '../../src/stacks/schedule.js';

const tasks: readonly Task[] = [
  { name: 'app', needs: ['network', 'data'] },
  { name: 'network', needs: [] },
  { name: 'data', needs: ['network'] },
  { name: 'mail', needs: [] },
];

/** Runs the tasks and records their starts and ends in order. */
const record = async (all: readonly Task[], concurrency: number, failing: readonly string[] = []) => {
  const events: string[] = [];
  const results = await runTasks(all, {
    concurrency,
    hasSucceeded: (succeeded: boolean) => succeeded,
    run: async ({ name }) => {
      events.push(`start ${name}`);
      await new Promise((resolve) => setImmediate(resolve));
      events.push(`end ${name}`);
      return !failing.includes(name);
    },
  });
  return { events, results };
};

describe('runTasks', () => {
  it('starts each task after those that it needs', async () => {
    const { events } = await record(tasks, 4);
    const waits = [
      ['end network', 'start data'],
      ['end data', 'start app'],
    ];
    for (const [end = '', start = ''] of waits) expect(events.indexOf(end)).toBeLessThan(events.indexOf(start));
    expect(events.indexOf('start mail')).toBeLessThan(events.indexOf('end network'));
  });

  it('runs at most the given number at once', async () => {
    const { events } = await record(tasks, 1);
    expect(events.filter((_, index) => index % 2 === 0)).toEqual(
      events.filter((_, index) => index % 2 === 1).map((event) => event.replace('end', 'start')),
    );
  });

  it('skips only what needs a failed task, directly or not', async () => {
    const { results } = await record(tasks, 4, ['network']);
    expect(Object.fromEntries(results)).toEqual({
      network: { kind: 'finished', result: false },
      mail: { kind: 'finished', result: true },
      data: { kind: 'skipped', blockers: ['network'] },
      app: { kind: 'skipped', blockers: ['network', 'data'] },
    });
  });

  it('runs reversed tasks after those that needed them', async () => {
    const { events } = await record(reverseTasks(tasks), 4, ['app']);
    expect(events.toSorted()).toEqual(['end app', 'end mail', 'start app', 'start mail']);
  });
});

describe('assertNoCircle', () => {
  it.each([
    [[{ name: 'a', needs: ['a'] }], 'a → a'],
    [
      [
        { name: 'x', needs: ['a'] },
        { name: 'a', needs: ['b'] },
        { name: 'b', needs: ['c'] },
        { name: 'c', needs: ['a'] },
      ],
      '(a → b → c → a)',
    ],
  ])('names the tasks of a circle', (circle, message) => {
    expect(() => assertNoCircle(circle)).toThrow(message);
  });

  it('accepts two ways to the same task', () => {
    expect(() => assertNoCircle(tasks)).not.toThrow();
  });
});
