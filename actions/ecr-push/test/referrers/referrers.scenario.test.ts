import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { describe, expect, it } from '@jest/globals';
import { computeDigest, createImage, createIndex } from '../../../../packages/oci/test/image-fixtures.js';
import { type Harness, REGION, TRANSIENT_FAULTS, withHarness } from '../harness.js';

const image = createImage();
const SPDX = JSON.stringify({ spdxVersion: 'SPDX-2.3', name: 'shop' });

/** The referrers of an image, as a tool finds them in the registry. */
const listReferrers = async (harness: Harness, digest: string) => {
  const credentials = { accessKeyId: 'root', secretAccessKey: 'root' };
  const client = new ECRClient({ endpoint: harness.aws.url, region: REGION, credentials });
  const { authorizationData = [] } = await client.send(new GetAuthorizationTokenCommand({}));
  const headers = { authorization: `Basic ${authorizationData[0]?.authorizationToken}` };
  const fetchPath = (path: string) => fetch(`${harness.aws.url}/v2/app/${path}`, { headers });
  const index = JSON.parse(await (await fetchPath(`referrers/${digest}`)).text());
  const manifests = await Promise.all(
    index.manifests.map(async (each: { digest: string }) =>
      JSON.parse(await (await fetchPath(`manifests/${each.digest}`)).text()),
    ),
  );
  const blobs = await Promise.all(
    manifests.map(async ({ layers }) => (await fetchPath(`blobs/${layers[0].digest}`)).text()),
  );
  return { listed: index.manifests, manifests, blobs };
};

const push = (harness: Harness, source: string, referrers: string) => harness.push(source, { referrers });

