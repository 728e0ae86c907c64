import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../command.mjs';
import { createRepository } from '../demo/environment/repository.js';

describe('createRepository', () => {
  it('reports a missing git', () => {
    const directory = mkdtempSync(join(tmpdir(), 'demo-'));
    try {
      expect(() => createRepository(root, directory, { PATH: directory })).toThrow(
        'the demo needs git to make a repository, and there is none: install it, or put it on the PATH',
      );
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
