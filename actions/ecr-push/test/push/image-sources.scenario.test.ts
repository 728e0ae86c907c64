import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createBlob,
  createDockerSaveFiles,
  createImage,
  createIndex,
  createLayer,
  createLayoutFiles,
  createTar,
  createTarEntry,
  type Image,
  writeFiles,
} from '../../../../packages/oci/test/image-fixtures.js';
import { ACCOUNT, Harness, REGION, withHarness } from '../harness.js';

describe('the source', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await Harness.open();
  });
  afterEach(() => harness.close());

  it('selects one of several images in a layout by tag', async () => {
    const [one, two] = [createImage({ command: 'one' }), createImage({ command: 'two' })];
    await harness.writeWorkspaceFile(
      'both.tar',
      createTar(createLayoutFiles({ one: one.manifest, two: two.manifest }, [one, two])),
    );
    const named = await harness.push('oci-archive:both.tar:two');
    expect(named.outputs['digest']).toBe(two.manifest.digest);
    const { failures } = await harness.push('oci-archive:both.tar', { tags: '2' });
    expect(failures).toEqual([
      'oci-archive:both.tar contains 2 images (available: one, two): add :name, @sha256:… or :@index to the source',
    ]);
  });

  it('selects an unnamed image by digest or index', async () => {
    const [one, two] = [createImage({ command: 'one' }), createImage({ command: 'two' })];
    const files = createLayoutFiles({ one: one.manifest, two: two.manifest }, [one, two]);
    const index = JSON.parse(String(files['index.json']));
    for (const entry of index.manifests) delete entry.annotations;
    await writeFiles(join(harness.directory, 'layout'), {
      ...files,
      'index.json': Buffer.from(JSON.stringify(index)),
    });
    const byDigest = await harness.push(`oci:layout@${two.manifest.digest}`);
    expect(byDigest.outputs['digest']).toBe(two.manifest.digest);
    const byIndex = await harness.push('oci:layout:@0', { tags: '0' });
    expect(byIndex.outputs['digest']).toBe(one.manifest.digest);
    const { failures } = await harness.push('oci:layout', { tags: '2' });
    const available = [one, two].map(({ manifest }) => `@${manifest.digest}`).join(', ');
    expect(failures[0]).toContain(`contains 2 images (available: ${available})`);
  });

  it('selects the index of a layout that also lists its images and what refers to them, as oras writes it', async () => {
    const images = ['amd64', 'arm64'].map((architecture) => createImage({ architecture }));
    const index = createIndex(images, ['amd64', 'arm64']);
    const sbom = createImage({ command: 'sbom' });
    const { mediaType, digest, size } = index;
    const document = { ...JSON.parse(String(sbom.manifest.bytes)), subject: { mediaType, digest, size } };
    const referrer = createBlob(sbom.manifest.mediaType, Buffer.from(JSON.stringify(document)));
    const listed = { one: images[0]?.manifest ?? index, two: images[1]?.manifest ?? index, three: referrer, index };
    const files = createLayoutFiles(listed, [...images, sbom]);
    const layoutIndex = JSON.parse(String(files['index.json']));
    for (const entry of layoutIndex.manifests) delete entry.annotations;
    await writeFiles(join(harness.directory, 'layout'), {
      ...files,
      'index.json': Buffer.from(JSON.stringify(layoutIndex)),
    });
    const { failures, outputs } = await harness.push('oci:layout');
    expect(failures).toEqual([]);
    expect(outputs['digest']).toBe(index.digest);
  });

  it('selects one platform of an index by digest', async () => {
    const images = ['amd64', 'arm64'].map((architecture) => createImage({ architecture }));
    const source = await harness.writeLayout('multi', { index: createIndex(images, ['amd64', 'arm64']), images });
    const { outputs } = await harness.push(`${source}@${images[1]?.manifest.digest}`);
    expect(outputs['digest']).toBe(images[1]?.manifest.digest);
  });

  it('may have several names in a layout and in an archive of docker save', async () => {
    const image = createImage();
    const files = createLayoutFiles({ one: image.manifest, two: image.manifest }, [image]);
    await writeFiles(join(harness.directory, 'layout'), files);
    expect((await harness.push('oci:layout')).outputs['digest']).toBe(image.manifest.digest);
    const saved = createDockerSaveFiles('shop:1.0', image);
    const [document] = JSON.parse(String(saved['manifest.json']));
    const documents = [document, { ...document, RepoTags: ['shop:latest'] }];
    await harness.writeWorkspaceFile(
      'saved.tar',
      createTar({ ...saved, 'manifest.json': Buffer.from(JSON.stringify(documents)) }),
    );
    expect((await harness.push('docker-archive:saved.tar', { tags: '2' })).failures).toEqual([]);
  });

  const compress = (program: string, bytes: Buffer): Buffer =>
    execFileSync(program, ['-c'], { input: bytes, maxBuffer: 1e9 });

  it.each(['gzip', 'zstd', 'xz', 'bzip2'])('may be an archive that is compressed with %s', async (program) => {
    const image = createImage();
    const tar = createTar(createLayoutFiles({ latest: image.manifest }, [image]));
    await harness.writeWorkspaceFile('image.tar.z', compress(program, tar));
    const { failures, outputs } = await harness.push('oci-archive:image.tar.z');
    expect(failures).toEqual([]);
    expect(outputs['digest']).toBe(image.manifest.digest);
    await harness.writeWorkspaceFile('damaged.tar.z', compress(program, tar).subarray(0, 200));
    const damaged = await harness.push('oci-archive:damaged.tar.z');
    expect(damaged.failures[0]).toMatch(/damaged\.tar\.z' is damaged \(.+\): create it again/u);
  });

  it('may be an archive of docker save with zstd layers', async () => {
    const image = createImage({ layers: [createLayer('plain'), createLayer('packed')] });
    const files = createDockerSaveFiles('shop:1.0', image);
    const [name = ''] = Object.keys(files)
      .filter((path) => path.endsWith('layer.tar'))
      .slice(1);
    const packed = compress('zstd', files[name] ?? Buffer.alloc(0));
    await harness.writeWorkspaceFile('saved.tar', createTar({ ...files, [name]: packed }));
    const { failures } = await harness.push('docker-archive:saved.tar');
    expect(failures).toEqual([]);
    await harness.run({ inputs: { mode: 'pull', repository: 'app', tags: '1.0', destination: 'oci:pulled' } });
    const index = JSON.parse(await readFile(join(harness.directory, 'pulled', 'index.json'), 'utf8'));
    const path = join(harness.directory, 'pulled', 'blobs', 'sha256', index.manifests[0].digest.slice(7));
    const manifest = JSON.parse(await readFile(path, 'utf8'));
    expect(manifest.mediaType).toBe('application/vnd.oci.image.manifest.v1+json');
    expect(manifest.layers.map(({ mediaType }: { mediaType: string }) => mediaType)).toEqual([
      'application/vnd.oci.image.layer.v1.tar+gzip',
      'application/vnd.oci.image.layer.v1.tar+zstd',
    ]);
  });

  it('may be an archive of docker save, recognised by its configuration', async () => {
    const image = createImage({ layers: [createLayer('base'), createLayer('top')] });
    await harness.writeWorkspaceFile('saved.tar', createTar(createDockerSaveFiles('shop:1.0', image)));
    const first = await harness.push('docker-archive:saved.tar');
    expect(first.failures).toEqual([]);
    expect(first.operations.filter((name) => name === 'PutUpload')).toHaveLength(3);
    const second = await harness.push('docker-archive:saved.tar:shop:1.0');
    expect(second.operations).toEqual(['GetAuthorizationToken', 'GetManifest']);
    expect(second.outputs['digest']).toBe(first.outputs['digest']);
  });

  it('is unchanged when another tool, or another version of Node, compressed the same layers', async () => {
    const image = createImage({ layers: [createLayer('base'), createLayer('top')] });
    const { outputs } = await harness.push(await harness.writeLayout('build', image));
    await harness.writeWorkspaceFile('saved.tar', createTar(createDockerSaveFiles('shop:1.0', image)));
    const saved = await harness.push('docker-archive:saved.tar');
    expect(saved.operations).toEqual(['GetAuthorizationToken', 'GetManifest']);
    expect(saved.outputs).toMatchObject({ digest: outputs['digest'], pushed: 'false' });
  });

  it('may be an archive of docker save with links to repeated layers', async () => {
    const image = createImage({ layers: [createLayer('base'), createLayer('base')] });
    const [layer = ''] = Object.keys(createDockerSaveFiles('shop:1.0', image)).filter((name) =>
      name.endsWith('layer.tar'),
    );
    const files = createDockerSaveFiles('shop:1.0', image);
    const document = JSON.parse(String(files['manifest.json']));
    document[0].Layers = [layer, 'again/layer.tar'];
    const link = createTarEntry('again/layer.tar', Buffer.alloc(0), { type: '2', link: `../${layer}` });
    const tar = createTar({ ...files, 'manifest.json': Buffer.from(JSON.stringify(document)) });
    await harness.writeWorkspaceFile('saved.tar', Buffer.concat([link, tar]));
    const { failures, operations } = await harness.push('docker-archive:saved.tar');
    expect(failures).toEqual([]);
    expect(operations.filter((name) => name === 'PutUpload')).toHaveLength(2);
  });

  describe('an archive of docker save with an image index', () => {
    const images = ['amd64', 'arm64'].map((architecture) => createImage({ architecture }));
    const index = createIndex(images, ['amd64', 'arm64']);
    /** As Docker with the containerd image store saves it: `manifest.json` describes one platform. */
    const createFiles = (saved: readonly Image[]) => {
      const files = createLayoutFiles({ '1.0': index }, saved);
      const layout = JSON.parse(String(files['index.json']));
      layout.manifests[0].annotations['io.containerd.image.name'] = 'docker.io/library/shop:1.0';
      const [first] = saved;
      const toPath = (digest = ''): string => `blobs/sha256/${digest.slice(7)}`;
      const document = {
        Config: toPath(first?.config.digest),
        RepoTags: ['shop:1.0'],
        Layers: first?.layers.map(({ blob }) => toPath(blob.digest)),
      };
      return {
        ...files,
        'index.json': Buffer.from(JSON.stringify(layout)),
        'manifest.json': Buffer.from(JSON.stringify([document])),
      };
    };

    it.each(['docker-archive:saved.tar', 'docker-archive:saved.tar:shop:1.0'])(
      'is pushed whole: %s',
      async (source) => {
        await harness.writeWorkspaceFile('saved.tar', createTar(createFiles(images)));
        const { failures, outputs } = await harness.push(source);
        expect(failures).toEqual([]);
        expect(outputs['digest']).toBe(index.digest);
      },
    );

    it('is rejected when a platform is missing', async () => {
      await harness.writeWorkspaceFile('saved.tar', createTar(createFiles(images.slice(0, 1))));
      const { failures, operations } = await harness.push('docker-archive:saved.tar');
      expect(failures[0]).toContain('contains an image index without the content of linux/arm64: save one platform');
      expect(operations).not.toContain('PutManifest');
    });
  });

  it('in the same repository is re-tagged without transferring blobs', async () => {
    const image = createImage();
    await harness.push(await harness.writeLayout('build', image));
    const { failures, operations, outputs } = await harness.push(`docker://${harness.host}/app:1.0`, { tags: 'live' });
    expect(failures).toEqual([]);
    expect(operations).toEqual(['GetAuthorizationToken', 'GetManifest', 'GetManifest', 'PutManifest']);
    expect(outputs['digest']).toBe(image.manifest.digest);
  });

  it('in another repository may be an index', async () => {
    const images = ['amd64', 'arm64'].map((architecture) => createImage({ architecture }));
    const index = createIndex(images, ['amd64', 'arm64']);
    await harness.push(await harness.writeLayout('build', { index, images }));
    const inputs = { source: `docker://${harness.host}/app@${index.digest}`, repository: 'web', tags: '1.0' };
    const { failures, outputs, operations } = await harness.run({ inputs });
    expect(failures).toEqual([]);
    expect(outputs['image-uri']).toBe(`${harness.host}/web@${index.digest}`);
    expect(operations.filter((name) => name === 'GetBlob')).toHaveLength(3);
  });

  it.each([
    ['none:1.0', "image 'none:1.0'"],
    ['oci:missing', 'does not exist'],
    ['oci-archive:missing.tar', 'does not exist'],
  ])('%s is rejected', async (source, message) => {
    const { failures } = await harness.push(source);
    expect(failures[0]).toContain(message);
  });
});

