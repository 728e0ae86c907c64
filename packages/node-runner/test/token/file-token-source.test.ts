import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { FileTokenSource } from '../../src/token/file-token-source.js';

describe('FileTokenSource', () => {
  const directory = mkdtempSync(join(tmpdir(), 'token-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('reads the file for every request', async () => {
    const source = new FileTokenSource(join(directory, 'token'));
    await expect(source.mint()).rejects.toMatchObject({ code: 'token-unavailable' });
    for (const token of ['one', 'two']) {
      writeFileSync(join(directory, 'token'), `${token}\n`);
      expect(await source.mint()).toBe(token);
    }
  });
});
