import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { dockerSaveOf, imageOf, indexOf, layerOf, layoutOf, tarEntry, tarOf } from './helpers/image.js';
import { ACCOUNT, onStage, REGION, Stage } from './helpers/stage.js';

describe('sources', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());

  it('takes one of several images of a layout by its tag', async () => {
    const [one, two] = [imageOf({ command: 'one' }), imageOf({ command: 'two' })];
    await stage.write('both.tar', tarOf(layoutOf({ one: one.manifest, two: two.manifest }, [one, two])));
    const named = await stage.push('oci-archive:both.tar:two');
    expect(named.outputs['digest']).toBe(two.manifest.digest);
    const { failures } = await stage.push('oci-archive:both.tar', { tags: '2' });
    expect(failures).toEqual(['oci-archive:both.tar holds 2 images (there are 2: one, two): add :tag to the source']);
  });

  it('reads a compressed archive', async () => {
    const image = imageOf();
    await stage.write('image.tar.gz', gzipSync(tarOf(layoutOf({ latest: image.manifest }, [image]))));
    const { failures, outputs } = await stage.push('oci-archive:image.tar.gz');
    expect(failures).toEqual([]);
    expect(outputs['digest']).toBe(image.manifest.digest);
  });

  it('pushes what docker save wrote, and knows it again by its configuration', async () => {
    const image = imageOf({ layers: [layerOf('base'), layerOf('top')] });
    await stage.write('saved.tar', tarOf(dockerSaveOf('shop:1.0', image)));
    const first = await stage.push('docker-archive:saved.tar');
    expect(first.failures).toEqual([]);
    expect(first.operations.filter((name) => name === 'PutUpload')).toHaveLength(3);
    const second = await stage.push('docker-archive:saved.tar:shop:1.0');
    expect(second.operations).toEqual(['GetAuthorizationToken', 'GetManifest']);
    expect(second.outputs['digest']).toBe(first.outputs['digest']);
  });

  it('follows the links by which docker save says that a layer repeats', async () => {
    const image = imageOf({ layers: [layerOf('base'), layerOf('base')] });
    const [layer = ''] = Object.keys(dockerSaveOf('shop:1.0', image)).filter((name) => name.endsWith('layer.tar'));
    const files = dockerSaveOf('shop:1.0', image);
    const document = JSON.parse(String(files['manifest.json']));
    document[0].Layers = [layer, 'again/layer.tar'];
    const link = tarEntry('again/layer.tar', Buffer.alloc(0), { type: '2', link: `../${layer}` });
    const tar = tarOf({ ...files, 'manifest.json': Buffer.from(JSON.stringify(document)) });
    await stage.write('saved.tar', Buffer.concat([link, tar]));
    const { failures, operations } = await stage.push('docker-archive:saved.tar');
    expect(failures).toEqual([]);
    expect(operations.filter((name) => name === 'PutUpload')).toHaveLength(2);
  });

  it('re-tags inside a repository without moving a blob', async () => {
    const image = imageOf();
    await stage.push(await stage.layout('build', image));
    const { failures, operations, outputs } = await stage.push(`docker://${stage.host}/app:1.0`, { tags: 'live' });
    expect(failures).toEqual([]);
    expect(operations.filter((name) => /Blob|Upload/.test(name))).toEqual([]);
    expect(outputs['digest']).toBe(image.manifest.digest);
  });

  it('promotes an index from repository to repository', async () => {
    const images = ['amd64', 'arm64'].map((architecture) => imageOf({ architecture }));
    const index = indexOf(images, ['amd64', 'arm64']);
    await stage.push(await stage.layout('build', { index, images }));
    const inputs = { source: `docker://${stage.host}/app@${index.digest}`, repository: 'web', tags: '1.0' };
    const { failures, outputs, operations } = await stage.run({ inputs });
    expect(failures).toEqual([]);
    expect(outputs['image-uri']).toBe(`${stage.host}/web@${index.digest}`);
    expect(operations.filter((name) => name === 'GetBlob')).toHaveLength(3);
  });

  it.each([
    ['none:1.0', "has no image 'none:1.0'"],
    ['oci:missing', 'does not exist'],
    ['oci-archive:missing.tar', 'does not exist'],
  ])('says what is wrong with %s', async (source, fault) => {
    const { failures } = await stage.push(source);
    expect(failures[0]).toContain(fault);
  });
});

