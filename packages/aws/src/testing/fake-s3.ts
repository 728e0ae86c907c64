import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { Body } from '@aws-delivery/artifact/artifact';
import { formatS3Uri, type ObjectLocation } from '../s3/object-location.js';
import type { OwnedBucket, OwnedObject, Presence, S3 } from '../s3/s3.js';

export interface FakeObject {
  readonly bytes: Buffer;
  readonly kmsKeyId: string | undefined;
}

interface FakeBucket {
  readonly owner: string;
  readonly objects: Map<string, FakeObject>;
  publicAccess: 'blocked' | 'default';
  encryption: string | undefined;
  tags: Readonly<Record<string, string>>;
}

/** An error in the form that the SDK throws. */
export const createS3Error = (name: string, httpStatusCode: number): Error =>
  Object.assign(new Error(`${name}!`), { name, $metadata: { httpStatusCode } });

export interface FakeS3Options {
  /** The caller's account. */
  readonly account: string;
  /** Whether the caller has s3:ListBucket; without it, absent objects and buckets are hidden. */
  readonly canList?: boolean;
}

/** S3 in memory for tests: checks owners, records calls, and can fail any call. */
export class FakeS3 implements S3 {
  /** One entry per call in order: `put s3://bucket/key`. */
  readonly calls: string[] = [];
  private readonly buckets = new Map<string, FakeBucket>();
  private readonly failures: { readonly call: string; readonly error: Error }[] = [];

  constructor(private readonly options: FakeS3Options) {}

  addBucket(bucket: string, owner: string = this.options.account): FakeBucket {
    const created: FakeBucket = { owner, objects: new Map(), publicAccess: 'default', encryption: undefined, tags: {} };
    this.buckets.set(bucket, created);
    return created;
  }

  /** Makes the next call whose entry starts with `call` fail. */
  failNext(call: string, error: Error): void {
    this.failures.push({ call, error });
  }

  getBucket(name: string): FakeBucket {
    const found = this.buckets.get(name);
    if (found === undefined) throw createS3Error('NoSuchBucket', 404);
    return found;
  }

  getObject({ bucket, key }: ObjectLocation): FakeObject {
    const found = this.getBucket(bucket).objects.get(key);
    if (found === undefined) throw createS3Error('NoSuchKey', 404);
    return found;
  }

  async getObjectPresence({ key, ...bucket }: OwnedObject): Promise<Presence> {
    this.recordCall(`head ${formatS3Uri({ bucket: bucket.bucket, key })}`);
    const absent = this.options.canList === false ? 'hidden' : 'absent';
    const found = this.buckets.get(bucket.bucket);
    if (found === undefined) return absent;
    if (found.owner !== bucket.owner) return 'hidden';
    return found.objects.has(key) ? 'present' : absent;
  }

  async findObjectSize({ key, ...bucket }: OwnedObject): Promise<number | undefined> {
    this.recordCall(`list ${formatS3Uri({ bucket: bucket.bucket, key })}`);
    return this.getOwnedBucket(bucket).objects.get(key)?.bytes.length;
  }

  async putObject({ key, ...bucket }: OwnedObject, body: Body, kmsKeyId: string | undefined): Promise<void> {
    const content = body.open();
    const bytes = content instanceof Readable ? await buffer(content) : Buffer.from(content);
    this.recordCall(`put ${formatS3Uri({ bucket: bucket.bucket, key })}`);
    this.getOwnedBucket(bucket).objects.set(key, { bytes, kmsKeyId });
  }

  async deleteObject({ key, ...bucket }: OwnedObject): Promise<void> {
    this.recordCall(`delete ${formatS3Uri({ bucket: bucket.bucket, key })}`);
    this.getOwnedBucket(bucket).objects.delete(key);
  }

  async readObject(object: ObjectLocation, versionId: string | undefined, limit: number): Promise<string> {
    this.recordCall(`get ${formatS3Uri(object)}${versionId === undefined ? '' : `?versionId=${versionId}`}`);
    const { bytes } = this.getObject(object);
    if (bytes.length > limit) throw new DeliveryError('rejected', `${formatS3Uri(object)} has ${bytes.length} bytes`);
    return bytes.toString();
  }

  async getBucketPresence(bucket: OwnedBucket): Promise<Presence> {
    this.recordCall(`head s3://${bucket.bucket}`);
    const found = this.buckets.get(bucket.bucket);
    if (this.options.canList === false) return 'hidden';
    if (found === undefined) return 'absent';
    return found.owner === bucket.owner ? 'present' : 'hidden';
  }

  async createBucket(bucket: string): Promise<void> {
    this.recordCall(`create s3://${bucket}`);
    const found = this.buckets.get(bucket);
    if (found === undefined) this.addBucket(bucket);
    else if (found.owner !== this.options.account) throw createS3Error('BucketAlreadyExists', 409);
  }

  async putPublicAccessBlock(bucket: OwnedBucket): Promise<void> {
    this.recordCall(`block s3://${bucket.bucket}`);
    this.getOwnedBucket(bucket).publicAccess = 'blocked';
  }

  async putBucketEncryption(bucket: OwnedBucket, kmsKeyId: string | undefined): Promise<void> {
    this.recordCall(`encrypt s3://${bucket.bucket}`);
    this.getOwnedBucket(bucket).encryption = kmsKeyId ?? 'AES256';
  }

  async getBucketTags(bucket: OwnedBucket): Promise<Readonly<Record<string, string>>> {
    this.recordCall(`tags s3://${bucket.bucket}`);
    return this.getOwnedBucket(bucket).tags;
  }

  async setBucketTags(bucket: OwnedBucket, tags: Readonly<Record<string, string>>): Promise<void> {
    this.recordCall(`tag s3://${bucket.bucket}`);
    this.getOwnedBucket(bucket).tags = tags;
  }

  private getOwnedBucket({ bucket, owner }: OwnedBucket): FakeBucket {
    const found = this.getBucket(bucket);
    if (found.owner !== owner || found.owner !== this.options.account) throw createS3Error('AccessDenied', 403);
    return found;
  }

  private recordCall(call: string): void {
    this.calls.push(call);
    const index = this.failures.findIndex((failure) => call.startsWith(failure.call));
    const [failure] = index === -1 ? [] : this.failures.splice(index, 1);
    if (failure !== undefined) throw failure.error;
  }
}
