import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../command.mjs';
import { listBundledWorkspaces, toFunctionName } from '../workspace.mjs';

describe('an entry', () => {
  it.each([
    ['main', 'main'],
    ['credential-process', 'credentialProcess'],
    ['a-1-b', 'a1B'],
  ])('%s exports %s', (entry, name) => {
    expect(toFunctionName(entry)).toBe(name);
  });

  it('has a source for each program that an action.yml names', () => {
    for (const { path, entries } of listBundledWorkspaces()) {
      const file = join(root, path, 'action.yml');
      const manifest = existsSync(file) ? readFileSync(file, 'utf8') : '';
      const programs = [...manifest.matchAll(/^ {2}(?:main|post): dist\/([\w-]+)\.js$/gm)].map(([, name]) => name);
      expect(entries).toEqual(expect.arrayContaining(programs));
      expect(entries).not.toEqual([]);
    }
  });
});
