import { describe, expect, it } from '@jest/globals';
import { createImage, createLayer } from '../../../../packages/oci/test/image-fixtures.js';
import { type HarnessOptions, TRANSIENT_FAULTS, withHarness } from '../harness.js';

type Faults = NonNullable<HarnessOptions['faults']>;

const image = createImage({ layers: [createLayer('one'), createLayer('two')] });

const pushUnder = (faults: Faults, ecr: NonNullable<HarnessOptions['ecr']> = {}) =>
  withHarness({ ecr }, async (harness) => {
    const source = await harness.writeLayout('build', image);
    harness.aws.setFaults(faults);
    const step = await harness.push(source);
    harness.aws.setFaults([]);
    const check = await harness.run({ inputs: { mode: 'check', repository: 'app', tags: '1.0' } });
    return { step, digest: check.outputs['digest'] };
  });

const REQUESTS = ['GetAuthorizationToken', 'GetManifest', 'HeadBlob', 'StartUpload', 'PutUpload', 'PutManifest'];

describe.each(REQUESTS)('%s', (operation) => {
  it.each(TRANSIENT_FAULTS)('is retried when the first two are %s', async (_label, fault) => {
    const { step, digest } = await pushUnder([{ ...fault, operation, calls: '1-2' }]);
    expect(step.failures).toEqual([]);
    expect(digest).toBe(image.manifest.digest);
  });

  it('fails the push without setting the tag when it is denied', async () => {
    const { step, digest } = await pushUnder([
      { fault: 'error', status: 403, code: 'AccessDeniedException', operation },
    ]);
    expect(step.failures).toHaveLength(1);
    expect(step.failures[0]).toMatch(/403|AccessDenied/u);
    expect(digest).toBeUndefined();
  });
});

describe('an immutable tag', () => {
  it('that was set by a request with a lost response is not an error', async () => {
    const repositories = { app: { mutability: 'IMMUTABLE' as const } };
    const { step, digest } = await pushUnder([{ fault: 'lost-reply', operation: 'PutManifest', calls: 1 }], {
      repositories,
    });
    expect(step.failures).toEqual([]);
    expect(digest).toBe(image.manifest.digest);
  });
});

describe('a push', () => {
  it('renews a token that expires during it', async () => {
    await withHarness({ ecr: { tokenLifetime: '1s' } }, async (harness) => {
      const source = await harness.writeLayout('build', image);
      harness.aws.setFaults([{ fault: 'latency', by: '1100ms', operation: 'PutUpload', calls: '1-2' }]);
      const { failures, operations } = await harness.push(source);
      expect(failures).toEqual([]);
      expect(operations.filter((name) => name === 'GetAuthorizationToken').length).toBeGreaterThan(1);
    });
  });
});

describe('one failing image of several', () => {
  it('is reported by name while the others are pushed', async () => {
    await withHarness({}, async (harness) => {
      await harness.writeLayout('good', image);
      const images = [
        { source: 'oci:bad', repository: 'app', tags: ['1'] },
        { source: 'oci:good', repository: 'web', tags: ['1'] },
      ];
      const { failures, outputs } = await harness.run({ inputs: { images: JSON.stringify(images) } });
      expect(failures).toEqual([expect.stringContaining(`${harness.host}/app: `)]);
      expect(JSON.parse(outputs['images'] ?? '')).toMatchObject([{ result: 'failed' }, { result: 'pushed' }]);
      expect(outputs['pushed']).toBe('true');
    });
  });
});

describe('a cancelled push', () => {
  it('sets no tag', async () => {
    await withHarness({}, async (harness) => {
      const source = await harness.writeLayout('build', image);
      harness.aws.setFaults([{ fault: 'latency', by: '1s', operation: 'PutUpload' }]);
      const controller = new AbortController();
      setTimeout(() => controller.abort(new Error('stop')), 300);
      const inputs = { source, repository: 'app', tags: '1.0' };
      const { failures, operations } = await harness.run({ inputs, signal: controller.signal });
      expect(failures[0]).toContain('stop');
      expect(operations).not.toContain('PutManifest');
    });
  });
});
