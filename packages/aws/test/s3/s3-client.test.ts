import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import {
  type Artifact,
  createDirectoryArtifact,
  createFileArtifact,
  createTextArtifact,
} from '@aws-delivery/artifact/artifact';
import { TempDirectory } from '@aws-delivery/artifact/testing/temp-directory';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createArtifactStore, ensureBucket } from '../../src/s3/artifact-bucket.js';
import { ArtifactStore, type Store } from '../../src/s3/artifact-store.js';
import type { S3 } from '../../src/s3/s3.js';
import { createS3 } from '../../src/s3/s3-client.js';

const OWNER = '111122223333';
const region = 'eu-central-1';
const bucket = `aws-delivery-${OWNER}-${region}`;

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws({ scenario: { account: OWNER, region } });
});
afterAll(() => aws.close());
beforeEach(() => aws.reset());

const createS3Client = (signal?: AbortSignal): S3 => {
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = aws.createEnv({
    keys: true,
  });
  return createS3({ region, endpoint: aws.url, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 }, signal);
};

const createStore = (s3: S3): Store =>
  createArtifactStore(
    { owner: OWNER, region, prefix: 'p', kmsKeyId: undefined, tags: { team: 'shop' }, whenAbsent: 'create' },
    { s3, clock: new VirtualClock() },
  );

const listOperations = (): readonly string[] => aws.calls().map(({ operation }) => operation);
const note: Artifact = createTextArtifact('a note', 'hello', '.txt');

describe('createS3', () => {
  it('deletes an object of its owner and succeeds for a missing one', async () => {
    const s3 = createS3Client();
    const { key } = await createStore(s3).put(note);
    await s3.deleteObject({ bucket, owner: OWNER, key });
    expect(await s3.getObjectPresence({ bucket, owner: OWNER, key })).toBe('absent');
    await s3.deleteObject({ bucket, owner: OWNER, key });
    await expect(s3.deleteObject({ bucket, owner: '999988887777', key })).rejects.toThrow('Access Denied');
  });

  it('creates a private, encrypted, tagged bucket with the expected owner in each call', async () => {
    const stored = await createStore(createS3Client()).put(note);
    expect(stored).toMatchObject({ bucket, by: 'upload' });
    expect(listOperations()).toEqual([
      'HeadBucket',
      'CreateBucket',
      'PutPublicAccessBlock',
      'PutBucketEncryption',
      'PutBucketTagging',
      'HeadObject',
      'PutObject',
    ]);
    const { input: blocked } = aws.calls().find(({ operation }) => operation === 'PutPublicAccessBlock') ?? {};
    expect(blocked).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    const unowned = aws.calls().filter(({ input }) => input['ExpectedBucketOwner'] !== OWNER);
    expect(unowned.map(({ operation }) => operation)).toEqual(['CreateBucket']);
  });

  it('creates it with a KMS key', async () => {
    const s3 = createS3Client();
    const request = { bucket: 'mine', owner: OWNER, kmsKeyId: 'alias/shop', tags: {}, whenAbsent: 'create' } as const;
    await ensureBucket(request, { s3, clock: new VirtualClock() });
    const { input } = aws.calls().find(({ operation }) => operation === 'PutBucketEncryption') ?? {};
    expect(input).toMatchObject({
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/shop' },
            BucketKeyEnabled: true,
          },
        ],
      },
    });
  });

  it('only checks an existing bucket', async () => {
    await createStore(createS3Client()).put(note);
    const before = listOperations().length;
    expect((await createStore(createS3Client()).put(note)).by).toBe('earlier-upload');
    expect(listOperations().slice(before)).toEqual(['HeadBucket', 'GetBucketTagging', 'HeadObject']);
  });

  it('streams files and archives with a checksum that S3 verifies', async () => {
    using directory = await new TempDirectory().write({
      'index.js': 'x'.repeat(300_000),
      'big.bin': Buffer.alloc(2_000_000, 7),
    });
    const s3 = createS3Client();
    const store = createStore(s3);
    const file = await store.put(await createFileArtifact(directory.resolvePath('index.js')));
    expect(await s3.readObject(file, undefined, 300_000)).toBe('x'.repeat(300_000));
    const archive = await store.put(await createDirectoryArtifact(directory.path));
    expect((await s3.readObject(archive, undefined, 100_000)).slice(0, 2)).toBe('PK');
  });

  it('does not store a file that changed after its digest', async () => {
    using directory = await new TempDirectory().write({ a: 'before' });
    const artifact = await createFileArtifact(directory.resolvePath('a'));
    await directory.write({ a: 'behind' });
    await expect(createStore(createS3Client()).put(artifact)).rejects.toThrow(/SHA256/);
  });

  it('rejects an object above the size limit', async () => {
    const s3 = createS3Client();
    const stored = await createStore(s3).put(note);
    await expect(s3.readObject(stored, undefined, 4)).rejects.toMatchObject({
      code: 'rejected',
      message: `${stored.uri} has 5 bytes: the limit is 4`,
    });
  });

  it('encrypts an object with the given KMS key', async () => {
    const s3 = createS3Client();
    await createStore(s3).put(note);
    const destination = { bucket, owner: OWNER, region, prefix: 'kms', kmsKeyId: 'alias/shop' };
    await new ArtifactStore(destination, { s3, clock: new VirtualClock() }).put(note);
    expect(aws.calls().at(-1)?.input).toMatchObject({
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: 'alias/shop',
      BucketKeyEnabled: true,
    });
  });

  it('reports buckets and objects of another account as hidden', async () => {
    const s3 = createS3Client();
    await createStore(s3).put(note);
    const other = { bucket, owner: '999999999999' };
    expect(await s3.getBucketPresence(other)).toBe('hidden');
    expect(await s3.getObjectPresence({ ...other, key: 'p/x' })).toBe('hidden');
    const destination = { ...other, region, prefix: '', kmsKeyId: undefined };
    await expect(new ArtifactStore(destination, { s3, clock: new VirtualClock() }).put(note)).rejects.toMatchObject({
      code: 'denied',
      message: expect.stringMatching(/AccessDenied.*must belong to account 999999999999/),
    });
  });

  it('reports an absent bucket', async () => {
    const destination = { bucket: 'absent', owner: OWNER, region, prefix: '', kmsKeyId: undefined };
    const store = new ArtifactStore(destination, { s3: createS3Client(), clock: new VirtualClock() });
    await expect(store.put(note)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('retries throttling and server errors, also during the bucket setup', async () => {
    aws.setFaults([
      { fault: 'throttle', operation: 'PutObject', calls: '1-2' },
      { fault: 'error', operation: 'PutBucketEncryption', calls: 1 },
    ]);
    using directory = await new TempDirectory().write({ a: 'content' });
    const s3 = createS3Client();
    const stored = await createStore(s3).put(await createFileArtifact(directory.resolvePath('a')));
    expect(await s3.readObject(stored, undefined, 100)).toBe('content');
  });

  it('aborts a running call on cancellation', async () => {
    const signal = AbortSignal.abort('stop');
    await expect(createS3Client(signal).getObjectPresence({ bucket, owner: OWNER, key: 'x' })).rejects.toThrow(
      /abort/i,
    );
  });
});
