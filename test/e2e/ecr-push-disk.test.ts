import { execFileSync } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { dockerSaveOf, imageOf, layerOf, layoutOf, tarOf } from '../../actions/ecr-push/test/helpers/image.js';
import { Stage } from '../../actions/ecr-push/test/helpers/stage.js';

const isRootHere = process.platform === 'linux' && process.getuid?.() === 0;
if (!isRootHere) console.warn('skipped, since it takes root on Linux to mount a small disk: tests with a full disk');

(isRootHere ? describe : describe.skip)('with a disk of one megabyte', () => {
  const image = imageOf({ layers: [layerOf('small'), layerOf('large', 4_000_000)] });
  let stage: Stage;
  let disk: string;

  beforeEach(async () => {
    stage = await Stage.open();
    disk = join(stage.folder, 'disk');
    await mkdir(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
  });
  afterEach(async () => {
    execFileSync('umount', [disk]);
    await stage.close();
  });

  const push = (source: string) =>
    stage.run({ inputs: { source, repository: 'app', tags: '1.0' }, variables: { RUNNER_TEMP: disk } });
  const isThere = async () =>
    (await stage.run({ inputs: { mode: 'check', repository: 'app', tags: '1.0' } })).outputs['exists'];

  it.each([
    [
      'the layers of docker save have no room',
      'docker-archive:image.tar',
      () => tarOf(dockerSaveOf('shop:1.0', image)),
    ],
    [
      'a compressed archive has no room',
      'oci-archive:image.tar',
      () => gzipSync(tarOf(layoutOf({ latest: image.manifest }, [image]))),
    ],
  ])('says so where %s, and nothing is under the tag', async (_what, source, bytes) => {
    await stage.write('image.tar', bytes());
    const { failures } = await push(source);
    expect(failures).toEqual([expect.stringContaining('the disk is full; free some space')]);
    expect(await isThere()).toBe('false');
    expect(await readdir(disk)).toEqual([]);
  });

  it('says so where a pulled image has no room, and the layout names nothing', async () => {
    await stage.push(await stage.layout('build', image));
    const inputs = { mode: 'pull', repository: 'app', tags: '1.0', destination: 'oci:disk/pulled' };
    const { failures } = await stage.run({ inputs });
    expect(failures).toEqual([expect.stringContaining('the disk is full; free some space')]);
    expect(await readdir(join(disk, 'pulled'))).toEqual(['blobs']);
  });
});
