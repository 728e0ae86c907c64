import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  computeDigest,
  createDockerSaveFiles,
  createImage,
  createIndex,
  createLayer,
  createTar,
  createTarEntry,
} from '../../../../packages/oci/test/image-fixtures.js';
import { startDisconnectingProxy } from '../disconnecting-proxy.js';
import { ACCOUNT, type Harness, REGION, withHarness } from '../harness.js';

const image = createImage({ layers: [createLayer('large', 3_000_000)] });
const [layer] = image.layers;

describe('a connection that is cut in the middle of a blob', () => {
  const cut = async (way: 'up' | 'down', times: number, play: (harness: Harness, endpoint: string) => Promise<void>) =>
    withHarness({}, async (harness) => {
      const source = await harness.writeLayout('build', image);
      if (way === 'down') await harness.push(source);
      const proxy = await startDisconnectingProxy({
        to: harness.aws.url,
        afterBytes: 1_000_000,
        direction: way,
        maxDisconnects: times,
      });
      try {
        await play(harness, proxy.url);
        expect(proxy.disconnects()).toBeGreaterThanOrEqual(Math.min(times, 6));
      } finally {
        await proxy.close();
      }
    });

  it('on its way up is sent again, and only it', async () => {
    await cut('up', 2, async (harness, endpoint) => {
      const { failures, outputs, operations } = await harness.push('oci:build', { 'registry-endpoint': endpoint });
      expect(failures).toEqual([]);
      expect(outputs['digest']).toBe(image.manifest.digest);
      expect(operations.filter((name) => name === 'PutUpload')).toHaveLength(2);
    });
  });

  it('on its way up each time ends in clear words, and nothing is under the tag', async () => {
    await cut('up', 100, async (harness, endpoint) => {
      const { failures, operations } = await harness.push('oci:build', { 'registry-endpoint': endpoint });
      expect(failures).toHaveLength(1);
      expect(failures[0]).toContain('PUT');
      expect(operations).not.toContain('PutManifest');
      const check = await harness.run({ inputs: { mode: 'check', repository: 'app', tags: '1.0' } });
      expect(check.outputs['exists']).toBe('false');
    });
  });

  it('on its way down is fetched again, and the layout holds what it should', async () => {
    await cut('down', 2, async (harness, endpoint) => {
      const inputs = { mode: 'pull', repository: 'app', tags: '1.0', destination: 'oci:pulled' };
      const { failures } = await harness.run({ inputs: { ...inputs, 'registry-endpoint': endpoint } });
      expect(failures).toEqual([]);
      const path = join(harness.directory, 'pulled', 'blobs', 'sha256', layer?.blob.digest.slice(7) ?? '');
      expect(computeDigest(await readFile(path))).toBe(layer?.blob.digest);
    });
  });

  it('on its way down each time leaves a layout that names nothing, and no drafts', async () => {
    await cut('down', 100, async (harness, endpoint) => {
      const inputs = { mode: 'pull', repository: 'app', tags: '1.0', destination: 'oci:pulled' };
      const { failures } = await harness.run({ inputs: { ...inputs, 'registry-endpoint': endpoint } });
      expect(failures).toHaveLength(1);
      expect(await readdir(join(harness.directory, 'pulled'))).toEqual(['blobs']);
    });
  });

  it('on its way from registry to registry is fetched and sent again', async () => {
    const arn = `arn:aws:ecr:us-west-2:${ACCOUNT}:repository/app`;
    await withHarness({ ecr: { naming: 'names', repositories: { app: {}, [arn]: {} } } }, async (harness) => {
      await harness.push(await harness.writeLayout('build', image));
      harness.aws.setFaults([{ fault: 'reset', operation: 'GetBlob', calls: '1-2' }]);
      const source = `docker://${ACCOUNT}.dkr.ecr.${REGION}.localhost:${new URL(harness.aws.url).port}/app:1.0`;
      const { failures, outputs } = await harness.push(source, { regions: 'us-west-2' });
      expect(failures).toEqual([]);
      expect(outputs['digest']).toBe(image.manifest.digest);
    });
  });
});

