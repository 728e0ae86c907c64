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

describe('ownStore', () => {
  it('makes a private, encrypted, tagged bucket with the first artifact', async () => {
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

  it('encrypts with a key of one’s own', async () => {
    const s3 = new FakeS3({ account: OWNER });
    await createArtifactStore({ ...request, kmsKeyId: 'alias/shop' }, services(s3)).put(note);
    expect(s3.getBucket(bucket).encryption).toBe('alias/shop');
  });

  it('writes nothing to a bucket that is complete', async () => {
    const s3 = new FakeS3({ account: OWNER });
    await createArtifactStore(request, services(s3)).put(note);
    s3.calls.length = 0;
    await createArtifactStore(request, services(s3)).put(note);
    expect(writes(s3)).toEqual([]);
  });

  it('completes a bucket whose creation was interrupted, and keeps its tags', async () => {
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

  it('waits until S3 knows the new bucket everywhere', async () => {
    const s3 = new FakeS3({ account: OWNER });
    s3.failNext('block', createS3Error('NoSuchBucket', 404));
    s3.failNext('block', createS3Error('OperationAborted', 409));
    await createArtifactStore(request, services(s3)).put(note);
    expect(writes(s3)).toEqual(['create', 'block', 'block', 'block', 'encrypt', 'tag', 'put']);
  });

  it('makes none in a preview, and uses one that is there', async () => {
    const s3 = new FakeS3({ account: OWNER });
    const preview = { ...request, whenAbsent: 'reject' } as const;
    await expect(createArtifactStore(preview, services(s3)).put(note)).rejects.toMatchObject({
      code: 'rejected',
      message: `bucket ${bucket} does not exist and a preview makes none: name an existing bucket, or let a deployment make it first`,
    });
    s3.addBucket(bucket);
    await createArtifactStore(preview, services(s3)).put(note);
    expect(writes(s3)).toEqual(['put']);
  });

  it('does not use a bucket that another account has under this name', async () => {
    const s3 = new FakeS3({ account: OWNER });
    s3.addBucket(bucket, '999999999999');
    await expect(createArtifactStore(request, services(s3)).put(note)).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringContaining(`bucket ${bucket} is not account ${OWNER}'s`),
    });
    expect(writes(s3)).toEqual([]);
  });

  it('loses the race for a name to another account with the same message', async () => {
    const s3 = new FakeS3({ account: OWNER });
    s3.failNext('create', createS3Error('BucketAlreadyExists', 409));
    await expect(createArtifactStore(request, services(s3)).put(note)).rejects.toMatchObject({ code: 'denied' });
  });
});

describe('ensureBucket', () => {
  it('leaves other buckets’ names to their callers', async () => {
    const s3 = new FakeS3({ account: OWNER });
    await ensureBucket({ ...request, bucket: 'mine' }, services(s3));
    expect(s3.getBucket('mine').publicAccess).toBe('blocked');
    expect(getArtifactBucketName(OWNER, 'eu-central-1')).toBe(bucket);
  });
});
