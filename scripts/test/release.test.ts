import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { addRelease, getReleaseNotes } from '../release/changelog.mjs';
import { listVersionFiles, parseVersion, replaceVersion } from '../release/version.mjs';

const changelog = '# Changelog\n\n## Unreleased\n\n- a gate\n\n## 1.0.0 (2026-01-31)\n\n- the first one\n';

describe('the changelog', () => {
  it('gives what is unreleased to a version, and stays open for the next', () => {
    const released = addRelease(changelog, '1.1.0', '2026-02-28');
    expect(getReleaseNotes(released, '1.1.0')).toBe('- a gate');
    expect(getReleaseNotes(released, '1.0.0')).toBe('- the first one');
    expect(released).toContain('## Unreleased\n\n## 1.1.0 (2026-02-28)\n\n- a gate\n');
  });

  it('refuses a release that changes nothing', () => {
    expect(() => addRelease(changelog.replace('- a gate\n\n', ''), '1.1.0', '2026-02-28')).toThrow('says nothing');
  });

  it('has no notes of a version that was never released', () => {
    expect(() => getReleaseNotes(changelog, '2.0.0')).toThrow("no section '## 2.0.0'");
  });

  it('of this repository says what is unreleased, or what the current version brought', () => {
    const own = readFileSync('CHANGELOG.md', 'utf8');
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    const notes = ['Unreleased', String(version)].map((heading) => {
      try {
        return getReleaseNotes(own, heading);
      } catch {
        return '';
      }
    });
    expect(notes.join('')).not.toBe('');
  });
});

describe('the version', () => {
  it('is three numbers', () => {
    expect(parseVersion('1.20.3')).toEqual([1, 20, 3]);
    expect(() => parseVersion('v1')).toThrow("'v1' is no version");
  });

  it('stands in every package and in what the bundles say of themselves', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    const files = listVersionFiles(process.cwd());
    expect(files.map((file) => relative('.', file))).toContain('actions/ecr-push/package.json');
    for (const file of files) {
      const next = replaceVersion(readFileSync(file, 'utf8'), String(version), '9.8.7');
      expect(next).toContain('9.8.7');
      // A registry would be asked for any other, and whoever has the name there would answer.
      for (const [, expected] of next.matchAll(/"@aws-delivery\/[\w-]+": "([^"]+)"/g)) expect(expected).toBe('9.8.7');
    }
  });

  it('is not changed where it is not said', () => {
    expect(() => replaceVersion('{ "version": "0.0.1" }', '1.0.0', '1.1.0')).toThrow('a file of 1.0.0 does not say so');
  });
});
