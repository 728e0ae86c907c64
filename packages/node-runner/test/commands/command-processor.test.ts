import { describe, expect, it } from '@jest/globals';
import { CommandProcessor } from '../../src/commands/command-processor.js';
import { Masks } from '../../src/commands/masks.js';

const processLines = (lines: readonly string[], { debug = false } = {}): CommandProcessor => {
  const processor = new CommandProcessor({ masks: new Masks(), workspace: '/w', debug, onLine: () => {} });
  for (const line of lines) processor.processLine(line);
  return processor;
};

describe('CommandProcessor', () => {
  it('logs ordinary output, including unknown commands', () => {
    expect(processLines(['hello', '::unknown::x']).lines).toEqual(['hello', '::unknown::x']);
  });

  it('logs groups and annotations as GitHub does', () => {
    const { lines } = processLines(['::group::One', '::notice::n', '::warning::w', '::error::e', '::endgroup::']);
    expect(lines).toEqual(['##[group]One', '##[notice]n', '##[warning]w', '##[error]e', '##[endgroup]']);
  });

  it('masks a value after its add-mask command and does not log the command', () => {
    const { lines } = processLines(['token-1', '::add-mask::token-1', 'token-1']);
    expect(lines).toEqual(['token-1', '***']);
  });

  it('masks the fields of annotations', () => {
    const [annotation] = processLines([
      '::add-mask::token-1',
      '::error title=token-1,file=token-1::a token-1',
    ]).annotations;
    expect(annotation).toMatchObject({ level: 'error', title: '***', file: '***', message: 'a ***' });
  });

  it('warns about an empty mask', () => {
    expect(processLines(['::add-mask:: ']).annotations).toMatchObject([{ level: 'warning' }]);
  });

  it('logs debug messages only with the debug option', () => {
    expect(processLines(['::debug::d']).lines).toEqual([]);
    expect(processLines(['::debug::d'], { debug: true }).lines).toEqual(['##[debug]d']);
  });

  it('executes no command between stop-commands and its token', () => {
    const token = 'a-random-token';
    const processor = processLines([`::stop-commands::${token}`, '::error::no', '::add-mask::shown', `::${token}::`]);
    expect(processor.annotations).toEqual([]);
    expect(processor.lines).toEqual(['::stop-commands::***', '::error::no', '::add-mask::shown', '::***::']);
    processor.processLine('::error::yes');
    expect(processor.annotations).toMatchObject([{ message: 'yes' }]);
  });

  it.each(['', 'error', 'pause-logging'])('rejects %j as the token of stop-commands', (token) => {
    const processor = processLines([`::stop-commands::${token}`, '::notice::still executed']);
    expect(processor.commandFailed).toBe(true);
    expect(processor.annotations.at(-1)?.message).toBe('still executed');
  });

  it('echoes commands other than add-mask between echo on and echo off', () => {
    const { lines } = processLines(['::echo::on', '::group::A', '::add-mask::token-1', '::echo::off', '::group::B']);
    expect(lines).toEqual(['::group::A', '##[group]A', '::echo::off', '##[group]B']);
  });

  it('stores state and outputs of the save-state and set-output commands', () => {
    const processor = processLines(['::save-state name=s::1%0A2', '::set-output name=o::3']);
    expect(processor).toMatchObject({ state: { s: '1\n2' }, outputs: { o: '3' }, commandFailed: false });
  });

  it.each(['::set-env name=A::1', '::add-path::/bin', '::save-state::1', '::set-output::1', '::echo::loud'])(
    'fails the step on %s',
    (line) => {
      const processor = processLines([line]);
      expect(processor.commandFailed).toBe(true);
      expect(processor.annotations).toMatchObject([{ level: 'error' }]);
    },
  );
});