describe('promotion', () => {
  it('mounts blobs in a registry that supports it', async () => {
    await withHarness({ ecr: { mounting: 'ENABLED' } }, async (harness) => {
      await harness.push(await harness.writeLayout('build', createImage()));
      const source = `docker://${harness.host}/app:1.0`;
      const { failures, operations, log } = await harness.push(source, { repository: 'web' });
      expect(failures).toEqual([]);
      // One request for each of the two blobs: the mount comes before a check.
      const mounts = ['StartUpload', 'StartUpload'];
      const lookups = ['GetManifest', 'GetManifest', 'GetManifest'];
      expect(operations).toEqual(['GetAuthorizationToken', ...lookups, ...mounts, 'PutManifest']);
      expect(log).toContain('0 uploaded, 2 mounted');
    });
  });

  it('copies between accounts and Regions', async () => {
    const arn = 'arn:aws:ecr:us-west-2:999988887777:repository/app';
    await withHarness({ ecr: { naming: 'names', repositories: { app: {}, [arn]: {} } } }, async (harness) => {
      const image = createImage();
      await harness.push(await harness.writeLayout('build', image));
      const { port } = new URL(harness.aws.url);
      const source = `docker://${ACCOUNT}.dkr.ecr.${REGION}.localhost:${port}/app:1.0`;
      const step = await harness.push(source, { registries: '999988887777', regions: 'us-west-2' });
      expect(step.failures).toEqual([]);
      expect(step.outputs['image-uri']).toBe(
        `999988887777.dkr.ecr.us-west-2.localhost:${port}/app@${image.manifest.digest}`,
      );
    });
  });
});

