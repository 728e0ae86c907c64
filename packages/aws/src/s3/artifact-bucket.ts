import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { ArtifactStore, type Destination, type Store, type StoreServices, withRetry } from './artifact-store.js';
import type { BucketService, OwnedBucket } from './s3.js';

/** The default artifact bucket: one per account and Region. */
export const getArtifactBucketName = (owner: string, region: string): string => `aws-delivery-${owner}-${region}`;

/** Set last: marks a bucket whose setup is complete. */
const COMPLETION_TAG = { 'aws-delivery:purpose': 'artifacts' } as const;

export interface BucketRequest extends OwnedBucket {
  readonly kmsKeyId: string | undefined;
  /** Tags from the input `tags`, in addition to the completion tag. */
  readonly tags: Readonly<Record<string, string>>;
  /** `reject` when nothing may be created, as in a preview. */
  readonly whenAbsent: 'create' | 'reject';
}

export interface BucketServices extends StoreServices {
  readonly s3: StoreServices['s3'] & BucketService;
}

type Tags = Readonly<Record<string, string>>;

const completeBucket = async (request: BucketRequest, services: BucketServices, existingTags: Tags): Promise<void> => {
  const { s3 } = services;
  const steps: readonly (() => Promise<void>)[] = [
    () => s3.putPublicAccessBlock(request),
    () => s3.putBucketEncryption(request, request.kmsKeyId),
    () => s3.setBucketTags(request, { ...existingTags, ...request.tags, ...COMPLETION_TAG }),
  ];
  for (const step of steps)
    await withRetry(`the setup of bucket ${request.bucket}`, services, () => withRetryableNoSuchBucket(step));
};

/** Makes NoSuchBucket retryable: S3 may report it for a while after the bucket's creation. */
const withRetryableNoSuchBucket = async (step: () => Promise<void>): Promise<void> => {
  try {
    await step();
  } catch (error) {
    if (!hasErrorCode(error, 'NoSuchBucket')) throw error;
    throw new DeliveryError('unavailable', 'the new bucket is not available in S3 yet', { cause: error });
  }
};

const createForeignBucketError = ({ bucket, owner }: OwnedBucket, cause?: unknown): DeliveryError =>
  new DeliveryError(
    'denied',
    `bucket ${bucket} does not belong to account ${owner}, or the role lacks s3:ListBucket for it: specify a bucket of your account`,
    { cause },
  );

const createArtifactBucket = async (request: BucketRequest, services: BucketServices): Promise<void> => {
  const { bucket, whenAbsent } = request;
  if (whenAbsent === 'reject') {
    const hint = 'specify an existing bucket, or run a deployment first';
    throw new DeliveryError('rejected', `bucket ${bucket} does not exist, and a preview does not create it: ${hint}`);
  }
  try {
    await withRetry(`the creation of bucket ${bucket}`, services, () => services.s3.createBucket(bucket));
  } catch (error) {
    throw hasErrorCode(error, 'BucketAlreadyExists') ? createForeignBucketError(request, error) : error;
  }
  await completeBucket(request, services, {});
};

/**
 * Ensures a private bucket: public access blocked, encrypted, tagged. An interrupted setup is completed; a complete
 * bucket is not changed.
 * @throws DeliveryError `denied` when another account owns it, `rejected` when it is absent and must not be created
 */
export const ensureBucket = async (request: BucketRequest, services: BucketServices): Promise<void> => {
  const { bucket } = request;
  const { s3 } = services;
  const presence = await withRetry(`the existence check of bucket ${bucket}`, services, () =>
    s3.getBucketPresence(request),
  );
  if (presence === 'hidden') throw createForeignBucketError(request);
  if (presence === 'absent') return createArtifactBucket(request, services);
  if (request.whenAbsent === 'reject') return;
  const tags = await withRetry(`the tags of bucket ${bucket}`, services, () => s3.getBucketTags(request));
  const isComplete = Object.entries(COMPLETION_TAG).every(([key, value]) => tags[key] === value);
  if (!isComplete) await completeBucket(request, services, tags);
};

export interface ArtifactStoreRequest extends Omit<Destination, 'bucket'> {
  readonly tags: Tags;
  readonly whenAbsent: BucketRequest['whenAbsent'];
}

/** A store in the default artifact bucket, which is created with the first artifact when absent. */
export const createArtifactStore = (request: ArtifactStoreRequest, services: BucketServices): Store => {
  const bucket = getArtifactBucketName(request.owner, request.region);
  return new ArtifactStore({ ...request, bucket }, services, () => ensureBucket({ ...request, bucket }, services));
};
