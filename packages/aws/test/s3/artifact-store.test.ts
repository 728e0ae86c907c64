import { readdirSync } from 'node:fs';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import { createDirectoryArtifact, createFileArtifact, createTextArtifact } from '@aws-delivery/artifact/artifact';
import { hashContent } from '@aws-delivery/artifact/digest';
import { TempDirectory } from '@aws-delivery/artifact/testing/temp-directory';
import { describe, expect, it } from '@jest/globals';
import { ArtifactStore, type Destination } from '../../src/s3/artifact-store.js';
import { createS3Error, FakeS3 } from '../../src/testing/fake-s3.js';

const OWNER = '111122223333';
const destination: Destination = {
  bucket: 'shop',
  owner: OWNER,
  region: 'eu-central-1',
  prefix: 'artifacts',
  kmsKeyId: undefined,
};

const setUp = (change: Partial<Destination> = {}, s3 = new FakeS3({ account: OWNER })) => {
  if (change.bucket === undefined) s3.addBucket('shop');
  const store = new ArtifactStore({ ...destination, ...change }, { s3, clock: new VirtualClock() });
  return { s3, store };
};

const note = createTextArtifact('a note', 'hello', '.txt');

describe('ArtifactStore', () => {
  it('names an object after its content and returns its location', async () => {
    const { s3, store } = setUp();
    const stored = await store.put(note);
    const key = `artifacts/${hashContent('hello')}.txt`;
    expect(stored).toEqual({
      bucket: 'shop',
      key,
      uri: `s3://shop/${key}`,
      url: `https://s3.eu-central-1.amazonaws.com/shop/${key}`,
      by: 'upload',
    });
    expect(s3.getObject(stored)).toMatchObject({ bytes: Buffer.from('hello'), kmsKeyId: undefined });
  });

  it('stores objects at the root without a prefix', async () => {
    const { store } = setUp({ prefix: '' });
    expect((await store.put(note)).key).toBe(note.name);
  });

  it('uploads equal content once, in one run and across runs', async () => {
    const { s3, store } = setUp();
    await Promise.all([store.put(note), store.put(createTextArtifact('the same', 'hello', '.txt'))]);
    const next = new ArtifactStore(destination, { s3, clock: new VirtualClock() });
    expect((await next.put(note)).by).toBe('earlier-upload');
    expect(s3.calls.filter((call) => call.startsWith('put'))).toHaveLength(1);
  });

  it('encrypts with the given KMS key', async () => {
    const { s3, store } = setUp({ kmsKeyId: 'alias/shop' });
    expect(s3.getObject(await store.put(note)).kmsKeyId).toBe('alias/shop');
  });

  it('uploads when the presence of the object is hidden', async () => {
    const { store } = setUp({}, new FakeS3({ account: OWNER, canList: false }));
    expect((await store.put(note)).by).toBe('upload');
  });

  it('rejects a bucket of another account', async () => {
    const { s3, store } = setUp({ bucket: 'foreign' });
    s3.addBucket('foreign', '999999999999');
    await expect(store.put(note)).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringMatching(
        /^cannot upload a note to s3:\/\/foreign\/.*: AccessDenied.*s3:PutObject.*must belong to account 111122223333$/,
      ),
    });
  });

  it('reports a missing bucket', async () => {
    const { store } = setUp({ bucket: 'absent' });
    await expect(store.put(note)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('bucket absent does not exist: create it, or specify another'),
    });
  });

  it('reports a bucket in another Region', async () => {
    const { s3, store } = setUp();
    s3.failNext('head', createS3Error('PermanentRedirect', 301));
    await expect(store.put(note)).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringContaining('bucket shop is not in eu-central-1'),
    });
  });

  it('retries throttling, server errors and lost connections from the first byte', async () => {
    using directory = await new TempDirectory().write({ a: 'content' });
    const { s3, store } = setUp();
    s3.failNext('head', createS3Error('SlowDown', 503));
    s3.failNext('put', createS3Error('InternalError', 500));
    s3.failNext('put', Object.assign(new Error('cut'), { code: 'ECONNRESET' }));
    const stored = await store.put(await createFileArtifact(directory.resolvePath('a')));
    expect(s3.getObject(stored).bytes.toString()).toBe('content');
    expect(s3.calls.filter((call) => call.startsWith('put'))).toHaveLength(3);
  });

  it('stops retrying at the timeout', async () => {
    const { s3, store } = setUp();
    for (let fault = 0; fault < 100; fault += 1) s3.failNext('put', createS3Error('SlowDown', 503));
    await expect(store.put(note)).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringMatching(/the upload of s3:\/\/shop.*SlowDown/),
    });
  });

  it('stops on cancellation', async () => {
    const s3 = new FakeS3({ account: OWNER });
    const store = new ArtifactStore(destination, { s3, clock: new VirtualClock(), signal: AbortSignal.abort('stop') });
    await expect(store.put(note)).rejects.toMatchObject({ code: 'cancelled' });
    expect(s3.calls).toEqual([]);
  });

  it('runs prepare once, before the first artifact', async () => {
    const s3 = new FakeS3({ account: OWNER });
    const store = new ArtifactStore(destination, { s3, clock: new VirtualClock() }, async () => {
      s3.calls.push('prepare');
      s3.addBucket('shop');
    });
    await Promise.all([store.put(note), store.put(createTextArtifact('another', 'text', ''))]);
    expect(s3.calls.filter((call) => call === 'prepare')).toHaveLength(1);
    expect(s3.calls[0]).toBe('prepare');
  });
});

describe('an archive', () => {
  it('is written only for an upload, and leaves no temporary files', async () => {
    using directory = await new TempDirectory().write({ 'index.js': 'x' });
    using tempDirectory = new TempDirectory();
    const { s3, store } = setUp();
    const artifact = await createDirectoryArtifact(directory.path, { tempDirectory: tempDirectory.path });
    const stored = await store.put(artifact);
    expect(stored.key).toMatch(/^artifacts\/[0-9a-f]{64}\.zip$/);
    expect(s3.getObject(stored).bytes.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004');
    expect(readdirSync(tempDirectory.path)).toEqual([]);
    const next = new ArtifactStore(destination, { s3, clock: new VirtualClock() });
    const unwritable = await createDirectoryArtifact(directory.path, {
      tempDirectory: directory.resolvePath('absent'),
    });
    expect((await next.put(unwritable)).by).toBe('earlier-upload');
  });

  it('leaves no temporary files when the upload fails', async () => {
    using directory = await new TempDirectory().write({ 'index.js': 'x' });
    using tempDirectory = new TempDirectory();
    const { store } = setUp({ bucket: 'absent' });
    await expect(
      store.put(await createDirectoryArtifact(directory.path, { tempDirectory: tempDirectory.path })),
    ).rejects.toThrow(/absent/);
    expect(readdirSync(tempDirectory.path)).toEqual([]);
  });
});
