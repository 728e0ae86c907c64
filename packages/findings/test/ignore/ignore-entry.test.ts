import { describe, expect, it } from '@jest/globals';
import { findIgnoreEntry, type IgnoreSubject, rejectExpired } from '../../src/ignore/ignore-entry.js';
import { parseIgnoreFile } from '../../src/ignore/parse-ignore-file.js';

const now = Date.UTC(2026, 10, 20, 12);

const read = (fields: string) => parseIgnoreFile(`ignore:\n  - { reason: known, ${fields} }\n`, 'ignore.yml');

const isIgnored = (fields: string, subject: Partial<IgnoreSubject>): boolean =>
  findIgnoreEntry(read(fields), { ids: [], ...subject }, now) !== undefined;

describe('an ignore entry', () => {
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
  ])('%s matched against %j: %p', (fields, subject, expected) => {
    expect(isIgnored(fields, subject)).toBe(expected);
  });

  it('has its reason and its position in the file', () => {
    expect(findIgnoreEntry(read('ids: [X]'), { ids: ['X'] }, now)).toMatchObject({
      reason: 'known',
      name: 'entry 1 of ignore.yml',
    });
  });
});

describe('an expiry date', () => {
  it('is at the end of the day, UTC', () => {
    const entries = read('ids: [X], expires: 2026-11-20');
    const lastMoment = Date.UTC(2026, 10, 21) - 1;
    expect(findIgnoreEntry(entries, { ids: ['X'] }, lastMoment)).toBeDefined();
    expect(findIgnoreEntry(entries, { ids: ['X'] }, lastMoment + 1)).toBeUndefined();
  });

  it('in the past throws an error', () => {
    const entries = read('ids: [X], expires: 2026-11-19');
    expect(() => rejectExpired(entries, now)).toThrow(
      "entry 1 of ignore.yml (valid until 2026-11-19: known) has expired: remove it, or review it and set a later 'expires'",
    );
  });

  it('in the future throws no error', () => {
    expect(() => rejectExpired(read('ids: [X], expires: 2026-11-20'), now)).not.toThrow();
    expect(() => rejectExpired(read('ids: [X]'), now)).not.toThrow();
  });

  it('may be a time with a zone', () => {
    expect(read('ids: [X], expires: "2026-11-20T12:00:00Z"')[0]?.expiresAt).toBe(now);
  });
});
