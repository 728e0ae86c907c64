import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createAnnotation } from '../../src/commands/annotation.js';
import type { LogEntry } from '../../src/commands/command-processor.js';
import { readPairs } from '../../src/commands/environment-file.js';
import { parseCommand } from '../../src/commands/workflow-command.js';
import { AZURE_ENV, CLEAR_LINE, createHost, ENVIRONMENTS } from './host-harness.js';

/** Values from outside that would end a line, a command, a property or a block, or begin a command. */
const HOSTILE = [
  'a\nevil=1',
  'a\r\nevil=1',
  'a\revil=1',
  'a\n::set-output name=evil::1',
  '##vso[task.setvariable variable=evil]1',
  'a\n##vso[task.complete result=Succeeded;]',
  '#\u200b#vso[task.setvariable variable=evil]1',
  '##[set-output name=evil]1',
  '##teamcity[evil]',
  'a];evil=1;',
  'a,evil=1:b',
  'evil<<EOF\n1\nEOF',
  '%0Aevil=1 %AZP25 %25 %3B %5D',
  'a\u2028::error::evil',
  '\u001b]8;;http://evil\u0007',
];

const SECTION_MARKER = new RegExp(
  `${CLEAR_LINE}section_(?:start|end):\\d+:delivery_\\d+\r${CLEAR_LINE}`.replaceAll('[', '\\['),
  'gu',
);

const COMMAND = /##\s*\w*\[/u;

/** Every entry of a log with the text in each of its places. */
const createEntries = (text: string): readonly LogEntry[] => [
  { kind: 'line', message: text },
  { kind: 'group', message: text },
  { kind: 'debug', message: text },
  { kind: 'annotation', annotation: { ...createAnnotation('error', text), title: text, file: text, line: 1 } },
  { kind: 'annotation', annotation: { ...createAnnotation('notice', text), title: text, file: text, line: 1 } },
];

describe('values from outside on GitHub', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'hostile-'));
    writeFileSync(join(directory, 'output'), '');
  });
  afterEach(() => rmSync(directory, { recursive: true }));
  const create = () => createHost({ GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: join(directory, 'output') });
  const readOutputs = () => readPairs(readFileSync(join(directory, 'output'), 'utf8'));

  it.each(HOSTILE)('keep the output %j as one value', (value) => {
    create().host.setOutput({ name: 'url', value, secret: false });
    expect(readOutputs()).toEqual({ url: value });
  });

  it.each(HOSTILE)('name no output %j', (name) => {
    const { host, getOutput } = create();
    host.setOutput({ name, value: 'x', secret: false });
    expect(readOutputs()).toEqual({});
    expect(getOutput()).toContain('has an invalid name');
  });

  it.each(HOSTILE)('add no command to the log: %j', (value) => {
    for (const entry of createEntries(value)) {
      const { host, getOutput } = create();
      host.show(entry);
      const lines = getOutput()
        .trimEnd()
        .split(/[\r\n]+/u);
      const names = lines.flatMap((line) => parseCommand(line)?.name ?? []);
      expect(names).toEqual(
        entry.kind === 'line' ? [] : [entry.kind === 'annotation' ? entry.annotation.level : entry.kind],
      );
    }
  });

  it.each(HOSTILE)('are masked as one value: %j', (value) => {
    const { host, getOutput } = create();
    host.hide(value);
    expect(parseCommand(getOutput().trimEnd())).toEqual({ name: 'add-mask', properties: {}, data: value });
  });
});

describe('values from outside on Azure DevOps', () => {
  const unescapeData = (text: string): string =>
    text
      .replaceAll('%3B', ';')
      .replaceAll('%5D', ']')
      .replaceAll('%0D', '\r')
      .replaceAll('%0A', '\n')
      .replaceAll('%AZP25', '%');

  it.each(HOSTILE)('keep the output %j as one variable', (value) => {
    const { host, getOutput } = createHost(AZURE_ENV);
    host.setOutput({ name: 'url', value, secret: false });
    const [, data = ''] =
      /^##vso\[task\.setvariable variable=url;isOutput=true;\]([^\r\n]*)\n$/u.exec(getOutput()) ?? [];
    expect(unescapeData(data)).toBe(value);
  });

  it.each(HOSTILE)('keep the name %j in its property', (name) => {
    const { host, getOutput } = createHost(AZURE_ENV);
    host.setOutput({ name, value: 'x', secret: false });
    expect(getOutput()).toMatch(/^##vso\[task\.setvariable variable=[^;\]\r\n]*;isOutput=true;\]x\n$/u);
  });

  it.each(HOSTILE)('add no command to the log: %j', (value) => {
    for (const entry of createEntries(value)) {
      const { host, getOutput } = createHost(AZURE_ENV);
      host.show(entry);
      const [first = '', ...others] = getOutput()
        .trimEnd()
        .split(/[\r\n]+/u);
      const own = entry.kind === 'line' || (entry.kind === 'annotation' && entry.annotation.level === 'notice');
      expect(COMMAND.test(first)).toBe(!own);
      for (const line of others) expect(line).not.toMatch(COMMAND);
    }
  });

  it.each(HOSTILE)('are masked line by line: %j', (value) => {
    const { host, getOutput } = createHost(AZURE_ENV);
    host.hide(value);
    for (const line of getOutput().trimEnd().split('\n')) expect(line).toMatch(/^##vso\[task\.setsecret\]/u);
  });

  it('sets no variable with a NUL character', () => {
    const { host, getOutput } = createHost(AZURE_ENV);
    host.setOutput({ name: 'url', value: 'a\0b', secret: false });
    expect(getOutput()).toContain('url contains a NUL character, which variables cannot have: variable not set');
    expect(getOutput()).not.toContain('task.setvariable');
  });
});

describe.each(['gitlab', 'shell'])('values from outside on %s', (name) => {
  it.each(HOSTILE)('add no command or control sequence to the log: %j', async (value) => {
    for (const entry of createEntries(value)) {
      const { host, getOutput } = createHost(ENVIRONMENTS[name] ?? {});
      host.show(entry);
      host.close();
      const own = getOutput().replaceAll(SECTION_MARKER, '');
      expect(own).not.toMatch(COMMAND);
      expect(own).not.toMatch(/[^\P{Cc}\n]/u);
      for (const line of own.split('\n')) expect(parseCommand(line)).toBeUndefined();
    }
  });
});
