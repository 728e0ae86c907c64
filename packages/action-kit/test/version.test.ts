import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { VERSION } from '../src/version.js';

const root = resolve(import.meta.dirname, '../../..');

const workspaces = ['packages', 'actions'].flatMap((folder) =>
  readdirSync(join(root, folder)).map((name) => join(folder, name)),
);

describe('the version', () => {
  it.each(['.', ...workspaces])('is the same in %s', (folder) => {
    expect(JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))).toMatchObject({ version: VERSION });
  });
});
