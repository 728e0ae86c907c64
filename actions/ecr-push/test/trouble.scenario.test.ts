import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startCuttingProxy } from './helpers/cutting-proxy.js';
import { digestOf, dockerSaveOf, imageOf, indexOf, layerOf, tarEntry, tarOf } from './helpers/image.js';
import { ACCOUNT, onStage, REGION, type Stage } from './helpers/stage.js';

const image = imageOf({ layers: [layerOf('large', 3_000_000)] });
const [layer] = image.layers;

describe('a connection that is cut in the middle of a blob', () => {
  const cut = async (way: 'up' | 'down', times: number, play: (stage: Stage, endpoint: string) => Promise<void>) =>
    onStage({}, async (stage) => {
      const source = await stage.layout('build', image);
      if (way === 'down') await stage.push(source);
      const proxy = await startCuttingProxy({ to: stage.aws.url, after: 1_000_000, way, times });
      try {
        await play(stage, proxy.url);
        expect(proxy.cuts()).toBeGreaterThanOrEqual(Math.min(times, 6));
      } finally {
        await proxy.close();
      }
    });

  it('on its way up is sent again, and only it', async () => {
    await cut('up', 2, async (stage, endpoint) => {
      const { failures, outputs, operations } = await stage.push('oci:build', { 'registry-endpoint': endpoint });
      expect(failures).toEqual([]);
      expect(outputs['digest']).toBe(image.manifest.digest);
      expect(operations.filter((name) => name === 'PutUpload')).toHaveLength(2);
    });
  });

  it('on its way up each time ends in clear words, and nothing is under the tag', async () => {
    await cut('up', 100, async (stage, endpoint) => {
      const { failures, operations } = await stage.push('oci:build', { 'registry-endpoint': endpoint });
      expect(failures).toHaveLength(1);
      expect(failures[0]).toContain('PUT');
      expect(operations).not.toContain('PutManifest');
      const check = await stage.run({ inputs: { mode: 'check', repository: 'app', tags: '1.0' } });
      expect(check.outputs['exists']).toBe('false');
    });
  });

  it('on its way down is fetched again, and the layout holds what it should', async () => {
    await cut('down', 2, async (stage, endpoint) => {
      const inputs = { mode: 'pull', repository: 'app', tags: '1.0', destination: 'oci:pulled' };
      const { failures } = await stage.run({ inputs: { ...inputs, 'registry-endpoint': endpoint } });
      expect(failures).toEqual([]);
      const path = join(stage.folder, 'pulled', 'blobs', 'sha256', layer?.blob.digest.slice(7) ?? '');
      expect(digestOf(await readFile(path))).toBe(layer?.blob.digest);
    });
  });

  it('on its way down each time leaves a layout that names nothing, and no drafts', async () => {
    await cut('down', 100, async (stage, endpoint) => {
      const inputs = { mode: 'pull', repository: 'app', tags: '1.0', destination: 'oci:pulled' };
      const { failures } = await stage.run({ inputs: { ...inputs, 'registry-endpoint': endpoint } });
      expect(failures).toHaveLength(1);
      expect(await readdir(join(stage.folder, 'pulled'))).toEqual(['blobs']);
    });
  });

  it('on its way from registry to registry is fetched and sent again', async () => {
    const arn = `arn:aws:ecr:us-west-2:${ACCOUNT}:repository/app`;
    await onStage({ ecr: { naming: 'names', repositories: { app: {}, [arn]: {} } } }, async (stage) => {
      await stage.push(await stage.layout('build', image));
      stage.aws.setFaults([{ fault: 'reset', operation: 'GetBlob', calls: '1-2' }]);
      const source = `docker://${ACCOUNT}.dkr.ecr.${REGION}.localhost:${new URL(stage.aws.url).port}/app:1.0`;
      const { failures, outputs } = await stage.push(source, { regions: 'us-west-2' });
      expect(failures).toEqual([]);
      expect(outputs['digest']).toBe(image.manifest.digest);
    });
  });
});

