import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { addRelease, getReleaseNotes } from '../release/changelog.mjs';
import { listVersionFiles, parseVersion, replaceVersion } from '../release/version.mjs';

const changelog = '# Changelog\n\n## Unreleased\n\n- a gate\n\n## 1.0.0 (2026-01-31)\n\n- the first one\n';

describe('the changelog', () => {
  it('moves unreleased changes to a version', () => {
    const released = addRelease(changelog, '1.1.0', '2026-02-28');
    expect(getReleaseNotes(released, '1.1.0')).toBe('- a gate');
    expect(getReleaseNotes(released, '1.0.0')).toBe('- the first one');
    expect(released).toContain('## Unreleased\n\n## 1.1.0 (2026-02-28)\n\n- a gate\n');
  });

  it('rejects a release without changes', () => {
    expect(() => addRelease(changelog.replace('- a gate\n\n', ''), '1.1.0', '2026-02-28')).toThrow('says nothing');
  });

  it('has no notes of an unknown version', () => {
    expect(() => getReleaseNotes(changelog, '2.0.0')).toThrow("no section '## 2.0.0'");
  });

  it('of this repository has unreleased changes or notes of the current version', () => {
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
  it('consists of three numbers', () => {
    expect(parseVersion('1.20.3')).toEqual([1, 20, 3]);
    expect(() => parseVersion('v1')).toThrow("'v1' is no version");
  });

  it('is replaced in every package and in the bundled constant', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    const files = listVersionFiles(process.cwd());
    expect(files.map((file) => relative('.', file))).toContain('actions/ecr-push/package.json');
    for (const file of files) {
      const next = replaceVersion(readFileSync(file, 'utf8'), String(version), '9.8.7');
      expect(next).toContain('9.8.7');
      // npm would download any other version from the registry, possibly of another owner.
      for (const [, expected] of next.matchAll(/"@aws-delivery\/[\w-]+": "([^"]+)"/g)) expect(expected).toBe('9.8.7');
    }
  });

  it('is not replaced in a file with another version', () => {
    expect(() => replaceVersion('{ "version": "0.0.1" }', '1.0.0', '1.1.0')).toThrow('a file of 1.0.0 does not say so');
  });
});
