import type { Body } from '@aws-delivery/artifact/artifact';
import type { ObjectLocation } from './object-location.js';

/** `hidden`: S3 does not say, which is its answer for absent things to those who may not list, and for other owners. */
export type Presence = 'present' | 'absent' | 'hidden';

/** A bucket and the account that must own it, else S3 refuses the call. */
export interface OwnedBucket {
  readonly bucket: string;
  readonly owner: string;
}

export type OwnedObject = ObjectLocation & OwnedBucket;

/** What is asked of S3 for objects. */
export interface ObjectService {
  getObjectPresence(object: OwnedObject): Promise<Presence>;
  /** @param kmsKeyId without it, the bucket's own default encryption applies */
  putObject(object: OwnedObject, body: Body, kmsKeyId: string | undefined): Promise<void>;
  /** One that is not there is removed already. */
  deleteObject(object: OwnedObject): Promise<void>;
  /**
   * The text of an object.
   * @throws DeliveryError `refused` when it has more than `limit` bytes
   */
  readObject(object: ObjectLocation, versionId: string | undefined, limit: number): Promise<string>;
}

/** What is asked of S3 for buckets. */
export interface BucketService {
  getBucketPresence(bucket: OwnedBucket): Promise<Presence>;
  /** In the Region of the client; a bucket of one's own that is there already is left as it is. */
  createBucket(bucket: string): Promise<void>;
  putPublicAccessBlock(bucket: OwnedBucket): Promise<void>;
  /** @param kmsKeyId without it, S3 encrypts with keys of its own */
  putBucketEncryption(bucket: OwnedBucket, kmsKeyId: string | undefined): Promise<void>;
  getBucketTags(bucket: OwnedBucket): Promise<Readonly<Record<string, string>>>;
  /** Replaces all tags. */
  setBucketTags(bucket: OwnedBucket, tags: Readonly<Record<string, string>>): Promise<void>;
}

/** What is asked of S3 before something goes into a bucket of others' making. */
export interface PrivacyService {
  /** Whether the bucket's policy lets anybody in; an object without an access list of its own is private else. */
  isPublic(bucket: OwnedBucket): Promise<boolean>;
}

export interface S3 extends ObjectService, BucketService {}