describe('a referrer', () => {
  it('is listed for its image with its content', async () => {
    await withHarness({ allowed: ['always', 'push'] }, async (harness) => {
      await harness.writeWorkspaceFile('sbom.spdx.json', SPDX);
      const { failures, outputs, recorded } = await push(
        harness,
        await harness.writeLayout('build', image),
        'sbom.spdx.json',
      );
      expect(failures).toEqual([]);
      const [{ referrers }] = JSON.parse(outputs['images'] ?? '');
      expect(referrers).toEqual([
        { path: 'sbom.spdx.json', artifactType: 'application/spdx+json', digest: expect.stringMatching(/^sha256:/u) },
      ]);
      expect(recorded.summary()).toContain('sbom.spdx.json');
      const { listed, manifests, blobs } = await listReferrers(harness, image.manifest.digest);
      expect(listed).toMatchObject([{ digest: referrers[0].digest, artifactType: 'application/spdx+json' }]);
      const { digest, mediaType, size } = image.manifest;
      expect(manifests).toMatchObject([
        {
          mediaType: 'application/vnd.oci.image.manifest.v1+json',
          artifactType: 'application/spdx+json',
          config: { mediaType: 'application/vnd.oci.empty.v1+json', size: 2, digest: computeDigest(Buffer.from('{}')) },
          layers: [{ annotations: { 'org.opencontainers.image.title': 'sbom.spdx.json' } }],
          subject: { digest, mediaType, size },
        },
      ]);
      expect(blobs).toEqual([SPDX]);
    });
  });

  it('is pushed once, and attached to an existing image', async () => {
    await withHarness({}, async (harness) => {
      await harness.writeWorkspaceFile('sbom.spdx.json', SPDX);
      const source = await harness.writeLayout('build', image);
      await harness.push(source);
      const first = await push(harness, source, 'sbom.spdx.json');
      expect(first.outputs['pushed']).toBe('false');
      const second = await push(harness, source, 'sbom.spdx.json');
      expect(second.failures).toEqual([]);
      expect(second.log).toContain('Referrer sbom.spdx.json already exists');
      expect(second.operations.filter((name) => /Upload|PutManifest/u.test(name))).toEqual([]);
      expect(JSON.parse(second.outputs['images'] ?? '')[0].referrers).toEqual(
        JSON.parse(first.outputs['images'] ?? '')[0].referrers,
      );
    });
  });

  it('refers to the index, not to the images of its platforms', async () => {
    await withHarness({}, async (harness) => {
      await harness.writeWorkspaceFile('sbom.json', SPDX);
      const images = ['amd64', 'arm64'].map((architecture) => createImage({ architecture }));
      const index = createIndex(images, ['amd64', 'arm64']);
      await push(harness, await harness.writeLayout('build', { index, images }), 'sbom.json');
      expect((await listReferrers(harness, index.digest)).manifests).toMatchObject([
        { subject: { digest: index.digest } },
      ]);
      expect((await listReferrers(harness, images[0]?.manifest.digest ?? '')).listed).toEqual([]);
    });
  });

  it('is attached to its own image of a list', async () => {
    await withHarness({}, async (harness) => {
      await harness.writeWorkspaceFile('api.json', SPDX);
      await harness.writeWorkspaceFile('api.bin', 'bytes');
      await harness.writeLayout('api', image);
      await harness.writeLayout('web', createImage({ command: 'web' }));
      const images = [
        { source: 'oci:api', repository: 'app', tags: '1', referrers: ['api.json', 'api.bin=application/vnd.mine'] },
        { source: 'oci:web', repository: 'web', tags: '1' },
      ];
      const { failures, outputs } = await harness.run({ inputs: { images: JSON.stringify(images) } });
      expect(failures).toEqual([]);
      const [api, web] = JSON.parse(outputs['images'] ?? '');
      expect(api.referrers).toMatchObject([
        { artifactType: 'application/spdx+json' },
        { artifactType: 'application/vnd.mine' },
      ]);
      expect(web).not.toHaveProperty('referrers');
    });
  });

  it('is not attached to another image that was kept', async () => {
    await withHarness({}, async (harness) => {
      await harness.writeWorkspaceFile('sbom.json', SPDX);
      await harness.push(await harness.writeLayout('other', createImage({ command: 'other' })));
      const inputs = { referrers: 'sbom.json', 'on-existing-tag': 'keep' };
      const { failures, log, operations } = await harness.push(await harness.writeLayout('build', image), inputs);
      expect(failures).toEqual([]);
      expect(log).toContain('so sbom.json was not attached');
      expect(operations).not.toContain('PutManifest');
    });
  });

  it.each([
    ['is missing', 'none.json', "none.json'"],
    ['has no known type', 'text.txt', "referrer 'text.txt' has an unknown format"],
    ['has an invalid type', 'text.txt=text', "referrer 'text.txt=text' is invalid"],
  ])('that %s fails before the upload', async (_label, referrers, message) => {
    await withHarness({}, async (harness) => {
      await harness.writeWorkspaceFile('text.txt', 'no document');
      const { failures, operations } = await push(harness, await harness.writeLayout('build', image), referrers);
      expect(failures[0]).toContain(message);
      expect(operations.filter((name) => /Upload|PutManifest/u.test(name))).toEqual([]);
    });
  });

  it.each([
    ['mode: check', { mode: 'check' }],
    ['images', { images: '[{ source: oci:build, repository: app }]', source: '', repository: '' }],
  ])('is rejected when its image is ambiguous: %s', async (_label, inputs) => {
    await withHarness({}, async (harness) => {
      const { failures } = await harness.push('oci:build', { referrers: 'sbom.json', ...inputs });
      expect(failures[0]).toContain("input 'referrers' requires mode: push with 'source'");
    });
  });

  it.each(TRANSIENT_FAULTS)('is pushed once when requests are %s', async (_label, fault) => {
    await withHarness({}, async (harness) => {
      await harness.writeWorkspaceFile('sbom.json', SPDX);
      const source = await harness.writeLayout('build', image);
      await harness.push(source);
      const operations = ['GetManifest', 'HeadBlob', 'StartUpload', 'PutUpload', 'PutManifest'];
      harness.aws.setFaults(operations.map((operation) => ({ ...fault, operation, calls: 1 })));
      const { failures } = await push(harness, source, 'sbom.json');
      harness.aws.setFaults([]);
      expect(failures).toEqual([]);
      expect((await listReferrers(harness, image.manifest.digest)).blobs).toEqual([SPDX]);
    });
  });
});