describe('a hostile oci-archive', () => {
  const push = (name: string, bytes: Buffer) =>
    withHarness({}, async (harness) => {
      await harness.writeWorkspaceFile(name, bytes);
      return harness.push(`oci-archive:${name}`);
    });
  const image = createImage();
  const files = createLayoutFiles({ latest: image.manifest }, [image]);
  const layer = `blobs/sha256/${image.layers[0]?.blob.digest.slice(7)}`;

  it.each([
    [
      'a name that leads out',
      createTar({ ...files, '../../etc/cron.d/x': Buffer.from('x') }),
      'a path outside of the archive',
    ],
    ['an absolute name', createTar({ ...files, '/etc/passwd': Buffer.from('x') }), 'a path outside of the archive'],
    [
      'a device',
      Buffer.concat([createTarEntry('null', Buffer.alloc(0), { type: '3' }), createTar(files)]),
      'not a file, directory or link',
    ],
    ['a file that ends too early', createTar(files).subarray(0, 530), 'is truncated in the middle'],
    [
      'too many entries',
      Buffer.concat(Array(20_001).fill(createTarEntry('same', Buffer.alloc(0)))),
      'more than 20000 entries',
    ],
    [
      'a name of two megabytes',
      createTarEntry('long', Buffer.alloc(2 * 2 ** 20, 97), { type: 'L' }),
      'a header larger than',
    ],
    [
      'a PAX header of a million digits',
      Buffer.concat([createTarEntry('pax', Buffer.alloc(1_000_000, 0x39), { type: 'x' }), createTar(files)]),
      'a damaged PAX header',
    ],
    [
      'a PAX header with a wrong length',
      Buffer.concat([createTarEntry('pax', Buffer.from('99 path=x\n'), { type: 'x' }), createTar(files)]),
      'a damaged PAX header',
    ],
    ['no end mark', createTar(files).subarray(0, -1024), 'ends too early'],
    ['no archive', Buffer.alloc(2048, 7), 'not a tar archive'],
    ['a decompression bomb', gzipSync(Buffer.alloc(1024 ** 3 + 2 ** 20)), 'decompresses to more than'],
    ['a damaged compression', gzipSync(createTar(files)).subarray(0, 300), 'is damaged'],
    [
      'a manifest over the size limit',
      createTar({ ...files, 'index.json': Buffer.alloc(5 * 2 ** 20, 32) }),
      'larger than the limit',
    ],
    ['no index', createTar({ 'oci-layout': Buffer.from('{}') }), 'does not contain index.json'],
    [
      'a layer with other bytes',
      createTar({ ...files, [layer]: Buffer.alloc(files[layer]?.length ?? 0) }),
      'is corrupt',
    ],
    ['a layer that is shorter', createTar({ ...files, [layer]: Buffer.from('x') }), 'is corrupt'],
    ['a layer that is longer', createTar({ ...files, [layer]: Buffer.alloc(90_000) }), 'is corrupt'],
  ])('with %s is rejected before a manifest is put', async (_label, bytes, message) => {
    const { failures, operations } = await push('image.tar', bytes);
    expect(failures[0]).toContain(message);
    expect(operations).not.toContain('PutManifest');
  });

  it('with a path as a digest is rejected without reading the file', async () => {
    const index = JSON.parse(String(files['index.json']));
    index.manifests[0].digest = 'sha256:../../../../etc/passwd';
    const { failures } = await push(
      'image.tar',
      createTar({ ...files, 'index.json': Buffer.from(JSON.stringify(index)) }),
    );
    expect(failures[0]).toContain('is not a SHA-256 digest');
  });
});

