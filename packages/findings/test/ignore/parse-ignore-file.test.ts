import { describe, expect, it } from '@jest/globals';
import { parseIgnoreFile } from '../../src/ignore/parse-ignore-file.js';

describe('an ignore file', () => {
  it.each([
    ['ignore: [{ ids: [X] }]', "entry 1 of f has no reason: add 'reason:' with why this may be ignored"],
    ['ignore: [{ ids: [X], reason: " " }]', 'has no reason'],
    ['ignore: [{ reason: r }]', 'entry 1 of f would except everything: add one of ids'],
    ['ignore: [{ ids: [], reason: r }]', "'ids' of entry 1 of f is empty"],
    ['ignore: [{ ids: [1], reason: r }]', "'ids' of entry 1 of f must hold texts: 1 is none"],
    ['ignore: [{ id: X, reason: r }]', "'id' of entry 1 of f is no field of an exception: did you mean 'ids'?"],
    ['ignore: [{ severities: [dire], reason: r }]', "severity 'dire' of entry 1 of f is not one of critical"],
    ['ignore: [{ ids: [X], reason: r, expires: soon }]', '\'expires\' of entry 1 of f is "soon"'],
    ['ignore: [{ ids: [X], reason: r, expires: 2026-02-30 }]', 'write a date such as 2027-01-31'],
    ['ignore: [{ locations: ["a.ts:9-3"], reason: r }]', 'must be file:line or file:first-last'],
    ['ignore: [word]', 'entry 1 of f is not a mapping'],
    ['[{ ids: [X], reason: r }]', "ignore file f must be a mapping with the one key 'ignore'"],
    ['{ ignore: [], ignored: [] }', "ignore file f must be a mapping with the one key 'ignore'"],
    ['ignore: [', 'ignore file f: '],
    [
      'version: 1.0\nexcludeFiles: ["tst/**"]\nExcludeById: [x]\n',
      "ignore file f is of the AWS CodeGuru CLI, whose exceptions have neither reason nor expiry: write entries 'ignore: [{ …, reason: why, expires: 2027-01-31 }]' with 'files' for excludeFiles, 'ids' for ExcludeById",
    ],
  ])('%s is rejected: %s', (content, message) => {
    expect(() => parseIgnoreFile(content, 'f')).toThrow(message);
  });

  it('may be empty', () => {
    expect(parseIgnoreFile('ignore: []', 'f')).toEqual([]);
  });
});
