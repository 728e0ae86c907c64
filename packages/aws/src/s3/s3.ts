import type { Body } from '@aws-delivery/artifact/artifact';
import type { ObjectLocation } from './object-location.js';

/** `hidden`: S3 responds 403: missing and the caller may not list, or owned by another account. */
export type Presence = 'present' | 'absent' | 'hidden';

/** A bucket and its expected owner; S3 rejects calls when another account owns it (`ExpectedBucketOwner`). */
export interface OwnedBucket {
  readonly bucket: string;
  readonly owner: string;
}

export type OwnedObject = ObjectLocation & OwnedBucket;

/** Object operations. */
export interface ObjectService {
  getObjectPresence(object: OwnedObject): Promise<Presence>;
  /** @param kmsKeyId undefined applies the bucket's default encryption */
  putObject(object: OwnedObject, body: Body, kmsKeyId: string | undefined): Promise<void>;
  /** Succeeds for a missing object. */
  deleteObject(object: OwnedObject): Promise<void>;
  /**
   * Reads an object as UTF-8.
   * @throws DeliveryError `rejected` when it has more than `limit` bytes
   */
  readObject(object: ObjectLocation, versionId: string | undefined, limit: number): Promise<string>;
}

/** Finds objects by their key in lists, which are consistent where a HEAD of a missing object is cached. */
export interface ObjectListing {
  /** Size in bytes; undefined for a missing object. Needs `s3:ListBucket`. */
  findObjectSize(object: OwnedObject): Promise<number | undefined>;
}

/** Bucket operations. */
export interface BucketService {
  getBucketPresence(bucket: OwnedBucket): Promise<Presence>;
  /** Creates a bucket in the client's Region; succeeds when the account owns it already. */
  createBucket(bucket: string): Promise<void>;
  putPublicAccessBlock(bucket: OwnedBucket): Promise<void>;
  /** @param kmsKeyId undefined selects SSE-S3 */
  putBucketEncryption(bucket: OwnedBucket, kmsKeyId: string | undefined): Promise<void>;
  getBucketTags(bucket: OwnedBucket): Promise<Readonly<Record<string, string>>>;
  /** Replaces all tags. */
  setBucketTags(bucket: OwnedBucket, tags: Readonly<Record<string, string>>): Promise<void>;
}

/** Checks a bucket that this repository did not create. */
export interface PrivacyService {
  /** Whether the bucket policy grants public access. Otherwise objects without an ACL are private. */
  isPublic(bucket: OwnedBucket): Promise<boolean>;
}

export interface S3 extends ObjectService, ObjectListing, BucketService {}
