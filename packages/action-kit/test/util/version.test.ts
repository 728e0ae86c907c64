import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { VERSION } from '../../src/util/version.js';

const root = resolve(import.meta.dirname, '../../../..');

const workspaces = ['packages', 'actions'].flatMap((directory) =>
  readdirSync(join(root, directory)).map((name) => join(directory, name)),
);

describe('VERSION', () => {
  it.each(['.', ...workspaces])('is the same in %s', (directory) => {
    expect(JSON.parse(readFileSync(join(root, directory, 'package.json'), 'utf8'))).toMatchObject({ version: VERSION });
  });
});
