import { describe, expect, it } from '@jest/globals';
import { createImage, createLayer } from '../../../../packages/oci/test/image-fixtures.js';
import { type Harness, type Step, withHarness } from '../harness.js';

const COUNT = 20;
const base = ['os', 'runtime', 'libraries'].map((name) => createLayer(name, 20_000));

/** Twenty images with three shared layers and one layer each. */
const plantImages = async (harness: Harness): Promise<readonly object[]> => {
  const images = Array.from({ length: COUNT }, (_, index) => index + 1);
  for (const index of images)
    await harness.writeLayout(`image-${index}`, createImage({ layers: [...base, createLayer(`own-${index}`)] }));
  return images.map((index) => ({ source: `oci:image-${index}`, repository: `app-${index}`, tags: ['1'] }));
};

const repositories = Object.fromEntries(Array.from({ length: COUNT }, (_, index) => [`app-${index + 1}`, {}]));

const pushAll = (mounting: 'ENABLED' | 'DISABLED', concurrency: number, latency: string) =>
  withHarness({ ecr: { mounting, repositories } }, async (harness) => {
    const images = await plantImages(harness);
    harness.aws.setFaults([{ fault: 'latency', by: latency, service: 'registry' }]);
    return harness.run({ inputs: { images: JSON.stringify(images), concurrency: String(concurrency) } });
  });

/** The number of blobs that were uploaded before the first manifest. */
const countUploadsBeforeManifest = ({ operations }: Pick<Step, 'operations'>): number =>
  operations.slice(0, operations.indexOf('PutManifest')).filter((name) => name === 'PutUpload').length;

describe('twenty images that share layers', () => {
  it('upload each shared blob once in a registry that mounts blobs', async () => {
    const step = await pushAll('ENABLED', 20, '1ms');
    expect(step.failures).toEqual([]);
    // Three shared layers, and a layer and a configuration per image.
    expect(step.operations.filter((name) => name === 'PutUpload')).toHaveLength(3 + 2 * COUNT);
  });

  it('upload each blob once to a shared repository', async () => {
    await withHarness({}, async (harness) => {
      const images = (await plantImages(harness)).map((image, index) => ({
        ...image,
        repository: 'app',
        tags: [`${index}`],
      }));
      const { operations, failures } = await harness.run({
        inputs: { images: JSON.stringify(images), concurrency: '20' },
      });
      expect(failures).toEqual([]);
      expect(operations.filter((name) => name === 'PutUpload')).toHaveLength(3 + 2 * COUNT);
    });
  });

  it('are pushed one after another, or all in parallel, as `concurrency` sets it', async () => {
    const serial = await pushAll('DISABLED', 1, '50ms');
    const parallel = await pushAll('DISABLED', 20, '50ms');
    expect([...serial.failures, ...parallel.failures]).toEqual([]);
    const blobsPerImage = base.length + 2;
    expect(countUploadsBeforeManifest(serial)).toBe(blobsPerImage);
    expect(countUploadsBeforeManifest(parallel)).toBeGreaterThan(2 * blobsPerImage);
  });
});
