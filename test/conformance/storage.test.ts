import { createHash } from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { expect, it } from '@jest/globals';
import { ACCOUNT, readOutcome } from './account.js';
import { describeOnEmulators } from './reference-emulator.js';

const BUCKET = 'artifacts-of-the-conformance-suite';

describeOnEmulators('storage', (suite) => {
  const s3 = () => suite.emulator.account.s3;
  const create = (Bucket = BUCKET) =>
    s3().send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
  const put = (Key: string, Body: string | Uint8Array, more: Partial<PutObjectCommandInput> = {}) =>
    s3().send(new PutObjectCommand({ Bucket: BUCKET, Key, Body, ...more }));

  it('an object is returned unchanged, with its metadata', async () => {
    await create();
    const body = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 256));
    const key = 'a b/ü+%/template.yml';
    const metadata = { purpose: 'conformance' };
    const { ETag } = await put(key, body, { ContentType: 'text/yaml', Metadata: metadata });
    expect(ETag).toBe(`"${createHash('md5').update(body).digest('hex')}"`);
    const response = await s3().send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
    const bytes = await response.Body?.transformToByteArray();
    expect(Buffer.from(bytes ?? []).equals(body)).toBe(true);
    expect(response).toMatchObject({ ContentLength: body.length, ContentType: 'text/yaml', ETag, Metadata: metadata });
    const head = await s3().send(new HeadObjectCommand({ Bucket: BUCKET, Key: key }));
    expect(head).toMatchObject({ ContentLength: body.length, ETag, Metadata: metadata });
  });

  it('an upload with a wrong checksum is rejected', async () => {
    await create();
    const ChecksumSHA256 = createHash('sha256').update('something else').digest('base64');
    await expect(readOutcome(put('x', 'text', { ChecksumSHA256 }))).resolves.toBe(
      'BadDigest: The SHA256 you specified did not match the calculated checksum.',
    );
    const right = createHash('sha256').update('text').digest('base64');
    const response = await put('y', 'text', { ChecksumSHA256: right });
    expect(response.ChecksumSHA256).toBe(
      suite.differing('checksum-in-answer', { 'local AWS': right, MiniStack: undefined }),
    );
  });

  it('IfNoneMatch writes only a new object', async () => {
    await create();
    await put('once', 'first', { IfNoneMatch: '*' });
    await expect(readOutcome(put('once', 'second', { IfNoneMatch: '*' }))).resolves.toMatch(/^PreconditionFailed: /);
    const { Body } = await s3().send(new GetObjectCommand({ Bucket: BUCKET, Key: 'once' }));
    await expect(Body?.transformToString()).resolves.toBe('first');
  });

  it('every call has its own error for a missing bucket or object', async () => {
    await expect(readOutcome(s3().send(new HeadBucketCommand({ Bucket: BUCKET })))).resolves.toMatch(/^NotFound: /);
    const list = s3().send(new ListObjectsV2Command({ Bucket: BUCKET }));
    await expect(readOutcome(list)).resolves.toBe('NoSuchBucket: The specified bucket does not exist');
    await create();
    const get = s3().send(new GetObjectCommand({ Bucket: BUCKET, Key: 'none' }));
    await expect(readOutcome(get)).resolves.toBe('NoSuchKey: The specified key does not exist.');
    const head = s3().send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'none' }));
    await expect(readOutcome(head)).resolves.toMatch(/^NotFound: /);
    await expect(readOutcome(s3().send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'none' })))).resolves.toBe(
      'accepted',
    );
    const block = s3().send(new GetPublicAccessBlockCommand({ Bucket: BUCKET }));
    await expect(readOutcome(block)).resolves.toBe(
      'NoSuchPublicAccessBlockConfiguration: The public access block configuration was not found',
    );
  });

  it('a list is sorted, filtered by prefix and paginated', async () => {
    await create();
    for (const key of ['b/2', 'a/1', 'b/1', 'b/3', 'c']) await put(key, key);
    const list = (more: object) => s3().send(new ListObjectsV2Command({ Bucket: BUCKET, ...more }));
    const all = await list({});
    expect(all.Contents?.map(({ Key, Size }) => [Key, Size])).toEqual([
      ['a/1', 3],
      ['b/1', 3],
      ['b/2', 3],
      ['b/3', 3],
      ['c', 1],
    ]);
    const page = await list({ Prefix: 'b/', MaxKeys: 2 });
    expect(page).toMatchObject({ IsTruncated: true, KeyCount: 2 });
    const rest = await list({ Prefix: 'b/', ContinuationToken: page.NextContinuationToken });
    expect(rest.Contents?.map(({ Key }) => Key)).toEqual(['b/3']);
    expect(rest.IsTruncated).toBe(false);
  });

  it('a bucket has an owner, a Region and a valid name', async () => {
    await create();
    await expect(readOutcome(create())).resolves.toMatch(/^BucketAlreadyOwnedByYou: /);
    const { LocationConstraint } = await s3().send(new GetBucketLocationCommand({ Bucket: BUCKET }));
    expect(LocationConstraint).toBe('eu-west-1');
    const { BucketRegion } = await s3().send(new HeadBucketCommand({ Bucket: BUCKET }));
    expect(BucketRegion).toBe('eu-west-1');
    const own = new HeadBucketCommand({ Bucket: BUCKET, ExpectedBucketOwner: ACCOUNT });
    await expect(readOutcome(s3().send(own))).resolves.toBe('accepted');
    const foreign = new PutObjectCommand({ Bucket: BUCKET, Key: 'k', Body: 'b', ExpectedBucketOwner: '210987654321' });
    await expect(readOutcome(s3().send(foreign))).resolves.toMatch(
      suite.differing('expected-owner', { 'local AWS': /^AccessDenied: /, MiniStack: /^accepted$/ }),
    );
    await expect(readOutcome(create('Not_a_Bucket'))).resolves.toMatch(/^InvalidBucketName: /);
    const { Buckets = [] } = await s3().send(new ListBucketsCommand({}));
    expect(Buckets.map(({ Name }) => Name)).toEqual([BUCKET]);
  });

  it('a bucket is encrypted, and keeps its public access block and versioning', async () => {
    await create();
    const { ServerSideEncryptionConfiguration } = await s3().send(new GetBucketEncryptionCommand({ Bucket: BUCKET }));
    expect(ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault).toEqual({
      SSEAlgorithm: 'AES256',
    });
    const PublicAccessBlockConfiguration = {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    };
    await s3().send(new PutPublicAccessBlockCommand({ Bucket: BUCKET, PublicAccessBlockConfiguration }));
    const block = await s3().send(new GetPublicAccessBlockCommand({ Bucket: BUCKET }));
    expect(block.PublicAccessBlockConfiguration).toEqual(PublicAccessBlockConfiguration);
    await s3().send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: 'Enabled' } }));
    const { Status } = await s3().send(new GetBucketVersioningCommand({ Bucket: BUCKET }));
    expect(Status).toBe('Enabled');
  });

  it('only an empty bucket can be deleted', async () => {
    await create();
    await put('one', '1');
    await put('two', '2');
    const remove = () => s3().send(new DeleteBucketCommand({ Bucket: BUCKET }));
    await expect(readOutcome(remove())).resolves.toMatch(/^BucketNotEmpty: /);
    const { Deleted = [] } = await s3().send(
      new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects: [{ Key: 'one' }, { Key: 'two' }] } }),
    );
    expect(Deleted.map(({ Key }) => Key).sort()).toEqual(['one', 'two']);
    await expect(readOutcome(remove())).resolves.toBe('accepted');
    await expect(readOutcome(s3().send(new HeadBucketCommand({ Bucket: BUCKET })))).resolves.toMatch(/^NotFound: /);
  });
});