describe('a repository that somebody else creates in the same moment', () => {
  it('is as good as one of our own', async () => {
    await withHarness({}, async (harness) => {
      harness.aws.setFaults([{ fault: 'latency', by: '100ms', operation: 'CreateRepository' }]);
      await harness.writeLayout('build', createImage());
      await harness.writeLayout('other', createImage({ command: 'other' }));
      const images = [
        { source: 'oci:build', repository: 'new', tags: ['1'] },
        { source: 'oci:other', repository: 'new', tags: ['2'] },
      ];
      const inputs = { images: JSON.stringify(images), 'create-repository': 'true' };
      const { failures, calls, log } = await harness.run({ inputs });
      expect(failures).toEqual([]);
      const errors = calls.filter(({ operation }) => operation === 'CreateRepository').map(({ error }) => error);
      expect(errors.sort()).toEqual(['RepositoryAlreadyExistsException', undefined]);
      expect(log).toContain('repository new was created by somebody else in this moment');
    });
  });
});

describe('an index that is a bomb', () => {
  // Each level lists the one below a hundred times: a hundred million images, were each done again.
  const levels = [createImage().manifest];
  for (const _ of [1, 2, 3, 4]) {
    const below = levels.at(-1) ?? image.manifest;
    levels.push(createIndex(Array(100).fill({ ...createImage(), manifest: below }), []));
  }
  const [, ...indexes] = levels;
  const top = indexes.at(-1) ?? image.manifest;

  it('is pushed, and pulled, each manifest once', async () => {
    await withHarness({}, async (harness) => {
      const images = [createImage(), ...indexes.map((manifest) => ({ ...createImage(), manifest }))];
      const source = await harness.writeLayout('bomb', { index: top, images });
      const { failures, operations } = await harness.push(source);
      expect(failures).toEqual([]);
      expect(operations.filter((name) => name === 'PutManifest')).toHaveLength(levels.length);
      const inputs = { mode: 'pull', repository: 'app', tags: '1.0', destination: 'oci:pulled' };
      const pulled = await harness.run({ inputs });
      expect(pulled.failures).toEqual([]);
      expect(pulled.operations.filter((name) => name === 'GetManifest')).toHaveLength(levels.length);
    });
  });
});

describe('a hostile docker-archive', () => {
  const files = createDockerSaveFiles('shop:1.0', image);
  const [name = '', path = ''] = Object.keys(files);
  const withManifest = (change: object): Buffer => {
    const [document] = JSON.parse(String(files['manifest.json']));
    return createTar({ ...files, 'manifest.json': Buffer.from(JSON.stringify([{ ...document, ...change }])) });
  };
  const link = (target: string, type: string): Buffer =>
    Buffer.concat([
      createTarEntry('passwd', Buffer.alloc(0), { type, link: target }),
      withManifest({ Layers: ['passwd'] }),
    ]);

  it.each([
    ['a configuration outside of it', withManifest({ Config: '../../../../etc/passwd' }), 'has no ../'],
    ['a layer outside of it', withManifest({ Layers: ['/etc/passwd'] }), 'has no /etc/passwd'],
    ['a layer that is a symbolic link out of it', link('../../../../etc/passwd', '2'), 'has no passwd'],
    ['a layer that is a link out of it', link('/etc/passwd', '1'), 'leads out of it'],
    ['a link to itself', link('passwd', '2'), 'has no passwd'],
    ['fewer layers than its configuration names', withManifest({ Layers: [] }), 'names 1 layers and the archive 0'],
    ['a layer of other bytes', createTar({ ...files, [path]: Buffer.alloc(files[path]?.length ?? 0) }), 'is corrupt'],
    ['a configuration that is none', createTar({ ...files, [name]: Buffer.from('{') }), 'the configuration'],
    ['no images', createTar({ ...files, 'manifest.json': Buffer.from('[]') }), 'holds 0 images'],
  ])('with %s is refused, and no manifest is put', async (_what, bytes, fault) => {
    await withHarness({}, async (harness) => {
      await harness.writeWorkspaceFile('saved.tar', bytes);
      const { failures, operations } = await harness.push('docker-archive:saved.tar');
      expect(failures[0]).toContain(fault);
      expect(operations).not.toContain('PutManifest');
      expect(await readdir(join(harness.directory, 'temp'))).toEqual([]);
    });
  });
});
