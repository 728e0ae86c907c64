import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Body } from '../artifact.js';
import { type ObjectLocation, uriOf } from '../location.js';
import type { OwnedBucket, OwnedObject, Presence, S3 } from '../s3.js';

export interface MemoryObject {
  readonly bytes: Buffer;
  readonly kmsKeyId: string | undefined;
}

interface MemoryBucket {
  readonly owner: string;
  readonly objects: Map<string, MemoryObject>;
  publicAccess: 'blocked' | 'default';
  encryption: string | undefined;
  tags: Readonly<Record<string, string>>;
}

/** An error as the SDK throws it. */
export const s3Error = (name: string, httpStatusCode: number): Error =>
  Object.assign(new Error(`${name}!`), { name, $metadata: { httpStatusCode } });

export interface MemoryS3Options {
  /** The account whose credentials the calls have. */
  readonly account: string;
  /** Whether the caller may list buckets: without that right, absent things are hidden. */
  readonly mayList?: boolean;
}

/** S3 in memory, for tests: owners are checked, calls are remembered, and any call can be made to fail. */
export class MemoryS3 implements S3 {
  /** `put s3://bucket/key`, in the order of the calls. */
  readonly calls: string[] = [];
  private readonly buckets = new Map<string, MemoryBucket>();
  private readonly faults: { readonly call: string; readonly error: Error }[] = [];

  constructor(private readonly options: MemoryS3Options) {}

  add(bucket: string, owner: string = this.options.account): MemoryBucket {
    const made: MemoryBucket = { owner, objects: new Map(), publicAccess: 'default', encryption: undefined, tags: {} };
    this.buckets.set(bucket, made);
    return made;
  }

  /** Lets the next call whose text begins with `call` fail. */
  failNext(call: string, error: Error): void {
    this.faults.push({ call, error });
  }

  bucket(name: string): MemoryBucket {
    const found = this.buckets.get(name);
    if (found === undefined) throw s3Error('NoSuchBucket', 404);
    return found;
  }

  object({ bucket, key }: ObjectLocation): MemoryObject {
    const found = this.bucket(bucket).objects.get(key);
    if (found === undefined) throw s3Error('NoSuchKey', 404);
    return found;
  }

  async presenceOf({ key, ...bucket }: OwnedObject): Promise<Presence> {
    this.hear(`head ${uriOf({ bucket: bucket.bucket, key })}`);
    const absent = this.options.mayList === false ? 'hidden' : 'absent';
    const found = this.buckets.get(bucket.bucket);
    if (found === undefined) return absent;
    if (found.owner !== bucket.owner) return 'hidden';
    return found.objects.has(key) ? 'present' : absent;
  }

  async put({ key, ...bucket }: OwnedObject, body: Body, kmsKeyId: string | undefined): Promise<void> {
    const content = body.open();
    const bytes = content instanceof Readable ? await buffer(content) : Buffer.from(content);
    this.hear(`put ${uriOf({ bucket: bucket.bucket, key })}`);
    this.owned(bucket).objects.set(key, { bytes, kmsKeyId });
  }

  async remove({ key, ...bucket }: OwnedObject): Promise<void> {
    this.hear(`delete ${uriOf({ bucket: bucket.bucket, key })}`);
    this.owned(bucket).objects.delete(key);
  }

  async read(object: ObjectLocation, versionId: string | undefined, limit: number): Promise<string> {
    this.hear(`get ${uriOf(object)}${versionId === undefined ? '' : `?versionId=${versionId}`}`);
    const { bytes } = this.object(object);
    if (bytes.length > limit) throw new DeliveryError('refused', `${uriOf(object)} has ${bytes.length} bytes`);
    return bytes.toString();
  }

  async presenceOfBucket(bucket: OwnedBucket): Promise<Presence> {
    this.hear(`head s3://${bucket.bucket}`);
    const found = this.buckets.get(bucket.bucket);
    if (this.options.mayList === false) return 'hidden';
    if (found === undefined) return 'absent';
    return found.owner === bucket.owner ? 'present' : 'hidden';
  }

  async createBucket(bucket: string): Promise<void> {
    this.hear(`create s3://${bucket}`);
    const found = this.buckets.get(bucket);
    if (found === undefined) this.add(bucket);
    else if (found.owner !== this.options.account) throw s3Error('BucketAlreadyExists', 409);
  }

  async blockPublicAccess(bucket: OwnedBucket): Promise<void> {
    this.hear(`block s3://${bucket.bucket}`);
    this.owned(bucket).publicAccess = 'blocked';
  }

  async encryptByDefault(bucket: OwnedBucket, kmsKeyId: string | undefined): Promise<void> {
    this.hear(`encrypt s3://${bucket.bucket}`);
    this.owned(bucket).encryption = kmsKeyId ?? 'AES256';
  }

  async tagsOf(bucket: OwnedBucket): Promise<Readonly<Record<string, string>>> {
    this.hear(`tags s3://${bucket.bucket}`);
    return this.owned(bucket).tags;
  }

  async setTags(bucket: OwnedBucket, tags: Readonly<Record<string, string>>): Promise<void> {
    this.hear(`tag s3://${bucket.bucket}`);
    this.owned(bucket).tags = tags;
  }

  private owned({ bucket, owner }: OwnedBucket): MemoryBucket {
    const found = this.bucket(bucket);
    if (found.owner !== owner || found.owner !== this.options.account) throw s3Error('AccessDenied', 403);
    return found;
  }

  private hear(call: string): void {
    this.calls.push(call);
    const index = this.faults.findIndex((fault) => call.startsWith(fault.call));
    const [fault] = index === -1 ? [] : this.faults.splice(index, 1);
    if (fault !== undefined) throw fault.error;
  }
}
