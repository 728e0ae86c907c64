import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import {
  type Blob,
  createBlob,
  createImage,
  createIndex,
  type Image,
} from '../../../../packages/oci/test/image-fixtures.js';
import { type Harness, type Step, withHarness } from '../harness.js';

const [amd64, arm64] = ['amd64', 'arm64'].map((architecture) => createImage({ architecture })) as [Image, Image];
const ATTESTATION = { os: 'unknown', architecture: 'unknown' };

/** An image with these fields in its configuration. */
const createConfiguredImage = (fields: Readonly<Record<string, unknown>>, mediaType?: string): Image => {
  const image = createImage({ command: JSON.stringify(fields) });
  const document = { ...JSON.parse(image.config.bytes.toString('utf8')), ...fields };
  const config = createBlob(mediaType ?? image.config.mediaType, Buffer.from(JSON.stringify(document)));
  const manifest = JSON.parse(image.manifest.bytes.toString('utf8'));
  const { mediaType: type, digest, size } = config;
  const bytes = Buffer.from(JSON.stringify({ ...manifest, config: { mediaType: type, digest, size } }));
  return {
    ...image,
    config,
    blobs: [config, ...image.blobs.slice(1)],
    manifest: createBlob(manifest.mediaType, bytes),
  };
};

/** What BuildKit pushes for one platform: an index of the image and its attestation. */
const createBuildKitIndex = (
  image: Image,
  architecture: string,
): { readonly index: Blob; readonly images: readonly Image[] } => {
  const attestation = createImage({ command: `attestation of ${architecture}` });
  const document = JSON.parse(createIndex([image, attestation], [architecture, 'unknown']).bytes.toString('utf8'));
  document.manifests[1] = {
    ...document.manifests[1],
    platform: ATTESTATION,
    annotations: { 'vnd.docker.reference.digest': image.manifest.digest },
  };
  return { index: createBlob(document.mediaType, Buffer.from(JSON.stringify(document))), images: [image, attestation] };
};

let layouts = 0;

/** Pushes an image as a job for one platform does, and returns its digest and URI. */
const runJob = async (harness: Harness, content: Parameters<Harness['writeLayout']>[1], repository = 'app') => {
  layouts += 1;
  const source = await harness.writeLayout(`job-${layouts}`, content);
  const { failures, outputs } = await harness.push(source, { repository, tags: `job-${layouts}` });
  expect(failures).toEqual([]);
  return { digest: outputs['digest'] ?? '', uri: outputs['image-uri'] ?? '' };
};

const join = (harness: Harness, items: readonly string[], inputs: Readonly<Record<string, string>> = {}) =>
  harness.run({ inputs: { 'index-of': items.join('\n'), repository: 'app', tags: '1.0', ...inputs } });

/** The entries of the index that a tag points to. */
const readIndex = async (harness: Harness, { outputs }: Step) => {
  const inputs = { mode: 'pull', repository: 'app', tags: '1.0', destination: 'oci:pulled' };
  expect((await harness.run({ inputs })).failures).toEqual([]);
  const path = `${harness.directory}/pulled/blobs/sha256/${outputs['digest']?.slice('sha256:'.length)}`;
  return JSON.parse(await readFile(path, 'utf8'));
};

