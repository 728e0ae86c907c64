import { execFileSync } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Harness } from '../../../actions/ecr-push/test/harness.js';
import {
  createDockerSaveFiles,
  createImage,
  createLayer,
  createLayoutFiles,
  createTar,
} from '../../../packages/oci/test/image-fixtures.js';

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

declareUnless(isRoot ? undefined : 'not root on Linux', describe)('ecr-push on a disk of one megabyte', () => {
  const image = createImage({ layers: [createLayer('small'), createLayer('large', 4_000_000)] });
  let harness: Harness;
  let disk: string;

  beforeEach(async () => {
    harness = await Harness.open();
    disk = join(harness.directory, 'disk');
    await mkdir(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
  });
  afterEach(async () => {
    execFileSync('umount', [disk]);
    await harness.close();
  });

  const push = (source: string) =>
    harness.run({ inputs: { source, repository: 'app', tags: '1.0' }, env: { RUNNER_TEMP: disk } });
  const readExists = async () =>
    (await harness.run({ inputs: { mode: 'check', repository: 'app', tags: '1.0' } })).outputs['exists'];

  it.each([
    [
      'the layers of docker save do not fit',
      'docker-archive:image.tar',
      () => createTar(createDockerSaveFiles('shop:1.0', image)),
    ],
    [
      'a compressed archive does not fit',
      'oci-archive:image.tar',
      () => gzipSync(createTar(createLayoutFiles({ latest: image.manifest }, [image]))),
    ],
  ])('reports a full disk when %s, and sets no tag', async (_label, source, bytes) => {
    await harness.writeWorkspaceFile('image.tar', bytes());
    const { failures } = await push(source);
    expect(failures).toEqual([expect.stringContaining('the disk is full: free some space')]);
    expect(await readExists()).toBe('false');
    expect(await readdir(disk)).toEqual([]);
  });

  it('reports a full disk when a pulled image does not fit, and leaves no index', async () => {
    await harness.push(await harness.writeLayout('build', image));
    const inputs = { mode: 'pull', repository: 'app', tags: '1.0', destination: 'oci:disk/pulled' };
    const { failures } = await harness.run({ inputs });
    expect(failures).toEqual([expect.stringContaining('the disk is full: free some space')]);
    expect(await readdir(join(disk, 'pulled'))).toEqual(['blobs']);
  });
});
