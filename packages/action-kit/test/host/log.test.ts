import { describe, expect, it } from '@jest/globals';
import { logList, withElapsed, withHeartbeat, withLabel } from '../../src/host/log.js';
import { createFakeLog } from '../../src/testing/fake-log.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';

describe('createLog', () => {
  it('prints each line separately and neutralises commands', () => {
    const { log, entries } = createFakeLog();
    log.info('one\r\n::error::two');
    expect(entries).toEqual([
      { kind: 'info', message: 'one' },
      { kind: 'info', message: ': :error::two' },
    ]);
  });

  it.each(['notice', 'warning', 'error'] as const)('sanitizes the message and the properties of a %s', (kind) => {
    const { log, entries } = createFakeLog();
    log[kind]('\u001b[31mred\u001b[0m\n::x::y', { file: 'a\n::b', title: 'c\u0007', startLine: 3 });
    expect(entries).toEqual([
      { kind, message: 'red\n: :x::y', properties: { file: 'a ::b', title: 'c', startLine: 3 } },
    ]);
  });

  it('sanitizes debug messages', () => {
    const { log, entries } = createFakeLog();
    log.debug('##[error]x');
    expect(entries).toEqual([{ kind: 'debug', message: '# #[error]x' }]);
  });

  it('groups the output of the work and returns its result', async () => {
    const { log, getOutput } = createFakeLog();
    const result = await log.group('stack\n::x', async () => {
      log.info('inside');
      return 7;
    });
    expect(result).toBe(7);
    expect(getOutput()).toBe('group: stack ::x\ninside');
  });

  it('closes the group when the work fails', async () => {
    const { log, getOutput } = createFakeLog();
    await expect(log.group('one', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await log.group('two', async () => log.info('inside two'));
    expect(getOutput()).toBe('group: one\ngroup: two\ninside two');
  });

  it('prints the title of an inner group as a line', async () => {
    const { log, getOutput } = createFakeLog();
    await log.group('outer', () => log.group('inner', async () => log.info('x')));
    expect(getOutput()).toBe('group: outer\ninner\nx');
  });
});

describe('limits', () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index}`);

  it('cut a long list', () => {
    const { log, entries } = createFakeLog();
    logList(log, lines);
    expect(entries).toHaveLength(201);
    expect(entries.at(-1)).toEqual({ kind: 'info', message: '(19800 more lines)' });
  });

  it('cut a long message', () => {
    const { log, entries } = createFakeLog();
    log.info(lines.join('\n'));
    expect(entries).toHaveLength(1001);
    expect(entries.at(-1)).toEqual({ kind: 'info', message: '(19000 more lines)' });
  });
});

describe('withElapsed', () => {
  it('prefixes lines with the elapsed time', async () => {
    const clock = new VirtualClock();
    const { log, getOutput } = createFakeLog();
    const timed = withElapsed(log, clock);
    timed.info('begin');
    await clock.sleep(65_000);
    timed.info('end');
    timed.warning('plain');
    expect(getOutput()).toBe('[0s] begin\n[1m 05s] end\nwarning: plain');
  });
});

describe('withLabel', () => {
  it('labels every message, and prints titles of groups as lines', async () => {
    const { log, getOutput } = createFakeLog();
    const labelled = withLabel(log, 'network');
    await labelled.group('Change set', async () => labelled.info('+ Vpc'));
    labelled.warning('slow');
    expect(getOutput()).toBe('network: Change set\nnetwork: + Vpc\nwarning: network: slow');
  });
});

describe('withHeartbeat', () => {
  const line = (elapsed: number): string => `still waiting after ${elapsed / 1000} s`;

  it('prints a line after an interval without output', async () => {
    const clock = new VirtualClock();
    const { log, getOutput } = createFakeLog();
    await withHeartbeat({ log, clock, intervalMs: 60_000, formatLine: line }, async () => clock.sleep(130_000));
    expect(getOutput()).toBe('still waiting after 60 s\nstill waiting after 120 s');
  });

  it('is postponed by output of the work', async () => {
    const clock = new VirtualClock();
    const { log, getOutput } = createFakeLog();
    await withHeartbeat({ log, clock, intervalMs: 60_000, formatLine: line }, async (watchedLog) => {
      await clock.sleep(45_000);
      watchedLog.info('an event');
      await clock.sleep(59_000);
    });
    expect(getOutput()).toBe('an event');
  });

  it('stops when the work ends or fails', async () => {
    const clock = new VirtualClock();
    const { log, getOutput } = createFakeLog();
    const work = withHeartbeat({ log, clock, intervalMs: 60_000, formatLine: line }, () =>
      Promise.reject(new Error('no')),
    );
    await expect(work).rejects.toThrow('no');
    await clock.sleep(600_000);
    expect(getOutput()).toBe('');
  });
});
