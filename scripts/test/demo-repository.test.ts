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
        'git not found: install git or add it to the PATH',
      );
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
