import { describe, expect, it } from '@jest/globals';
import { findIgnoreEntry, type IgnoreSubject, rejectExpired } from '../../src/ignore/ignore-entry.js';
import { parseIgnoreFile } from '../../src/ignore/parse-ignore-file.js';

const now = Date.UTC(2026, 10, 20, 12);

const read = (fields: string) => parseIgnoreFile(`ignore:\n  - { reason: known, ${fields} }\n`, 'ignore.yml');

const isIgnored = (fields: string, subject: Partial<IgnoreSubject>): boolean =>
  findIgnoreEntry(read(fields), { ids: [], ...subject }, now) !== undefined;

describe('an exception', () => {
  const location = { file: 'src/lib/a.ts', startLine: 10, endLine: 12 };
  it.each<[string, Partial<IgnoreSubject>, boolean]>([
    ['ids: [CVE-2026-1]', { ids: ['CVE-2026-1'] }, true],
    ['ids: cve-2026-1', { ids: ['CVE-2026-1'] }, true],
    ['ids: [CVE-2026-1]', { ids: ['CVE-2026-12'] }, false],
    ['ids: [AWS_EC2_*]', { ids: ['arn', 'AWS_EC2_OPERATIONAL_ISSUE'] }, true],
    ['ids: ["a.c"]', { ids: ['abc'] }, false],
    ['severities: [low, INFORMATIONAL]', { severity: 'info' }, true],
    ['severities: [low]', { severity: 'high' }, false],
    ['severities: [low]', {}, false],
    ['tags: [rds]', { tags: ['RDS'] }, true],
    ['tags: [rds]', { tags: ['EC2'] }, false],
    ['files: ["src/**"]', { location }, true],
    ['files: ["src/*.ts"]', { location }, false],
    ['files: ["**/a.ts"]', { location: { file: 'a.ts' } }, true],
    ['files: ["./src/lib/?.ts"]', { location }, true],
    ['files: ["src/**"]', {}, false],
    ['locations: ["src/lib/a.ts:12-20"]', { location }, true],
    ['locations: ["src/lib/a.ts:13"]', { location }, false],
    ['locations: ["src/lib/a.ts"]', { location }, true],
    ['locations: ["src/lib/a.ts:12"]', { location: { file: 'src/lib/a.ts' } }, false],
    ['ids: [X], severities: [low]', { ids: ['X'], severity: 'low' }, true],
    ['ids: [X], severities: [low]', { ids: ['X'], severity: 'high' }, false],
  ])('with %s, held against %j, matches: %p', (fields, subject, expected) => {
    expect(isIgnored(fields, subject)).toBe(expected);
  });

  it('tells its reason and its place', () => {
    expect(findIgnoreEntry(read('ids: [X]'), { ids: ['X'] }, now)).toMatchObject({
      reason: 'known',
      name: 'entry 1 of ignore.yml',
    });
  });
});

describe('an expiry', () => {
  it('holds until the end of its day, UTC', () => {
    const entries = read('ids: [X], expires: 2026-11-20');
    const lastMoment = Date.UTC(2026, 10, 21) - 1;
    expect(findIgnoreEntry(entries, { ids: ['X'] }, lastMoment)).toBeDefined();
    expect(findIgnoreEntry(entries, { ids: ['X'] }, lastMoment + 1)).toBeUndefined();
  });

  it('fails loudly once it has passed', () => {
    const entries = read('ids: [X], expires: 2026-11-19');
    expect(() => rejectExpired(entries, now)).toThrow(
      "entry 1 of ignore.yml (valid until 2026-11-19: known) has expired: remove it, or review it and set a later 'expires'",
    );
  });

  it('is silent while it holds', () => {
    expect(() => rejectExpired(read('ids: [X], expires: 2026-11-20'), now)).not.toThrow();
    expect(() => rejectExpired(read('ids: [X]'), now)).not.toThrow();
  });

  it('may be a moment', () => {
    expect(read('ids: [X], expires: "2026-11-20T12:00:00Z"')[0]?.expiresAt).toBe(now);
  });
});

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
  ])('%s is refused: %s', (content, message) => {
    expect(() => parseIgnoreFile(content, 'f')).toThrow(message);
  });

  it('may be empty', () => {
    expect(parseIgnoreFile('ignore: []', 'f')).toEqual([]);
  });
});
