import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type LocalAws, startLocalAws } from '../../../src/local-aws.js';

let aws: LocalAws;
const ACCOUNT = '123456789012';

const createClient = (region = 'us-east-1') =>
  new S3Client({
    endpoint: aws.url,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });

beforeAll(async () => {
  aws = await startLocalAws();
});
beforeEach(() => aws.reset());
afterAll(async () => aws.close());

const createBucket = async () => {
  const s3 = createClient();
  await s3.send(new CreateBucketCommand({ Bucket: 'artifacts' }));
  return s3;
};

describe('objects', () => {
  it('are returned unchanged, with ETag, type and metadata', async () => {
    const s3 = await createBucket();
    const put = {
      Bucket: 'artifacts',
      Key: 'a b/ü.json',
      Body: '{"a":1}',
      ContentType: 'application/json',
      Metadata: { run: '7' },
    };
    const { ETag: tag } = await s3.send(new PutObjectCommand(put));
    const got = await s3.send(new GetObjectCommand({ Bucket: 'artifacts', Key: 'a b/ü.json' }));
    expect(await got.Body?.transformToString()).toBe('{"a":1}');
    expect(got).toMatchObject({ ETag: tag, ContentType: 'application/json', ContentLength: 7, Metadata: { run: '7' } });
    expect(got.ServerSideEncryption).toBe('AES256');
    const head = await s3.send(new HeadObjectCommand({ Bucket: 'artifacts', Key: 'a b/ü.json' }));
    expect(head).toMatchObject({ ETag: tag, ContentLength: 7 });
  });

  it('are listed by prefix in pages, and deleted singly or together', async () => {
    const s3 = await createBucket();
    for (const Key of ['a/1', 'a/2', 'a/3', 'b'])
      await s3.send(new PutObjectCommand({ Bucket: 'artifacts', Key, Body: 'x' }));
    const firstPage = await s3.send(new ListObjectsV2Command({ Bucket: 'artifacts', Prefix: 'a/', MaxKeys: 2 }));
    expect(firstPage).toMatchObject({
      KeyCount: 2,
      IsTruncated: true,
      Contents: [{ Key: 'a/1', Size: 1 }, { Key: 'a/2' }],
    });
    const secondPage = await s3.send(
      new ListObjectsV2Command({
        Bucket: 'artifacts',
        Prefix: 'a/',
        ContinuationToken: firstPage.NextContinuationToken,
      }),
    );
    expect(secondPage).toMatchObject({ IsTruncated: false, Contents: [{ Key: 'a/3' }] });
    await s3.send(new DeleteObjectCommand({ Bucket: 'artifacts', Key: 'b' }));
    await s3.send(
      new DeleteObjectsCommand({ Bucket: 'artifacts', Delete: { Objects: [{ Key: 'a/1' }, { Key: 'a/2' }] } }),
    );
    expect((await s3.send(new ListObjectsV2Command({ Bucket: 'artifacts' }))).KeyCount).toBe(1);
  });

  it('are not overwritten with IfNoneMatch', async () => {
    const s3 = await createBucket();
    const put = { Bucket: 'artifacts', Key: 'a', Body: 'x', IfNoneMatch: '*' };
    await s3.send(new PutObjectCommand(put));
    await expect(s3.send(new PutObjectCommand(put))).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  it('are rejected with a wrong checksum', async () => {
    const s3 = await createBucket();
    const put = {
      Bucket: 'artifacts',
      Key: 'a',
      Body: 'x',
      ChecksumSHA256: 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=',
    };
    await expect(s3.send(new PutObjectCommand(put))).rejects.toMatchObject({ name: 'BadDigest' });
  });
});

describe('buckets', () => {
  it('allow only their own account', async () => {
    const s3 = await createBucket();
    const foreign = { Bucket: 'artifacts', ExpectedBucketOwner: '999999999999' };
    await s3.send(new HeadBucketCommand({ Bucket: 'artifacts', ExpectedBucketOwner: ACCOUNT }));
    await expect(s3.send(new PutObjectCommand({ ...foreign, Key: 'a', Body: 'x' }))).rejects.toMatchObject({
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
    });
    await expect(s3.send(new HeadBucketCommand(foreign))).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  });

  it('and keys that do not exist are reported', async () => {
    const s3 = await createBucket();
    await expect(s3.send(new GetObjectCommand({ Bucket: 'none', Key: 'a' }))).rejects.toMatchObject({
      name: 'NoSuchBucket',
    });
    await expect(s3.send(new GetObjectCommand({ Bucket: 'artifacts', Key: 'a' }))).rejects.toMatchObject({
      name: 'NoSuchKey',
    });
    await expect(s3.send(new HeadBucketCommand({ Bucket: 'none' }))).rejects.toMatchObject({ name: 'NotFound' });
    await expect(s3.send(new HeadObjectCommand({ Bucket: 'artifacts', Key: 'a' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
  });

  it('are created once outside us-east-1, and return their location', async () => {
    const s3 = createClient('eu-west-1');
    const create = new CreateBucketCommand({
      Bucket: 'artifacts',
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
    });
    await s3.send(create);
    await expect(s3.send(create)).rejects.toMatchObject({ name: 'BucketAlreadyOwnedByYou' });
    expect((await s3.send(new GetBucketLocationCommand({ Bucket: 'artifacts' }))).LocationConstraint).toBe('eu-west-1');
    await expect(s3.send(new CreateBucketCommand({ Bucket: 'Not_Valid' }))).rejects.toMatchObject({
      name: 'InvalidBucketName',
    });
  });

  it('store public access block and encryption', async () => {
    const s3 = await createBucket();
    const Bucket = 'artifacts';
    await expect(s3.send(new GetPublicAccessBlockCommand({ Bucket }))).rejects.toMatchObject({
      name: 'NoSuchPublicAccessBlockConfiguration',
    });
    const PublicAccessBlockConfiguration = {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    };
    await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
    expect(await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).toMatchObject({
      PublicAccessBlockConfiguration,
    });
    const createRules = (SSEAlgorithm: 'AES256' | 'aws:kms') => ({
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm } }],
    });
    expect(await s3.send(new GetBucketEncryptionCommand({ Bucket }))).toMatchObject({
      ServerSideEncryptionConfiguration: createRules('AES256'),
    });
    await s3.send(
      new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: createRules('aws:kms') }),
    );
    expect(await s3.send(new GetBucketEncryptionCommand({ Bucket }))).toMatchObject({
      ServerSideEncryptionConfiguration: createRules('aws:kms'),
    });
  });
});
