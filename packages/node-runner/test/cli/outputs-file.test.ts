import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type OutputsFileOptions, writeOutputs } from '../../src/cli/outputs-file.js';

describe('a dotenv file of outputs', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'outputs-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const write = (values: Readonly<Record<string, string>>, limits: OutputsFileOptions['limits'] = 'none') => {
    const path = join(directory, 'out.env');
    const outputs = Object.entries(values).map(([name, value]) => ({ name, value, secret: false }));
    const warning = writeOutputs(path, outputs, { prefix: '', limits });
    return { text: readFileSync(path, 'utf8'), warning };
  };

  it.each(['\n', '\r', '\r\n', '\0', '\u001b[31m', '\v', '\f', '\u0085', '\u2028', '\u2029'])(
    'leaves out a value with %j and names it',
    (character) => {
      expect(write({ url: `a${character}EVIL=1`, id: 'b' })).toEqual({
        text: 'ID=b\n',
        warning: expect.stringContaining('out.env does not contain url (line breaks or control characters)'),
      });
    },
  );

  it.each(['a=b', '#x', '; x', '"quoted"', "'", '$(id)', '`id`', '\\', ' ', '\t', ']', 'é😀'])(
    'keeps the value %j',
    (value) => {
      expect(write({ url: value })).toEqual({ text: `URL=${value}\n`, warning: undefined });
    },
  );

  it.each(['a\nEVIL', 'a=EVIL', 'a\rEVIL', 'a]EVIL', 'a EVIL', 'a\0EVIL'])(
    'has one variable for the name %j',
    (name) => {
      expect(write({ [name]: 'x' }).text).toBe('A_EVIL=x\n');
    },
  );

  it('keeps the first of two outputs with the same variable and names the other', () => {
    expect(write({ 'stack-id': 'own', STACK_ID: 'of the stack' })).toEqual({
      text: 'STACK_ID=own\n',
      warning: expect.stringContaining('STACK_ID (variable of another output)'),
    });
  });

  it('names outputs over the limits on GitLab alone', () => {
    const values = Object.fromEntries(
      Array.from({ length: 21 }, (_, index) => [`o${index}`, 'x'.repeat(index)]).slice(0),
    );
    const many = { ...values, o0: 'y' };
    expect(write(many, 'gitlab').warning).toContain("o20 (GitLab's limits: 20 variables, 5120 bytes)");
    expect(write({ big: 'x'.repeat(6000) }, 'gitlab')).toMatchObject({
      text: '',
      warning: expect.stringContaining('big'),
    });
    expect(write({ ...many, big: 'x'.repeat(6000) }).warning).toBeUndefined();
  });
});
