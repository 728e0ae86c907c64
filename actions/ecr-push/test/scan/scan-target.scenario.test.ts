import { describe, expect, it } from '@jest/globals';
import { createBlob, createImage, createIndex, type Image } from '../../../../packages/oci/test/image-fixtures.js';
import { withHarness } from '../harness.js';
import { createPullRequestEnv, image, pushThroughGate, readReport } from './scan-harness.js';

const SCANNED = { oneClock: true, ecr: { repositories: { app: {} } } } as const;

/** An index as BuildKit writes it: an image, and an attestation with the platform `unknown`. */
const withAttestation = (built: Image, attestation: Image) => {
  const document = JSON.parse(createIndex([built, attestation], ['amd64', 'none']).bytes.toString());
  document.manifests[1].platform = { os: 'unknown', architecture: 'unknown' };
  return createBlob(document.mediaType, Buffer.from(JSON.stringify(document)));
};

describe('the scan of an index', () => {
  it('skips attestations', async () => {
    await withHarness(SCANNED, async (harness) => {
      const images = [createImage(), createImage({ command: 'attestation' })];
      const [built = image, attestation = image] = images;
      const index = withAttestation(built, attestation);
      const step = await harness.push(await harness.writeLayout('build', { index, images }), { scan: 'basic' });
      expect(step.failures).toEqual([]);
      expect(step.operations.filter((name) => name === 'StartImageScan')).toHaveLength(1);
      const { images: written } = await readReport(step, 'json-file');
      expect(written[0].platforms).toEqual([{ platform: 'linux/amd64', digest: built.manifest.digest }]);
    });
  });

  it('includes the images of a nested index', async () => {
    await withHarness(SCANNED, async (harness) => {
      const images = ['amd64', 'arm64'].map((architecture) => createImage({ architecture }));
      const inner = createIndex(images, ['amd64', 'arm64']);
      const { mediaType, digest, size } = inner;
      const document = { schemaVersion: 2, mediaType, manifests: [{ mediaType, digest, size }] };
      const index = createBlob(mediaType, Buffer.from(JSON.stringify(document)));
      const nested = { manifest: inner, config: inner, layers: [], blobs: [] };
      const source = await harness.writeLayout('build', { index, images: [...images, nested] });
      const { failures, operations } = await harness.push(source, { scan: 'basic' });
      expect(failures).toEqual([]);
      expect(operations.filter((name) => name === 'StartImageScan')).toHaveLength(2);
    });
  });

  it('is unknown for an index without an image', async () => {
    await withHarness(SCANNED, async (harness) => {
      const index = createIndex([], []);
      const { failures } = await harness.push(await harness.writeLayout('build', { index, images: [] }), {
        scan: 'basic',
      });
      expect(failures).toEqual([
        'scan gate unknown: incomplete results from app:1.0: the image index contains no image',
      ]);
    });
  });
});

describe('a cancel during a scan', () => {
  it('ends the wait and does not pass', async () => {
    await withHarness({ ...SCANNED, ecr: { ...SCANNED.ecr, scanning: { duration: '9000h' } } }, async (harness) => {
      const source = await harness.writeLayout('build', image);
      const controller = new AbortController();
      const inputs = {
        source,
        repository: 'app',
        tags: '1.0',
        scan: 'basic',
        timeout: '9000h',
        'scan-timeout': '8000h',
      };
      const running = harness.run({ inputs: { ...inputs, 'on-unavailable': 'proceed' }, signal: controller.signal });
      while (!harness.aws.calls().some(({ operation }) => operation === 'StartImageScan')) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      controller.abort(new Error('stop'));
      const { failures, outputs } = await running;
      expect(failures[0]).toContain('stop');
      expect(outputs).toMatchObject({ verdict: 'unknown', digest: image.manifest.digest });
    });
  });
});

describe('a pull request without a checkout', () => {
  it('is evaluated without an ignore file', async () => {
    const hash = 'a'.repeat(40);
    const { failures, outputs } = await pushThroughGate({
      before: (harness) => createPullRequestEnv(harness, hash, hash),
    });
    expect(failures).toEqual([]);
    expect(outputs['verdict']).toBe('passed');
  });
});
