import { describe, expect, it } from '@jest/globals';
import { computeDigest, streamBytes } from '../../src/image/digest.js';
import { BlobCache } from '../../src/registry/blob-cache.js';
import type { BlobResult, BlobUpload } from '../../src/registry/registry-client.js';

const bytes = Buffer.from('layer');

const createUpload = (repository: string): BlobUpload => ({
  repository,
  descriptor: {
    mediaType: 'application/octet-stream',
    digest: computeDigest(bytes),
    size: bytes.length,
    platform: undefined,
    annotations: {},
  },
  open: () => streamBytes(bytes),
  mountSource: undefined,
});

const createCache = (respond: (upload: BlobUpload) => Promise<BlobResult>) => {
  const pushed: (readonly [repository: string, mountSource: string | undefined])[] = [];
  const pushBlob = (upload: BlobUpload): Promise<BlobResult> => {
    pushed.push([upload.repository, upload.mountSource]);
    return respond(upload);
  };
  return { cache: new BlobCache({ pushBlob }), pushed };
};

describe('BlobCache', () => {
  it('pushes a blob once to each repository', async () => {
    const { cache, pushed } = createCache(async () => 'uploaded');
    const [first, second] = [cache.ensure(createUpload('app')), cache.ensure(createUpload('app'))];
    expect([first.isFirst, second.isFirst]).toEqual([true, false]);
    expect(await second.result).toBe('uploaded');
    expect(pushed).toEqual([['app', undefined]]);
  });

  it('mounts a blob from the repository that has it', async () => {
    const { cache, pushed } = createCache(async ({ mountSource }) =>
      mountSource === undefined ? 'uploaded' : 'mounted',
    );
    cache.ensure(createUpload('app'));
    expect(await cache.ensure(createUpload('web')).result).toBe('mounted');
    expect(pushed).toEqual([
      ['app', undefined],
      ['web', 'app'],
    ]);
  });

  it('requests no more mounts from a registry that uploaded instead', async () => {
    const { cache, pushed } = createCache(async () => 'uploaded');
    for (const repository of ['app', 'web', 'api']) await cache.ensure(createUpload(repository)).result;
    expect(pushed).toEqual([
      ['app', undefined],
      ['web', 'app'],
      ['api', undefined],
    ]);
  });

  it('pushes a blob again after a failure', async () => {
    const results: (() => Promise<BlobResult>)[] = [
      () => Promise.reject(new Error('connection reset')),
      async () => 'uploaded',
    ];
    const { cache, pushed } = createCache(() => results.shift()?.() ?? Promise.reject(new Error('no more results')));
    const failing = cache.ensure(createUpload('app'));
    await expect(cache.ensure(createUpload('app')).result).rejects.toThrow('connection reset');
    await expect(failing.result).rejects.toThrow('connection reset');
    expect(await cache.ensure(createUpload('app')).result).toBe('uploaded');
    expect(pushed).toHaveLength(2);
  });
});
