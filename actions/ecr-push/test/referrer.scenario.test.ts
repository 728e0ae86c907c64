import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { describe, expect, it } from '@jest/globals';
import { digestOf, imageOf, indexOf } from './helpers/image.js';
import { onStage, REGION, type Stage } from './helpers/stage.js';

const image = imageOf();
const SPDX = JSON.stringify({ spdxVersion: 'SPDX-2.3', name: 'shop' });

/** What a tool finds that asks the registry by itself what refers to an image. */
const referrersOf = async (stage: Stage, digest: string) => {
  const credentials = { accessKeyId: 'root', secretAccessKey: 'root' };
  const client = new ECRClient({ endpoint: stage.aws.url, region: REGION, credentials });
  const { authorizationData = [] } = await client.send(new GetAuthorizationTokenCommand({}));
  const headers = { authorization: `Basic ${authorizationData[0]?.authorizationToken}` };
  const ask = (path: string) => fetch(`${stage.aws.url}/v2/app/${path}`, { headers });
  const index = JSON.parse(await (await ask(`referrers/${digest}`)).text());
  const manifests = await Promise.all(
    index.manifests.map(async (each: { digest: string }) =>
      JSON.parse(await (await ask(`manifests/${each.digest}`)).text()),
    ),
  );
  const blobs = await Promise.all(manifests.map(async ({ layers }) => (await ask(`blobs/${layers[0].digest}`)).text()));
  return { listed: index.manifests, manifests, blobs };
};

const push = (stage: Stage, source: string, referrers: string) => stage.push(source, { referrers });

