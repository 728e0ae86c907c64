import { describe, expect, it } from '@jest/globals';
import { parseIgnoreFile } from '../../src/ignore/parse-ignore-file.js';

describe('an ignore file', () => {
  it.each([
    ['ignore: [{ ids: [X] }]', "'reason' is required in entry 1 of f: explain why this is ignored"],
    ['ignore: [{ ids: [X], reason: " " }]', "'reason' is required"],
    ['ignore: [{ reason: r }]', 'entry 1 of f would match everything: add one of ids'],
    ['ignore: [{ ids: [], reason: r }]', "'ids' in entry 1 of f is empty"],
    ['ignore: [{ ids: [1], reason: r }]', "'ids' in entry 1 of f must be a string or a list of strings, got 1"],
    ['ignore: [{ id: X, reason: r }]', "unknown field 'id' in entry 1 of f: did you mean 'ids'?"],
    ['ignore: [{ severities: [dire], reason: r }]', "severity 'dire' in entry 1 of f must be one of critical"],
    ['ignore: [{ ids: [X], reason: r, expires: soon }]', 'must be a date, for example 2027-01-31, got "soon"'],
    ['ignore: [{ ids: [X], reason: r, expires: 2026-02-30 }]', 'must be a date, for example 2027-01-31'],
    ['ignore: [{ locations: ["a.ts:9-3"], reason: r }]', 'must be file:line or file:first-last'],
    ['ignore: [word]', 'entry 1 of f must be a mapping with the fields'],
    ['[{ ids: [X], reason: r }]', "ignore file f must be a mapping with the single key 'ignore'"],
    ['{ ignore: [], ignored: [] }', "ignore file f must be a mapping with the single key 'ignore'"],
    ['ignore: [', 'ignore file f: '],
    [
      'version: 1.0\nexcludeFiles: ["tst/**"]\nExcludeById: [x]\n',
      "ignore file f has the format of the AWS CodeGuru CLI, which has no reasons or expiry dates: write entries as 'ignore: [{ …, reason: why, expires: 2027-01-31 }]', and replace excludeFiles with 'files', ExcludeById with 'ids'",
    ],
  ])('%s is rejected: %s', (content, message) => {
    expect(() => parseIgnoreFile(content, 'f')).toThrow(message);
  });

  it('may be empty', () => {
    expect(parseIgnoreFile('ignore: []', 'f')).toEqual([]);
  });
});
