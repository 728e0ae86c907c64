import { describe, expect, it } from '@jest/globals';
import { CommandProcessor } from '../../src/commands/command-processor.js';
import { Masks } from '../../src/commands/masks.js';

const processLines = (lines: readonly string[], { debug = false } = {}): CommandProcessor => {
  const processor = new CommandProcessor({ masks: new Masks(), workspace: '/w', debug, onLine: () => {} });
  for (const line of lines) processor.processLine(line);
  return processor;
};

describe('a transcript', () => {
  it('shows ordinary output, unknown commands included', () => {
    expect(processLines(['hello', '::unknown::x']).lines).toEqual(['hello', '::unknown::x']);
  });

  it('shows groups and annotations as GitHub does', () => {
    const { lines } = processLines(['::group::One', '::notice::n', '::warning::w', '::error::e', '::endgroup::']);
    expect(lines).toEqual(['##[group]One', '##[notice]n', '##[warning]w', '##[error]e', '##[endgroup]']);
  });

  it('hides a mask from the line after it on, and never shows the mask itself', () => {
    const { lines } = processLines(['token-1', '::add-mask::token-1', 'token-1']);
    expect(lines).toEqual(['token-1', '***']);
  });

  it('hides masks in annotations', () => {
    const [annotation] = processLines([
      '::add-mask::token-1',
      '::error title=token-1,file=token-1::a token-1',
    ]).annotations;
    expect(annotation).toMatchObject({ level: 'error', title: '***', file: '***', message: 'a ***' });
  });

  it('warns of an empty mask', () => {
    expect(processLines(['::add-mask:: ']).annotations).toMatchObject([{ level: 'warning' }]);
  });

  it('shows debug messages only when asked', () => {
    expect(processLines(['::debug::d']).lines).toEqual([]);
    expect(processLines(['::debug::d'], { debug: true }).lines).toEqual(['##[debug]d']);
  });

  it('carries out nothing while commands are stopped', () => {
    const token = 'a-random-token';
    const processor = processLines([`::stop-commands::${token}`, '::error::no', '::add-mask::shown', `::${token}::`]);
    expect(processor.annotations).toEqual([]);
    expect(processor.lines).toEqual(['::stop-commands::***', '::error::no', '::add-mask::shown', '::***::']);
    processor.processLine('::error::yes');
    expect(processor.annotations).toMatchObject([{ message: 'yes' }]);
  });

  it.each(['', 'error', 'pause-logging'])('refuses %j as the end of stopped commands', (token) => {
    const processor = processLines([`::stop-commands::${token}`, '::notice::still obeyed']);
    expect(processor.commandFailed).toBe(true);
    expect(processor.annotations.at(-1)?.message).toBe('still obeyed');
  });

  it('echoes commands between echo on and echo off, secrets never', () => {
    const { lines } = processLines(['::echo::on', '::group::A', '::add-mask::token-1', '::echo::off', '::group::B']);
    expect(lines).toEqual(['::group::A', '##[group]A', '::echo::off', '##[group]B']);
  });

  it('keeps state and outputs of the older commands', () => {
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

describe('an annotation', () => {
  it.each([
    ['file=/w/a/b.yml', { file: 'a/b.yml', line: undefined }],
    ['file=/elsewhere/b.yml', { file: '/elsewhere/b.yml' }],
    ['file=a.yml,line=3', { line: 3, endLine: undefined }],
    ['file=a.yml,endLine=3', { line: 3, endLine: 3 }],
    ['file=a.yml,line=3,endLine=2', { line: undefined, endLine: undefined }],
    ['file=a.yml,line=3,col=2,endColumn=5', { line: 3, column: 2, endColumn: 5 }],
    ['file=a.yml,line=3,endColumn=5', { column: 5, endColumn: 5 }],
    ['file=a.yml,line=3,col=5,endColumn=2', { line: 3, column: undefined, endColumn: undefined }],
    ['file=a.yml,line=3,endLine=4,col=1', { line: 3, endLine: 4, column: undefined }],
    ['file=a.yml,col=2', { line: undefined, column: undefined }],
    ['file=a.yml,line=three', { line: undefined }],
    ['title=T%3A t', { title: 'T: t', file: undefined }],
  ])('with %s lies where GitHub puts it', (properties, range) => {
    expect(processLines([`::error ${properties}::m`]).annotations).toMatchObject([{ message: 'm', ...range }]);
  });
});
