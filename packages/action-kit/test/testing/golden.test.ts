import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { compareGolden, formatCalls, formatDifference, formatJson } from '../../src/testing/golden.js';

describe('compareGolden', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'golden-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const compare = (content: string, env = {}) =>
    compareGolden({ directory, scenario: 'one', files: { log: content }, replacements: [[directory, '<dir>']], env });
  const golden = (): string => readFileSync(join(directory, 'one.log'), 'utf8');

  it('writes missing golden files, normalized, and compares existing ones', () => {
    compare(`${directory} at http://127.0.0.1:45678`);
    expect(golden()).toBe('<dir> at http://127.0.0.1:<port>\n');
    expect(() => compare('something else')).toThrow('- <dir> at http://127.0.0.1:<port>\n+ something else');
    expect(golden()).toContain('<dir>');
  });

  it('fails on a missing golden file in CI', () => {
    expect(() => compare('a', { CI: 'true' })).toThrow('is missing: run the test with UPDATE_GOLDEN=1');
  });

  it('fails on a golden file without content', () => {
    compare('a');
    expect(() => compare('')).toThrow('one.log differs');
  });

  it('overwrites and removes golden files with UPDATE_GOLDEN', () => {
    compare('a');
    writeFileSync(join(directory, 'one.old'), 'old\n');
    compare('b', { UPDATE_GOLDEN: '1', CI: 'true' });
    expect(golden()).toBe('b\n');
    expect(() => readFileSync(join(directory, 'one.old'))).toThrow('ENOENT');
  });
});

it('formatDifference shows differing lines with their context', () => {
  expect(formatDifference('a\nb\nc\nd\ne', 'a\nb\nX\nd\ne')).toBe('@ line 3\n  a\n  b\n- c\n+ X\n  d\n  e');
});

it('formatJson expands nested JSON and shows bytes as text', () => {
  const value = { json: '{"a":[1]}', loose: '{ "a": 1 }', text: Buffer.from('hello'), bytes: Buffer.from([0, 1]) };
  expect(JSON.parse(formatJson(value))).toEqual({
    json: { a: [1] },
    loose: '{ "a": 1 }',
    text: 'hello',
    bytes: '<bytes>',
  });
});

it('formatCalls merges calls that differ only in time and id', () => {
  const call = (id: string) => ({ at: `2026-01-01T00:00:0${id}Z`, id, operation: 'Describe' });
  expect(formatCalls([call('1'), call('2')])).toBe('{"at":"<time>","id":"<id>","operation":"Describe"} × 2');
});

it('formatCalls shortens ARNs of the account', () => {
  const call = { principal: 'arn:aws:iam::123456789012:user/gate', resource: 'arn:aws:s3:::artifacts' };
  expect(formatCalls([call])).toBe('{"principal":"arn:iam:user/gate","resource":"arn:aws:s3:::artifacts"}');
});
