import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import { describe, expect, it } from '@jest/globals';
import { textArtifact } from '../src/artifact.js';
import { ensureBucket, type OwnStoreRequest, ownBucketName, ownStore } from '../src/bucket.js';
import { MemoryS3, s3Error } from '../src/testing/memory-s3.js';

const OWNER = '111122223333';
const bucket = `aws-delivery-${OWNER}-eu-central-1`;
const request: OwnStoreRequest = {
  owner: OWNER,
  region: 'eu-central-1',
  prefix: 'templates',
  kmsKeyId: undefined,
  tags: { team: 'shop' },
  whenAbsent: 'create',
};

const services = (s3: MemoryS3) => ({ s3, clock: new VirtualClock() });
const note = textArtifact('a note', 'hello', '.txt');
const writes = (s3: MemoryS3): string[] =>
  s3.calls.map((call) => call.split(' ')[0] ?? '').filter((verb) => !['head', 'tags'].includes(verb));

describe('ownStore', () => {
  it('makes a private, encrypted, tagged bucket with the first artifact', async () => {
    const s3 = new MemoryS3({ account: OWNER });
    const store = ownStore(request, services(s3));
    expect(s3.calls).toEqual([]);
    const stored = await store.put(note);
    expect(stored.bucket).toBe(bucket);
    expect(s3.bucket(bucket)).toMatchObject({
      publicAccess: 'blocked',
      encryption: 'AES256',
      tags: { team: 'shop', 'aws-delivery:purpose': 'artifacts' },
    });
  });

  it('encrypts with a key of one’s own', async () => {
    const s3 = new MemoryS3({ account: OWNER });
    await ownStore({ ...request, kmsKeyId: 'alias/shop' }, services(s3)).put(note);
    expect(s3.bucket(bucket).encryption).toBe('alias/shop');
  });

  it('writes nothing to a bucket that is complete', async () => {
    const s3 = new MemoryS3({ account: OWNER });
    await ownStore(request, services(s3)).put(note);
    s3.calls.length = 0;
    await ownStore(request, services(s3)).put(note);
    expect(writes(s3)).toEqual([]);
  });

  it('completes a bucket whose creation was interrupted, and keeps its tags', async () => {
    const s3 = new MemoryS3({ account: OWNER });
    s3.failNext('encrypt', s3Error('AccessDenied', 403));
    await expect(ownStore(request, services(s3)).put(note)).rejects.toThrow();
    s3.bucket(bucket).tags = { cost: 'x' };
    await ownStore(request, services(s3)).put(note);
    expect(s3.bucket(bucket)).toMatchObject({
      encryption: 'AES256',
      tags: { cost: 'x', team: 'shop', 'aws-delivery:purpose': 'artifacts' },
    });
  });

  it('waits until S3 knows the new bucket everywhere', async () => {
    const s3 = new MemoryS3({ account: OWNER });
    s3.failNext('block', s3Error('NoSuchBucket', 404));
    s3.failNext('block', s3Error('OperationAborted', 409));
    await ownStore(request, services(s3)).put(note);
    expect(writes(s3)).toEqual(['create', 'block', 'block', 'block', 'encrypt', 'tag', 'put']);
  });

  it('makes none in a preview, and uses one that is there', async () => {
    const s3 = new MemoryS3({ account: OWNER });
    const preview = { ...request, whenAbsent: 'refuse' } as const;
    await expect(ownStore(preview, services(s3)).put(note)).rejects.toMatchObject({
      code: 'refused',
      message: `bucket ${bucket} does not exist and a preview makes none: name an existing bucket, or let a deployment make it first`,
    });
    s3.add(bucket);
    await ownStore(preview, services(s3)).put(note);
    expect(writes(s3)).toEqual(['put']);
  });

  it('does not use a bucket that another account has under this name', async () => {
    const s3 = new MemoryS3({ account: OWNER });
    s3.add(bucket, '999999999999');
    await expect(ownStore(request, services(s3)).put(note)).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringContaining(`bucket ${bucket} is not account ${OWNER}'s`),
    });
    expect(writes(s3)).toEqual([]);
  });

  it('loses the race for a name to another account with the same message', async () => {
    const s3 = new MemoryS3({ account: OWNER });
    s3.failNext('create', s3Error('BucketAlreadyExists', 409));
    await expect(ownStore(request, services(s3)).put(note)).rejects.toMatchObject({ code: 'denied' });
  });
});

describe('ensureBucket', () => {
  it('leaves other buckets’ names to their callers', async () => {
    const s3 = new MemoryS3({ account: OWNER });
    await ensureBucket({ ...request, bucket: 'mine' }, services(s3));
    expect(s3.bucket('mine').publicAccess).toBe('blocked');
    expect(ownBucketName(OWNER, 'eu-central-1')).toBe(bucket);
  });
});
