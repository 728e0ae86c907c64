import { existsSync } from 'node:fs';
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

  it('has a source in its workspace', () => {
    for (const { path, entries } of listBundledWorkspaces()) {
      for (const entry of entries) expect(existsSync(join(root, path, 'src', 'entries', `${entry}.ts`))).toBe(true);
    }
  });
});