describe('a repository that somebody else creates in the same moment', () => {
  it('is as good as one of our own', async () => {
    await onStage({}, async (stage) => {
      stage.aws.setFaults([{ fault: 'latency', by: '100ms', operation: 'CreateRepository' }]);
      await stage.layout('build', imageOf());
      await stage.layout('other', imageOf({ command: 'other' }));
      const images = [
        { source: 'oci:build', repository: 'new', tags: ['1'] },
        { source: 'oci:other', repository: 'new', tags: ['2'] },
      ];
      const inputs = { images: JSON.stringify(images), 'create-repository': 'true' };
      const { failures, calls, log } = await stage.run({ inputs });
      expect(failures).toEqual([]);
      const errors = calls.filter(({ operation }) => operation === 'CreateRepository').map(({ error }) => error);
      expect(errors.sort()).toEqual(['RepositoryAlreadyExistsException', undefined]);
      expect(log).toContain('repository new was created by somebody else in this moment');
    });
  });
});

describe('an index that is a bomb', () => {
  // Each level lists the one below a hundred times: a hundred million images, were each done again.
  const levels = [imageOf().manifest];
  for (const _ of [1, 2, 3, 4]) {
    const below = levels.at(-1) ?? image.manifest;
    levels.push(indexOf(Array(100).fill({ ...imageOf(), manifest: below }), []));
  }
  const [, ...indexes] = levels;
  const top = indexes.at(-1) ?? image.manifest;

  it('is pushed, and pulled, each manifest once', async () => {
    await onStage({}, async (stage) => {
      const images = [imageOf(), ...indexes.map((manifest) => ({ ...imageOf(), manifest }))];
      const source = await stage.layout('bomb', { index: top, images });
      const { failures, operations } = await stage.push(source);
      expect(failures).toEqual([]);
      expect(operations.filter((name) => name === 'PutManifest')).toHaveLength(levels.length);
      const inputs = { mode: 'pull', repository: 'app', tags: '1.0', destination: 'oci:pulled' };
      const pulled = await stage.run({ inputs });
      expect(pulled.failures).toEqual([]);
      expect(pulled.operations.filter((name) => name === 'GetManifest')).toHaveLength(levels.length);
    });
  });
});

describe('a hostile docker-archive', () => {
  const files = dockerSaveOf('shop:1.0', image);
  const [name = '', path = ''] = Object.keys(files);
  const withManifest = (change: object): Buffer => {
    const [document] = JSON.parse(String(files['manifest.json']));
    return tarOf({ ...files, 'manifest.json': Buffer.from(JSON.stringify([{ ...document, ...change }])) });
  };
  const link = (target: string, type: string): Buffer =>
    Buffer.concat([tarEntry('passwd', Buffer.alloc(0), { type, link: target }), withManifest({ Layers: ['passwd'] })]);

  it.each([
    ['a configuration outside of it', withManifest({ Config: '../../../../etc/passwd' }), 'has no ../'],
    ['a layer outside of it', withManifest({ Layers: ['/etc/passwd'] }), 'has no /etc/passwd'],
    ['a layer that is a symbolic link out of it', link('../../../../etc/passwd', '2'), 'has no passwd'],
    ['a layer that is a link out of it', link('/etc/passwd', '1'), 'leads out of it'],
    ['a link to itself', link('passwd', '2'), 'has no passwd'],
    ['fewer layers than its configuration names', withManifest({ Layers: [] }), 'names 1 layers and the archive 0'],
    ['a layer of other bytes', tarOf({ ...files, [path]: Buffer.alloc(files[path]?.length ?? 0) }), 'is corrupt'],
    ['a configuration that is none', tarOf({ ...files, [name]: Buffer.from('{') }), 'the configuration'],
    ['no images', tarOf({ ...files, 'manifest.json': Buffer.from('[]') }), 'holds 0 images'],
  ])('with %s is refused, and no manifest is put', async (_what, bytes, fault) => {
    await onStage({}, async (stage) => {
      await stage.write('saved.tar', bytes);
      const { failures, operations } = await stage.push('docker-archive:saved.tar');
      expect(failures[0]).toContain(fault);
      expect(operations).not.toContain('PutManifest');
      expect(await readdir(join(stage.folder, 'temp'))).toEqual([]);
    });
  });
});
