import { describe, expect, it } from '@jest/globals';
import { blobOf, type Image, imageOf, indexOf } from './helpers/image.js';
import { image, inPullRequest, pushThrough, reportOf } from './helpers/scan-stage.js';
import { onStage } from './helpers/stage.js';

const SCANNED = { oneClock: true, ecr: { repositories: { app: {} } } } as const;

/** An index as BuildKit writes it: an image, and under no platform an attestation of it. */
const withAttestation = (built: Image, attestation: Image) => {
  const document = JSON.parse(indexOf([built, attestation], ['amd64', 'none']).bytes.toString());
  document.manifests[1].platform = { os: 'unknown', architecture: 'unknown' };
  return blobOf(document.mediaType, Buffer.from(JSON.stringify(document)));
};

describe('what is scanned of an index', () => {
  it('is no attestation', async () => {
    await onStage(SCANNED, async (stage) => {
      const images = [imageOf(), imageOf({ command: 'attestation' })];
      const [built = image, attestation = image] = images;
      const index = withAttestation(built, attestation);
      const step = await stage.push(await stage.layout('build', { index, images }), { scan: 'basic' });
      expect(step.failures).toEqual([]);
      expect(step.operations.filter((name) => name === 'StartImageScan')).toHaveLength(1);
      const { images: written } = await reportOf(step, 'json-file');
      expect(written[0].platforms).toEqual([{ platform: 'linux/amd64', digest: built.manifest.digest }]);
    });
  });

  it('is every image below an index in it', async () => {
    await onStage(SCANNED, async (stage) => {
      const images = ['amd64', 'arm64'].map((architecture) => imageOf({ architecture }));
      const inner = indexOf(images, ['amd64', 'arm64']);
      const { mediaType, digest, size } = inner;
      const document = { schemaVersion: 2, mediaType, manifests: [{ mediaType, digest, size }] };
      const index = blobOf(mediaType, Buffer.from(JSON.stringify(document)));
      const nested = { manifest: inner, config: inner, layers: [], blobs: [] };
      const source = await stage.layout('build', { index, images: [...images, nested] });
      const { failures, operations } = await stage.push(source, { scan: 'basic' });
      expect(failures).toEqual([]);
      expect(operations.filter((name) => name === 'StartImageScan')).toHaveLength(2);
    });
  });

  it('is not nothing: an index without an image is unknown', async () => {
    await onStage(SCANNED, async (stage) => {
      const index = indexOf([], []);
      const { failures } = await stage.push(await stage.layout('build', { index, images: [] }), { scan: 'basic' });
      expect(failures).toEqual(['scan gate unknown: no complete answer from app:1.0: it is an index without an image']);
    });
  });
});

describe('a cancel while a scan is awaited', () => {
  it('ends the wait, and is not green', async () => {
    await onStage({ ...SCANNED, ecr: { ...SCANNED.ecr, scanning: { duration: '9000h' } } }, async (stage) => {
      const source = await stage.layout('build', image);
      const controller = new AbortController();
      const inputs = {
        source,
        repository: 'app',
        tags: '1.0',
        scan: 'basic',
        timeout: '9000h',
        'scan-timeout': '8000h',
      };
      const running = stage.run({ inputs: { ...inputs, 'on-unavailable': 'proceed' }, signal: controller.signal });
      while (!stage.aws.calls().some(({ operation }) => operation === 'StartImageScan')) {
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
  it('is gated without exceptions', async () => {
    const hash = 'a'.repeat(40);
    const { failures, outputs } = await pushThrough({ before: (stage) => inPullRequest(stage, hash, hash) });
    expect(failures).toEqual([]);
    expect(outputs['verdict']).toBe('passed');
  });
});
