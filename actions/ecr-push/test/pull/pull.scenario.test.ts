import { access, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createImage, createIndex, createLayer, type Image } from '../../../../packages/oci/test/image-fixtures.js';
import { FakeEngine } from '../engine/fake-engine.js';
import { Harness, TRANSIENT_FAULTS, withHarness } from '../harness.js';

describe('mode: pull', () => {
  let harness: Harness;
  const image = createImage({ layers: [createLayer('base'), createLayer('top', 90_000)] });

  beforeEach(async () => {
    harness = await Harness.open({ allowed: ['always', 'copy', 'push'] });
    await harness.push(await harness.writeLayout('build', image));
  });
  afterEach(() => harness.close());

  const pull = (inputs: Readonly<Record<string, string>>) => harness.run({ inputs: { mode: 'pull', ...inputs } });
  const getBlobPath = (directory: string, digest: string): string =>
    join(harness.directory, directory, 'blobs', 'sha256', digest.slice(7));
  const expectWhole = async (directory: string, { manifest, blobs }: Image): Promise<void> => {
    for (const each of [manifest, ...blobs])
      expect(await readFile(getBlobPath(directory, each.digest))).toEqual(each.bytes);
  };

  it('pulls an image by tag into an OCI layout that can be pushed', async () => {
    const { failures, outputs, operations, recorded } = await pull({
      repository: 'app',
      tags: '1.0',
      destination: 'oci:pulled',
    });
    expect(failures).toEqual([]);
    expect(outputs).toMatchObject({
      digest: image.manifest.digest,
      'image-uri': `${harness.host}/app@${image.manifest.digest}`,
    });
    expect(JSON.parse(outputs['images'] ?? '')).toMatchObject([{ repository: 'app', tags: ['1.0'], result: 'pulled' }]);
    expect(operations.filter((name) => /Put|Start/u.test(name))).toEqual([]);
    expect(recorded.summary()).toContain('3 downloaded');
    await expectWhole('pulled', image);
    const again = await harness.run({ inputs: { source: 'oci:pulled:1.0', repository: 'web', tags: '1.0' } });
    expect(again.failures).toEqual([]);
    expect(again.outputs['digest']).toBe(image.manifest.digest);
  });

  it('pulls an image by digest from the registry in the source', async () => {
    const source = `docker://${harness.host}/app@${image.manifest.digest}`;
    const { failures, outputs } = await pull({ source, destination: 'oci:pulled:mine' });
    expect(failures).toEqual([]);
    expect(outputs).toMatchObject({ digest: image.manifest.digest, 'image-uris': '[]' });
    const index = JSON.parse(await readFile(join(harness.directory, 'pulled', 'index.json'), 'utf8'));
    expect(index.manifests).toMatchObject([
      { digest: image.manifest.digest, annotations: { 'org.opencontainers.image.ref.name': 'mine' } },
    ]);
  });

  it('pulls every platform of an index', async () => {
    const images = ['amd64', 'arm64'].map((architecture) => createImage({ architecture }));
    const index = createIndex(images, ['amd64', 'arm64']);
    await harness.push(await harness.writeLayout('both', { index, images }), { tags: 'both' });
    const { failures, outputs } = await pull({ repository: 'app', tags: 'both', destination: 'oci:pulled' });
    expect(failures).toEqual([]);
    expect(outputs['digest']).toBe(index.digest);
    for (const each of images) await expectWhole('pulled', each);
    expect(await readFile(getBlobPath('pulled', index.digest))).toEqual(index.bytes);
  });

  it('skips existing blobs and downloads damaged ones again', async () => {
    const inputs = { repository: 'app', tags: '1.0', destination: 'oci:pulled' };
    await pull(inputs);
    const [layer] = image.layers;
    const path = getBlobPath('pulled', layer?.blob.digest ?? '');
    await writeFile(path, Buffer.alloc((await stat(path)).size));
    const { failures, operations } = await pull(inputs);
    expect(failures).toEqual([]);
    expect(operations.filter((name) => name === 'GetBlob')).toHaveLength(1);
    await expectWhole('pulled', image);
  });

  it('adds an image to a layout, and moves its tag', async () => {
    const other = createImage({ command: 'other' });
    await harness.push(await harness.writeLayout('next', other), { tags: '2.0' });
    await pull({ repository: 'app', tags: '1.0', destination: 'oci:pulled:live' });
    await pull({ repository: 'app', tags: '1.0', destination: 'oci:pulled:old' });
    await pull({ repository: 'app', tags: '2.0', destination: 'oci:pulled:live' });
    const index = JSON.parse(await readFile(join(harness.directory, 'pulled', 'index.json'), 'utf8'));
    expect(index.manifests.map(({ digest }: { digest: string }) => digest)).toEqual([
      image.manifest.digest,
      other.manifest.digest,
    ]);
  });

  it('has an engine pull by digest and tags the image', async () => {
    const docker = new FakeEngine('docker');
    const inputs = { mode: 'pull', repository: 'app', tags: '1.0', destination: 'shop:base' };
    const { failures, outputs } = await harness.run({ inputs, runProgram: docker.runProgram });
    expect(failures).toEqual([]);
    expect(outputs['digest']).toBe(image.manifest.digest);
    const reference = `${harness.host}/app@${image.manifest.digest}`;
    expect(docker.runs.map(({ args }) => args.join(' '))).toEqual([
      'info',
      `pull ${reference}`,
      `tag ${reference} shop:base`,
    ]);
    for (const { env } of docker.runs) expect(Object.keys(env).filter((name) => /AWS|INPUT/u.test(name))).toEqual([]);
  });

  it('keeps the image’s own name in an engine without a destination', async () => {
    const docker = new FakeEngine('docker');
    const inputs = { mode: 'pull', source: `docker://${harness.host}/app:1.0` };
    await harness.run({ inputs, runProgram: docker.runProgram });
    expect(docker.runs.at(-1)?.args.at(-1)).toBe(`${harness.host}/app:1.0`);
  });

  it.each([
    [{ repository: 'app', tags: 'none' }, "image 'none' of app not found"],
    [{ repository: 'none', tags: '1' }, "repository 'none' not found"],
    [{ repository: 'app', tags: '1, 2' }, "input 'tags' contains 2 tags"],
    [{ source: 'oci:build' }, "'oci:build' is not an image in a registry"],
    [{ source: 'docker://ghcr.io/a/b' }, 'ghcr.io is not one of the registries of this step'],
    [{ source: 'docker://ghcr.io/a/b', repository: 'app' }, 'cannot be combined'],
    [{}, "requires input 'source' or 'repository'"],
    [{ images: '[{ source: x }]' }, 'pulls one image'],
    [{ repository: 'app', tags: '1.0', destination: 'docker-archive:x.tar' }, 'is not a supported destination'],
    [{ repository: 'app', tags: '1.0', regions: 'eu-west-1, us-west-2' }, 'set source: docker://'],
    [{ repository: 'app', tags: '1.0', engine: 'finch' }, 'no container engine responds (finch: not installed)'],
    [
      { mode: 'push', source: 'oci:build', repository: 'app', destination: 'oci:x' },
      "'destination' requires mode: pull",
    ],
  ])('rejects %j', async (inputs, message) => {
    const { failures } = await pull(inputs);
    expect(failures[0]).toContain(message);
  });

  describe('with faults', () => {
    const inputs = { repository: 'app', tags: '1.0', destination: 'oci:pulled' };

    it.each(TRANSIENT_FAULTS)('downloads a blob whose first two requests are %s', async (_label, fault) => {
      harness.aws.setFaults([{ ...fault, operation: 'GetBlob', calls: '1-2' }]);
      expect((await pull(inputs)).failures).toEqual([]);
      await expectWhole('pulled', image);
    });

    it('lists only complete images in the layout, and reuses existing blobs', async () => {
      harness.aws.setFaults([{ fault: 'error', status: 403, code: 'DENIED', operation: 'GetBlob', calls: '3-' }]);
      const { failures } = await pull(inputs);
      expect(failures[0]).toContain('403');
      await expect(access(join(harness.directory, 'pulled', 'index.json'))).rejects.toThrow();
      expect((await readdir(join(harness.directory, 'pulled'))).filter((name) => name.startsWith('.'))).toEqual([]);
      harness.aws.setFaults([]);
      const second = await pull(inputs);
      expect(second.operations.filter((name) => name === 'GetBlob')).toHaveLength(1);
      await expectWhole('pulled', image);
    });

    it('leaves a directory alone that is not a layout', async () => {
      await mkdir(join(harness.directory, 'pulled'));
      await harness.writeWorkspaceFile('pulled/index.json', '{}');
      const { failures } = await pull(inputs);
      expect(failures[0]).toContain("is not an OCI image index: set 'destination' to another directory");
      expect(await readFile(join(harness.directory, 'pulled', 'index.json'), 'utf8')).toBe('{}');
    });
  });
});

