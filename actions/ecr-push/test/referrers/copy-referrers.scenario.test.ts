import { ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import { describe, expect, it } from '@jest/globals';
import {
  type Blob,
  createBlob,
  createImage,
  createIndex,
  type Image,
} from '../../../../packages/oci/test/image-fixtures.js';
import { type Harness, REGION, TRANSIENT_FAULTS, withHarness } from '../harness.js';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const image = createImage();
const platforms = ['amd64', 'arm64'].map((architecture) => createImage({ architecture }));
const index = createIndex(platforms, ['amd64', 'arm64']);

/** An artifact that refers to a manifest. */
const createReferrer = (subject: Blob, type: string): Image => {
  const artifact = createImage({ command: type });
  const document = JSON.parse(artifact.manifest.bytes.toString('utf8'));
  const { mediaType, digest, size } = subject;
  const manifest = { ...document, artifactType: type, subject: { mediaType, digest, size } };
  return { ...artifact, manifest: createBlob(MANIFEST, Buffer.from(JSON.stringify(manifest))) };
};

/** The tag under which cosign stores a signature, an attestation or an SBOM. */
const toCosignTag = ({ digest }: Blob, suffix: string): string => `${digest.replace(':', '-')}.${suffix}`;

const fetchPath = async (harness: Harness, path: string) => {
  const credentials = { accessKeyId: 'root', secretAccessKey: 'root' };
  const client = new ECRClient({ endpoint: harness.aws.url, region: REGION, credentials });
  const { authorizationData = [] } = await client.send(new GetAuthorizationTokenCommand({}));
  const authorization = `Basic ${authorizationData[0]?.authorizationToken}`;
  return fetch(`${harness.aws.url}/v2/${path}`, {
    headers: { authorization, accept: `${MANIFEST}, application/vnd.oci.image.index.v1+json` },
  });
};

const listReferrers = async (harness: Harness, repository: string, { digest }: Blob): Promise<readonly string[]> => {
  const response = await fetchPath(harness, `${repository}/referrers/${digest}`);
  const { manifests } = JSON.parse(await response.text());
  return manifests.map((each: { digest: string }) => each.digest);
};

const findDigest = async (harness: Harness, repository: string, tag: string) =>
  (await fetchPath(harness, `${repository}/manifests/${tag}`)).headers.get('docker-content-digest');

let layouts = 0;

/** Pushes an image to the repository `app`, which promotions start from. */
const store = async (harness: Harness, content: Image | { index: Blob; images: readonly Image[] }, tag: string) => {
  layouts += 1;
  const { failures } = await harness.push(await harness.writeLayout(`layout-${layouts}`, content), { tags: tag });
  expect(failures).toEqual([]);
};

const promote = (harness: Harness, inputs: Readonly<Record<string, string>> = {}) =>
  harness.push(`docker://${harness.host}/app:1.0`, { repository: 'web', 'copy-referrers': 'true', ...inputs });

describe('copy-referrers', () => {
  it('copies referrers of the image and of referrers, and verifies that they are listed', async () => {
    await withHarness({ allowed: ['always', 'push', 'copy', 'copy-referrers'] }, async (harness) => {
      const sbom = createReferrer(image.manifest, 'application/spdx+json');
      const signature = createReferrer(sbom.manifest, 'application/vnd.dev.sigstore.bundle.v0.3+json');
      await store(harness, image, '1.0');
      await store(harness, sbom, 'sbom');
      await store(harness, signature, 'signature');
      const { failures, outputs, recorded, log } = await promote(harness);
      expect(failures).toEqual([]);
      expect(await listReferrers(harness, 'web', image.manifest)).toEqual([sbom.manifest.digest]);
      expect(await listReferrers(harness, 'web', sbom.manifest)).toEqual([signature.manifest.digest]);
      expect(await findDigest(harness, 'web', 'sbom')).toBeNull();
      expect(log).toContain('app:1.0: Copied 2 referrers'.replace('app', 'web'));
      expect(JSON.parse(outputs['images'] ?? '')[0].referrers).toEqual([
        { artifactType: 'application/spdx+json', digest: sbom.manifest.digest, subject: image.manifest.digest },
        {
          artifactType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
          digest: signature.manifest.digest,
          subject: sbom.manifest.digest,
        },
      ]);
      expect(recorded.summary()).toContain('application/spdx+json');
    });
  });

  it('copies the tags of cosign, of an index and of its platforms', async () => {
    await withHarness({}, async (harness) => {
      const [arm] = platforms.slice(1);
      const tags = ['sig', 'att', 'sbom'].map((suffix) => toCosignTag(index, suffix));
      if (arm !== undefined) tags.push(toCosignTag(arm.manifest, 'sig'));
      await store(harness, { index, images: platforms }, '1.0');
      for (const tag of tags) await store(harness, createImage({ command: tag }), tag);
      expect((await promote(harness)).failures).toEqual([]);
      for (const tag of tags) {
        expect(await findDigest(harness, 'web', tag)).toBe(createImage({ command: tag }).manifest.digest);
      }
    });
  });

  it('copies a referrer that was added later, and nothing in the next run', async () => {
    await withHarness({}, async (harness) => {
      await store(harness, image, '1.0');
      await promote(harness);
      const sbom = createReferrer(image.manifest, 'application/spdx+json');
      await store(harness, sbom, 'sbom');
      const second = await promote(harness);
      expect(second.outputs['pushed']).toBe('false');
      expect(await listReferrers(harness, 'web', image.manifest)).toEqual([sbom.manifest.digest]);
      const third = await promote(harness);
      expect(third.log).toContain('Copied 0 referrers, 1 already in the repository or kept');
      expect(third.operations.filter((name) => /Upload|PutManifest/u.test(name))).toEqual([]);
    });
  });

  it.each([
    ['move', 'new', []],
    ['keep', 'signed in the target', []],
    ['fail', 'signed in the target', ['already points to another manifest']],
  ])('applies on-existing-tag: %s to a tag of cosign', async (policy, command, messages) => {
    await withHarness({}, async (harness) => {
      const tag = toCosignTag(image.manifest, 'sig');
      await store(harness, image, '1.0');
      await store(harness, createImage({ command: 'new' }), tag);
      const other = await harness.writeLayout('other', createImage({ command: 'signed in the target' }));
      await harness.push(other, { repository: 'web', tags: tag });
      const { failures } = await promote(harness, { 'on-existing-tag': policy });
      expect(failures).toEqual(messages.map((message) => expect.stringContaining(message)));
      expect(await findDigest(harness, 'web', tag)).toBe(createImage({ command }).manifest.digest);
    });
  });

  it('reads and writes the referrers tag where registries have no referrers API', async () => {
    await withHarness({}, async (harness) => {
      harness.aws.setFaults([{ fault: 'error', status: 404, operation: 'ListReferrers' }]);
      const artifacts = ['application/spdx+json', 'application/sarif+json'].map((type) =>
        createReferrer(image.manifest, type),
      );
      const tag = image.manifest.digest.replace(':', '-');
      await store(harness, image, '1.0');
      for (const position of artifacts.keys()) {
        await store(harness, { index: createIndex(artifacts.slice(0, position + 1), []), images: artifacts }, tag);
        const { failures } = await promote(harness);
        expect(failures).toEqual([]);
      }
      expect(await (await fetchPath(harness, `web/manifests/${tag}`)).json()).toMatchObject({
        manifests: artifacts.map(({ manifest }, position) => ({
          digest: manifest.digest,
          artifactType: ['application/spdx+json', 'application/sarif+json'][position],
        })),
      });
    });
  });

  it('does not copy a listed manifest that refers to another image', async () => {
    await withHarness({}, async (harness) => {
      const stranger = createReferrer(createImage({ command: 'other' }).manifest, 'application/spdx+json');
      const tag = image.manifest.digest.replace(':', '-');
      await store(harness, image, '1.0');
      await store(harness, { index: createIndex([stranger], []), images: [stranger] }, tag);
      const { log } = await promote(harness);
      expect(log).toContain('Copied 0 referrers');
    });
  });

  it('fails without the permission to list referrers, and does not set the tag', async () => {
    await withHarness({ allowed: ['always', 'push', 'copy'] }, async (harness) => {
      await store(harness, image, '1.0');
      const { failures } = await promote(harness);
      expect(failures[0]).toContain('ecr:ListImageReferrers');
      expect(await findDigest(harness, 'web', '1.0')).toBeNull();
    });
  });

  it.each([
    ['a layout', { source: 'oci:build' }],
    ['mode: check', { mode: 'check' }],
    ['mode: login', { mode: 'login' }],
  ])('is rejected with %s', async (_label, inputs) => {
    await withHarness({}, async (harness) => {
      const { failures } = await promote(harness, inputs);
      expect(failures[0]).toContain("input 'copy-referrers' requires mode: push with docker:// sources only");
    });
  });

  it.each(TRANSIENT_FAULTS)('ends with every referrer when requests are %s', async (_label, fault) => {
    await withHarness({}, async (harness) => {
      const sbom = createReferrer(image.manifest, 'application/spdx+json');
      const tag = toCosignTag(image.manifest, 'sig');
      await store(harness, image, '1.0');
      await store(harness, sbom, 'sbom');
      await store(harness, createImage({ command: 'signature' }), tag);
      const operations = ['GetManifest', 'ListReferrers', 'HeadBlob', 'StartUpload', 'GetBlob', 'PutManifest'];
      harness.aws.setFaults(operations.map((operation) => ({ ...fault, operation, calls: 1 })));
      const { failures } = await promote(harness);
      harness.aws.setFaults([]);
      expect(failures).toEqual([]);
      expect(await listReferrers(harness, 'web', image.manifest)).toEqual([sbom.manifest.digest]);
      expect(await findDigest(harness, 'web', tag)).toBe(createImage({ command: 'signature' }).manifest.digest);
    });
  });
});