describe('a hostile docker-archive', () => {
  const files = createDockerSaveFiles('shop:1.0', createImage());
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
    ['a configuration outside of it', withManifest({ Config: '../../../../etc/passwd' }), 'does not contain ../'],
    ['a layer outside of it', withManifest({ Layers: ['/etc/passwd'] }), 'does not contain /etc/passwd'],
    ['a layer that is a symbolic link out of it', link('../../../../etc/passwd', '2'), 'does not contain passwd'],
    ['a layer that is a link out of it', link('/etc/passwd', '1'), 'a path outside of the archive'],
    ['a link to itself', link('passwd', '2'), 'does not contain passwd'],
    [
      'fewer layers than its configuration names',
      withManifest({ Layers: [] }),
      'lists 1 layer, but manifest.json lists 0',
    ],
    ['a layer of other bytes', createTar({ ...files, [path]: Buffer.alloc(files[path]?.length ?? 0) }), 'is corrupt'],
    [
      'an invalid configuration',
      createTar({ ...files, [name]: Buffer.from('{') }),
      'image configuration is not valid JSON',
    ],
    ['no images', createTar({ ...files, 'manifest.json': Buffer.from('[]') }), 'lists no image'],
  ])('with %s is rejected before a manifest is put', async (_label, bytes, message) => {
    await withHarness({}, async (harness) => {
      await harness.writeWorkspaceFile('saved.tar', bytes);
      const { failures, operations } = await harness.push('docker-archive:saved.tar');
      expect(failures[0]).toContain(message);
      expect(operations).not.toContain('PutManifest');
      expect(await readdir(join(harness.directory, 'temp'))).toEqual([]);
    });
  });
});