describe('a pull from another account and Region', () => {
  it('needs only the image’s name', async () => {
    const arn = 'arn:aws:ecr:us-west-2:999988887777:repository/app';
    await withHarness({ ecr: { naming: 'names', repositories: { [arn]: {} } } }, async (harness) => {
      const image = createImage();
      await harness.push(await harness.writeLayout('build', image), {
        registries: '999988887777',
        regions: 'us-west-2',
      });
      const source = `docker://999988887777.dkr.ecr.us-west-2.localhost:${new URL(harness.aws.url).port}/app:1.0`;
      const { failures, outputs } = await harness.run({ inputs: { mode: 'pull', source, destination: 'oci:pulled' } });
      expect(failures).toEqual([]);
      expect(outputs['digest']).toBe(image.manifest.digest);
    });
  });

  it.each(['999988887777.dkr-ecr.us-west-2.on.aws', '999988887777.dkr.ecr-fips.us-west-2.amazonaws.com'])(
    'accepts the name %s of the registry',
    async (host) => {
      const arn = 'arn:aws:ecr:us-west-2:999988887777:repository/app';
      await withHarness({ ecr: { naming: 'names', repositories: { [arn]: {} } } }, async (harness) => {
        const image = createImage();
        await harness.push(await harness.writeLayout('build', image), {
          registries: '999988887777',
          regions: 'us-west-2',
        });
        const endpoint = `http://999988887777.dkr.ecr.us-west-2.localhost:${new URL(harness.aws.url).port}`;
        const { failures, outputs } = await harness.run({
          inputs: {
            mode: 'pull',
            source: `docker://${host}/app:1.0`,
            destination: 'oci:pulled',
            'registry-endpoint': endpoint,
          },
        });
        expect(failures).toEqual([]);
        expect(outputs['image-uri']).toBe(`${host}/app@${image.manifest.digest}`);
      });
    },
  );
});
