import { describe, expect, it } from '@jest/globals';
import { withElapsed, withHeartbeat } from '../src/log.js';
import { createMemoryLog } from '../src/testing/memory-log.js';
import { VirtualClock } from '../src/testing/virtual-clock.js';

describe('the log', () => {
  it('prints each line of a text by itself and obeys none', () => {
    const { log, entries } = createMemoryLog();
    log.info('one\r\n::error::two');
    expect(entries).toEqual([
      { kind: 'info', text: 'one' },
      { kind: 'info', text: ': :error::two' },
    ]);
  });

  it.each(['notice', 'warning', 'error'] as const)('cleans the text and the place of a %s', (kind) => {
    const { log, entries } = createMemoryLog();
    log[kind]('\u001b[31mred\u001b[0m\n::x::y', { file: 'a\n::b', title: 'c\u0007', startLine: 3 });
    expect(entries).toEqual([{ kind, text: 'red\n: :x::y', place: { file: 'a ::b', title: 'c', startLine: 3 } }]);
  });

  it('cleans debug texts', () => {
    const { log, entries } = createMemoryLog();
    log.debug('##[error]x');
    expect(entries).toEqual([{ kind: 'debug', text: '# #[error]x' }]);
  });

  it('groups what the work prints and returns what it returns', async () => {
    const { log, text } = createMemoryLog();
    const result = await log.group('stack\n::x', async () => {
      log.info('inside');
      return 7;
    });
    expect(result).toBe(7);
    expect(text()).toBe('group: stack ::x\ninside');
  });

  it('ends a group whose work fails', async () => {
    const { log, text } = createMemoryLog();
    await expect(log.group('one', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await log.group('two', async () => log.info('inside two'));
    expect(text()).toBe('group: one\ngroup: two\ninside two');
  });

  it('makes an inner group a line', async () => {
    const { log, text } = createMemoryLog();
    await log.group('outer', () => log.group('inner', async () => log.info('x')));
    expect(text()).toBe('group: outer\ninner\nx');
  });
});

describe('elapsed time', () => {
  it('stands before lines', async () => {
    const clock = new VirtualClock();
    const { log, text } = createMemoryLog();
    const timed = withElapsed(log, clock);
    timed.info('begin');
    await clock.sleep(65_000);
    timed.info('end');
    timed.warning('plain');
    expect(text()).toBe('[0s] begin\n[1m 05s] end\nwarning: plain');
  });
});

describe('the heartbeat', () => {
  const line = (elapsed: number): string => `still waiting after ${elapsed / 1000} s`;

  it('speaks when nothing else did', async () => {
    const clock = new VirtualClock();
    const { log, text } = createMemoryLog();
    await withHeartbeat({ log, clock, quiet: 60_000, line }, async () => clock.sleep(130_000));
    expect(text()).toBe('still waiting after 60 s\nstill waiting after 120 s');
  });

  it('is postponed by what the work prints', async () => {
    const clock = new VirtualClock();
    const { log, text } = createMemoryLog();
    await withHeartbeat({ log, clock, quiet: 60_000, line }, async (heard) => {
      await clock.sleep(45_000);
      heard.info('an event');
      await clock.sleep(59_000);
    });
    expect(text()).toBe('an event');
  });

  it('stops with the work, also when it fails', async () => {
    const clock = new VirtualClock();
    const { log, text } = createMemoryLog();
    const work = withHeartbeat({ log, clock, quiet: 60_000, line }, () => Promise.reject(new Error('no')));
    await expect(work).rejects.toThrow('no');
    await clock.sleep(600_000);
    expect(text()).toBe('');
  });
});