describe('a referrer', () => {
  it('is found from its image, whole', async () => {
    await onStage({ allowed: ['always', 'push'] }, async (stage) => {
      await stage.write('sbom.spdx.json', SPDX);
      const { failures, outputs, memory } = await push(stage, await stage.layout('build', image), 'sbom.spdx.json');
      expect(failures).toEqual([]);
      const [{ referrers }] = JSON.parse(outputs['images'] ?? '');
      expect(referrers).toEqual([
        { path: 'sbom.spdx.json', artifactType: 'application/spdx+json', digest: expect.stringMatching(/^sha256:/u) },
      ]);
      expect(memory.summary()).toContain('sbom.spdx.json');
      const { listed, manifests, blobs } = await referrersOf(stage, image.manifest.digest);
      expect(listed).toMatchObject([{ digest: referrers[0].digest, artifactType: 'application/spdx+json' }]);
      const { digest, mediaType, size } = image.manifest;
      expect(manifests).toMatchObject([
        {
          mediaType: 'application/vnd.oci.image.manifest.v1+json',
          artifactType: 'application/spdx+json',
          config: { mediaType: 'application/vnd.oci.empty.v1+json', size: 2, digest: digestOf(Buffer.from('{}')) },
          layers: [{ annotations: { 'org.opencontainers.image.title': 'sbom.spdx.json' } }],
          subject: { digest, mediaType, size },
        },
      ]);
      expect(blobs).toEqual([SPDX]);
    });
  });

  it('is pushed once, and refers to an image that was there already', async () => {
    await onStage({}, async (stage) => {
      await stage.write('sbom.spdx.json', SPDX);
      const source = await stage.layout('build', image);
      await stage.push(source);
      const first = await push(stage, source, 'sbom.spdx.json');
      expect(first.outputs['pushed']).toBe('false');
      const second = await push(stage, source, 'sbom.spdx.json');
      expect(second.failures).toEqual([]);
      expect(second.log).toContain('sbom.spdx.json refers to it already');
      expect(second.operations.filter((name) => /Upload|PutManifest/u.test(name))).toEqual([]);
      expect(JSON.parse(second.outputs['images'] ?? '')[0].referrers).toEqual(
        JSON.parse(first.outputs['images'] ?? '')[0].referrers,
      );
    });
  });

  it('refers to an index, not to its platforms', async () => {
    await onStage({}, async (stage) => {
      await stage.write('sbom.json', SPDX);
      const images = ['amd64', 'arm64'].map((architecture) => imageOf({ architecture }));
      const index = indexOf(images, ['amd64', 'arm64']);
      await push(stage, await stage.layout('build', { index, images }), 'sbom.json');
      expect((await referrersOf(stage, index.digest)).manifests).toMatchObject([{ subject: { digest: index.digest } }]);
      expect((await referrersOf(stage, images[0]?.manifest.digest ?? '')).listed).toEqual([]);
    });
  });

  it('goes with each image of a list by itself', async () => {
    await onStage({}, async (stage) => {
      await stage.write('api.json', SPDX);
      await stage.write('api.bin', 'bytes');
      await stage.layout('api', image);
      await stage.layout('web', imageOf({ command: 'web' }));
      const images = [
        { source: 'oci:api', repository: 'app', tags: '1', referrers: ['api.json', 'api.bin=application/vnd.mine'] },
        { source: 'oci:web', repository: 'web', tags: '1' },
      ];
      const { failures, outputs } = await stage.run({ inputs: { images: JSON.stringify(images) } });
      expect(failures).toEqual([]);
      const [api, web] = JSON.parse(outputs['images'] ?? '');
      expect(api.referrers).toMatchObject([
        { artifactType: 'application/spdx+json' },
        { artifactType: 'application/vnd.mine' },
      ]);
      expect(web).not.toHaveProperty('referrers');
    });
  });

  it('is not said to be about an image that was kept', async () => {
    await onStage({}, async (stage) => {
      await stage.write('sbom.json', SPDX);
      await stage.push(await stage.layout('other', imageOf({ command: 'other' })));
      const inputs = { referrers: 'sbom.json', 'on-existing-tag': 'keep' };
      const { failures, log, operations } = await stage.push(await stage.layout('build', image), inputs);
      expect(failures).toEqual([]);
      expect(log).toContain('which sbom.json may not be about');
      expect(operations).not.toContain('PutManifest');
    });
  });

  it.each([
    ['is missing', 'none.json', "none.json'"],
    ['does not tell what it is', 'text.txt', "referrer 'text.txt' does not tell what it is"],
    ['has a type that is none', 'text.txt=text', "referrer 'text.txt=text' is not a file"],
  ])('that %s is an error before a byte moves', async (_what, referrers, text) => {
    await onStage({}, async (stage) => {
      await stage.write('text.txt', 'no document');
      const { failures, operations } = await push(stage, await stage.layout('build', image), referrers);
      expect(failures[0]).toContain(text);
      expect(operations.filter((name) => /Upload|PutManifest/u.test(name))).toEqual([]);
    });
  });

  it.each([
    ['mode: check', { mode: 'check' }],
    ['images', { images: '[{ source: oci:build, repository: app }]', source: '', repository: '' }],
  ])('is refused where it is not clear which image it is about: %s', async (_what, inputs) => {
    await onStage({}, async (stage) => {
      const { failures } = await stage.push('oci:build', { referrers: 'sbom.json', ...inputs });
      expect(failures[0]).toContain("input 'referrers' goes with the one image");
    });
  });

  it.each([
    ['throttled', { fault: 'throttle' }],
    ['answered by 503', { fault: 'error', status: 503 }],
    ['cut', { fault: 'reset' }],
    ['done and never answered', { fault: 'lost-reply' }],
  ] as const)('arrives once where its requests are %s', async (_what, trouble) => {
    await onStage({}, async (stage) => {
      await stage.write('sbom.json', SPDX);
      const source = await stage.layout('build', image);
      await stage.push(source);
      const operations = ['GetManifest', 'HeadBlob', 'StartUpload', 'PutUpload', 'PutManifest'];
      stage.aws.setFaults(operations.map((operation) => ({ ...trouble, operation, calls: 1 })));
      const { failures } = await push(stage, source, 'sbom.json');
      stage.aws.setFaults([]);
      expect(failures).toEqual([]);
      expect((await referrersOf(stage, image.manifest.digest)).blobs).toEqual([SPDX]);
    });
  });
});
