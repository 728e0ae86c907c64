import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import { createTextArtifact } from '@aws-delivery/artifact/artifact';
import { describe, expect, it } from '@jest/globals';
import {
  type ArtifactStoreRequest,
  createArtifactStore,
  ensureBucket,
  getArtifactBucketName,
} from '../../src/s3/artifact-bucket.js';
import { createS3Error, FakeS3 } from '../../src/testing/fake-s3.js';

const OWNER = '111122223333';
const bucket = `aws-delivery-${OWNER}-eu-central-1`;
const request: ArtifactStoreRequest = {
  owner: OWNER,
  region: 'eu-central-1',
  prefix: 'templates',
  kmsKeyId: undefined,
  tags: { team: 'shop' },
  whenAbsent: 'create',
};

const services = (s3: FakeS3) => ({ s3, clock: new VirtualClock() });
const note = createTextArtifact('a note', 'hello', '.txt');
const writes = (s3: FakeS3): string[] =>
  s3.calls.map((call) => call.split(' ')[0] ?? '').filter((verb) => !['head', 'tags'].includes(verb));

describe('createArtifactStore', () => {
  it('creates a private, encrypted, tagged bucket with the first artifact', async () => {
    const s3 = new FakeS3({ account: OWNER });
    const store = createArtifactStore(request, services(s3));
    expect(s3.calls).toEqual([]);
    const stored = await store.put(note);
    expect(stored.bucket).toBe(bucket);
    expect(s3.getBucket(bucket)).toMatchObject({
      publicAccess: 'blocked',
      encryption: 'AES256',
      tags: { team: 'shop', 'aws-delivery:purpose': 'artifacts' },
    });
  });

  it('encrypts with the given KMS key', async () => {
    const s3 = new FakeS3({ account: OWNER });
    await createArtifactStore({ ...request, kmsKeyId: 'alias/shop' }, services(s3)).put(note);
    expect(s3.getBucket(bucket).encryption).toBe('alias/shop');
  });

  it('does not change a complete bucket', async () => {
    const s3 = new FakeS3({ account: OWNER });
    await createArtifactStore(request, services(s3)).put(note);
    s3.calls.length = 0;
    await createArtifactStore(request, services(s3)).put(note);
    expect(writes(s3)).toEqual([]);
  });

  it('completes an interrupted setup and keeps existing tags', async () => {
    const s3 = new FakeS3({ account: OWNER });
    s3.failNext('encrypt', createS3Error('AccessDenied', 403));
    await expect(createArtifactStore(request, services(s3)).put(note)).rejects.toThrow();
    s3.getBucket(bucket).tags = { cost: 'x' };
    await createArtifactStore(request, services(s3)).put(note);
    expect(s3.getBucket(bucket)).toMatchObject({
      encryption: 'AES256',
      tags: { cost: 'x', team: 'shop', 'aws-delivery:purpose': 'artifacts' },
    });
  });

  it('retries while S3 does not know the new bucket', async () => {
    const s3 = new FakeS3({ account: OWNER });
    s3.failNext('block', createS3Error('NoSuchBucket', 404));
    s3.failNext('block', createS3Error('OperationAborted', 409));
    await createArtifactStore(request, services(s3)).put(note);
    expect(writes(s3)).toEqual(['create', 'block', 'block', 'block', 'encrypt', 'tag', 'put']);
  });

  it('creates no bucket in a preview, but uses an existing one', async () => {
    const s3 = new FakeS3({ account: OWNER });
    const preview = { ...request, whenAbsent: 'reject' } as const;
    await expect(createArtifactStore(preview, services(s3)).put(note)).rejects.toMatchObject({
      code: 'rejected',
      message: `bucket ${bucket} does not exist, and a preview does not create it: specify an existing bucket, or run a deployment first`,
    });
    s3.addBucket(bucket);
    await createArtifactStore(preview, services(s3)).put(note);
    expect(writes(s3)).toEqual(['put']);
  });

  it('rejects a bucket of another account', async () => {
    const s3 = new FakeS3({ account: OWNER });
    s3.addBucket(bucket, '999999999999');
    await expect(createArtifactStore(request, services(s3)).put(note)).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringContaining(`bucket ${bucket} does not belong to account ${OWNER}`),
    });
    expect(writes(s3)).toEqual([]);
  });

  it('reports the same error when another account creates the bucket first', async () => {
    const s3 = new FakeS3({ account: OWNER });
    s3.failNext('create', createS3Error('BucketAlreadyExists', 409));
    await expect(createArtifactStore(request, services(s3)).put(note)).rejects.toMatchObject({ code: 'denied' });
  });
});

describe('ensureBucket', () => {
  it('sets up a bucket of any name', async () => {
    const s3 = new FakeS3({ account: OWNER });
    await ensureBucket({ ...request, bucket: 'mine' }, services(s3));
    expect(s3.getBucket('mine').publicAccess).toBe('blocked');
    expect(getArtifactBucketName(OWNER, 'eu-central-1')).toBe(bucket);
  });
});