describe('promotion', () => {
  it('mounts inside a registry that allows it', async () => {
    await onStage({ ecr: { mounting: 'ENABLED' } }, async (stage) => {
      await stage.push(await stage.layout('build', imageOf()));
      const source = `docker://${stage.host}/app:1.0`;
      const { failures, operations, log } = await stage.push(source, { repository: 'web' });
      expect(failures).toEqual([]);
      expect(operations.filter((name) => name === 'PutUpload' || name === 'GetBlob')).toEqual([]);
      expect(log).toContain('0 uploaded, 2 mounted');
    });
  });

  it('goes from account to account and from Region to Region', async () => {
    const arn = 'arn:aws:ecr:us-west-2:999988887777:repository/app';
    await onStage({ ecr: { naming: 'names', repositories: { app: {}, [arn]: {} } } }, async (stage) => {
      const image = imageOf();
      await stage.push(await stage.layout('build', image));
      const { port } = new URL(stage.aws.url);
      const source = `docker://${ACCOUNT}.dkr.ecr.${REGION}.localhost:${port}/app:1.0`;
      const step = await stage.push(source, { registries: '999988887777', regions: 'us-west-2' });
      expect(step.failures).toEqual([]);
      expect(step.outputs['image-uri']).toBe(
        `999988887777.dkr.ecr.us-west-2.localhost:${port}/app@${image.manifest.digest}`,
      );
    });
  });
});

describe('hostile archives', () => {
  const push = (name: string, bytes: Buffer) =>
    onStage({}, async (stage) => {
      await stage.write(name, bytes);
      return stage.push(`oci-archive:${name}`);
    });
  const image = imageOf();
  const files = layoutOf({ latest: image.manifest }, [image]);
  const layer = `blobs/sha256/${image.layers[0]?.blob.digest.slice(7)}`;

  it.each([
    ['a name that leads out', tarOf({ ...files, '../../etc/cron.d/x': Buffer.from('x') }), 'leads out of it'],
    ['an absolute name', tarOf({ ...files, '/etc/passwd': Buffer.from('x') }), 'leads out of it'],
    ['a device', Buffer.concat([tarEntry('null', Buffer.alloc(0), { type: '3' }), tarOf(files)]), 'neither file'],
    ['a file that ends too early', tarOf(files).subarray(0, 530), 'ends in the middle'],
    [
      'more entries than any',
      Buffer.concat(Array(20_001).fill(tarEntry('same', Buffer.alloc(0)))),
      'more than 20000 entries',
    ],
    ['a name of two megabytes', tarEntry('long', Buffer.alloc(2 * 2 ** 20, 97), { type: 'L' }), 'absurd length'],
    ['no end mark', tarOf(files).subarray(0, -1024), 'ends too early'],
    ['no archive', Buffer.alloc(2048, 7), 'no tar archive'],
    ['a bomb', gzipSync(Buffer.alloc(1024 ** 3 + 2 ** 20)), 'unpacks to more than'],
    ['a damaged compression', gzipSync(tarOf(files)).subarray(0, 300), 'is damaged'],
    ['a manifest larger than any', tarOf({ ...files, 'index.json': Buffer.alloc(5 * 2 ** 20, 32) }), 'it may have'],
    ['no index', tarOf({ 'oci-layout': Buffer.from('{}') }), 'has no index.json'],
    ['a layer with other bytes', tarOf({ ...files, [layer]: Buffer.alloc(files[layer]?.length ?? 0) }), 'is corrupt'],
    ['a layer that is shorter', tarOf({ ...files, [layer]: Buffer.from('x') }), 'is corrupt'],
    ['a layer that is longer', tarOf({ ...files, [layer]: Buffer.alloc(90_000) }), 'is corrupt'],
  ])('with %s is refused, and no manifest is put', async (_what, bytes, fault) => {
    const { failures, operations } = await push('image.tar', bytes);
    expect(failures[0]).toContain(fault);
    expect(operations).not.toContain('PutManifest');
  });

  it('with a digest that is a path reads no other file', async () => {
    const index = JSON.parse(String(files['index.json']));
    index.manifests[0].digest = 'sha256:../../../../etc/passwd';
    const { failures } = await push('image.tar', tarOf({ ...files, 'index.json': Buffer.from(JSON.stringify(index)) }));
    expect(failures[0]).toContain('is not a digest');
  });
});