describe('index-of', () => {
  it('joins images of several jobs by digest, with the platforms of their configurations', async () => {
    await withHarness({ allowed: ['always', 'push', 'copy'] }, async (harness) => {
      const jobs = [await runJob(harness, arm64), await runJob(harness, amd64)];
      const step = await join(
        harness,
        jobs.map(({ digest }) => digest),
      );
      expect(step.failures).toEqual([]);
      expect(step.outputs).toMatchObject({ pushed: 'true' });
      expect(await readIndex(harness, step)).toEqual({
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.index.v1+json',
        manifests: [
          { ...toEntry(amd64), platform: { os: 'linux', architecture: 'amd64' } },
          { ...toEntry(arm64), platform: { os: 'linux', architecture: 'arm64' } },
        ],
      });
      expect(step.operations.filter((name) => name.includes('Upload') || name === 'HeadBlob')).toEqual([]);
      expect(step.operations.filter((name) => name === 'PutManifest')).toHaveLength(1);
    });
  });

  it('pushes nothing again, in any order of the jobs', async () => {
    await withHarness({}, async (harness) => {
      const [first, second] = [await runJob(harness, amd64), await runJob(harness, arm64)];
      const { outputs } = await join(harness, [first.digest, second.digest]);
      const again = await join(harness, [second.digest, first.digest]);
      expect(again.outputs).toMatchObject({ digest: outputs['digest'], pushed: 'false' });
      const check = await join(harness, [first.digest, second.digest], { mode: 'check' });
      expect(check.outputs).toMatchObject({ exists: 'true', digest: outputs['digest'] });
    });
  });

  it('takes images of other repositories and of layouts', async () => {
    await withHarness({}, async (harness) => {
      const { uri } = await runJob(harness, amd64, 'web');
      const step = await join(harness, [uri, await harness.writeLayout('local', arm64)]);
      expect(step.failures).toEqual([]);
      expect((await readIndex(harness, step)).manifests).toMatchObject([toEntry(amd64), toEntry(arm64)]);
    });
  });

  it('joins indexes of BuildKit with their attestations', async () => {
    await withHarness({}, async (harness) => {
      const jobs = [
        await runJob(harness, createBuildKitIndex(amd64, 'amd64')),
        await runJob(harness, createBuildKitIndex(arm64, 'arm64')),
      ];
      const { manifests } = await readIndex(
        harness,
        await join(
          harness,
          jobs.map(({ digest }) => digest),
        ),
      );
      expect(manifests).toMatchObject([
        toEntry(amd64),
        toEntry(arm64),
        { platform: ATTESTATION },
        { platform: ATTESTATION },
      ]);
      expect(
        manifests
          .slice(2)
          .map((each: { annotations: unknown }) => Object.values(each.annotations ?? {})[0])
          .sort(),
      ).toEqual([amd64, arm64].map(({ manifest }) => manifest.digest).sort());
    });
  });

  it('keeps variants and versions of operating systems', async () => {
    await withHarness({}, async (harness) => {
      const fields = [
        { architecture: 'arm', variant: 'v6' },
        { architecture: 'arm', variant: 'v7' },
        { os: 'windows', 'os.version': '10.0.20348.1' },
        { os: 'windows', 'os.version': '10.0.17763.1' },
      ];
      const items: string[] = [];
      for (const each of fields) items.push((await runJob(harness, createConfiguredImage(each))).digest);
      const { manifests } = await readIndex(harness, await join(harness, items));
      expect(manifests.map(({ platform }: { platform: unknown }) => platform)).toEqual([
        { os: 'linux', architecture: 'arm', variant: 'v6' },
        { os: 'linux', architecture: 'arm', variant: 'v7' },
        { os: 'windows', architecture: 'amd64', 'os.version': '10.0.17763.1' },
        { os: 'windows', architecture: 'amd64', 'os.version': '10.0.20348.1' },
      ]);
    });
  });

  it.each([
    ['two images for one platform', [amd64, createImage({ command: 'second' })], 'are both for linux/amd64'],
    [
      'a default variant and no variant',
      [arm64, createConfiguredImage({ architecture: 'arm64', variant: 'v8' })],
      'are both for linux/arm64',
    ],
    ['no architecture', [createConfiguredImage({ architecture: '' })], 'has no platform'],
    [
      'an artifact',
      [createConfiguredImage({}, 'application/vnd.oci.empty.v1+json')],
      'is not an image but an artifact',
    ],
  ])('is rejected with %s, and nothing is pushed', async (_label, images, message) => {
    await withHarness({}, async (harness) => {
      const items: string[] = [];
      for (const image of images) items.push((await runJob(harness, image)).digest);
      const { failures, operations } = await join(harness, items);
      expect(failures[0]).toContain(message);
      expect(operations).not.toContain('PutManifest');
    });
  });

  it.each([
    [{ source: 'oci:build' }, "input 'index-of' cannot be combined with 'source'"],
    [{ images: '[]' }, "input 'index-of' cannot be combined with 'images'"],
    [{ 'build-directory': 'src', repository: '' }, "inputs 'build-directory' and 'index-of' cannot be combined"],
    [{ mode: 'pull' }, "input 'index-of' requires mode: push or mode: check"],
    [{ 'index-of': 'shop:1.0' }, "'shop:1.0' is an image of an engine: push it first"],
    [{ 'index-of': `sha256:${'0'.repeat(64)}` }, 'not found in'],
  ])('is rejected with %j', async (inputs, message) => {
    await withHarness({}, async (harness) => {
      const { failures } = await join(harness, [amd64.manifest.digest], inputs);
      expect(failures[0]).toContain(message);
    });
  });
});

const toEntry = ({ manifest: { mediaType, digest, size } }: Image) => ({ mediaType, digest, size });
