import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { computeDigest } from '../../../packages/oci/test/image-fixtures.js';
import { root } from '../../../scripts/command.mjs';
import { Harness } from './harness.js';

describe('the demo image', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await Harness.open();
  });
  afterEach(() => harness.close());

  /** An empty PATH hides the engines of this machine. */
  const make = (name: string): string => {
    const script = join(root, 'examples', 'delivery', 'image.mjs');
    const said = execFileSync(process.execPath, [script, join(harness.directory, name)], { env: {}, encoding: 'utf8' });
    return /sha256:[0-9a-f]{64}/u.exec(said)?.[0] ?? '';
  };

  it('is reproducible and small', async () => {
    const digest = make('one');
    expect(digest).not.toBe('');
    expect(make('two')).toBe(digest);
    const blobs = join(harness.directory, 'one', 'blobs', 'sha256');
    const contents = await Promise.all((await readdir(blobs)).map((name) => readFile(join(blobs, name))));
    expect(contents.map(computeDigest).sort()).toEqual((await readdir(blobs)).map((name) => `sha256:${name}`).sort());
    expect(contents.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(100_000);
  });

  it('is pushed, and unchanged when it is rebuilt', async () => {
    const digest = make('shop');
    const first = await harness.push('oci:shop');
    expect(first.failures).toEqual([]);
    expect(first.outputs).toMatchObject({ digest, pushed: 'true' });
    make('shop');
    expect((await harness.push('oci:shop')).outputs).toMatchObject({ digest, pushed: 'false' });
  });
});
