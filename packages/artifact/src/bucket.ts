import { isCode } from '@aws-delivery/action-kit/aws-error';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { BucketService, OwnedBucket } from './s3.js';
import { ArtifactStore, type Destination, persist, type Store, type StoreServices } from './store.js';

/** The bucket that is made for artifacts where none is named: one for each account and Region. */
export const ownBucketName = (owner: string, region: string): string => `aws-delivery-${owner}-${region}`;

/** Set last: a bucket that has it is complete. */
const COMPLETE = { 'aws-delivery:purpose': 'artifacts' } as const;

export interface BucketRequest extends OwnedBucket {
  readonly kmsKeyId: string | undefined;
  /** Tags of one's own. */
  readonly tags: Readonly<Record<string, string>>;
  /** `refuse` where nothing may be made, as in a preview. */
  readonly whenAbsent: 'create' | 'refuse';
}

export interface BucketServices extends StoreServices {
  readonly s3: StoreServices['s3'] & BucketService;
}

type Tags = Readonly<Record<string, string>>;

const complete = async (request: BucketRequest, services: BucketServices, present: Tags): Promise<void> => {
  const { s3 } = services;
  const steps: readonly (() => Promise<void>)[] = [
    () => s3.blockPublicAccess(request),
    () => s3.encryptByDefault(request, request.kmsKeyId),
    () => s3.setTags(request, { ...present, ...request.tags, ...COMPLETE }),
  ];
  for (const step of steps) await persist(`bucket ${request.bucket} to be set up`, services, () => settled(step));
};

/** A bucket is not everywhere at once: for a while after its creation S3 may not know it. */
const settled = async (step: () => Promise<void>): Promise<void> => {
  try {
    await step();
  } catch (error) {
    if (!isCode(error, 'NoSuchBucket')) throw error;
    throw new DeliveryError('unavailable', 'S3 does not know the new bucket yet', { cause: error });
  }
};

const foreign = ({ bucket, owner }: OwnedBucket, cause?: unknown): DeliveryError =>
  new DeliveryError(
    'denied',
    `bucket ${bucket} is not account ${owner}'s, or this role may not see it (s3:ListBucket): name a bucket of your own`,
    { cause },
  );

const create = async (request: BucketRequest, services: BucketServices): Promise<void> => {
  const { bucket, whenAbsent } = request;
  if (whenAbsent === 'refuse') {
    const remedy = 'name an existing bucket, or let a deployment make it first';
    throw new DeliveryError('refused', `bucket ${bucket} does not exist and a preview makes none: ${remedy}`);
  }
  try {
    await persist(`bucket ${bucket} to be made`, services, () => services.s3.createBucket(bucket));
  } catch (error) {
    throw isCode(error, 'BucketAlreadyExists') ? foreign(request, error) : error;
  }
  await complete(request, services, {});
};

/**
 * Makes sure of a bucket that only its owner can read: public access blocked, encrypted, tagged. A creation that was
 * interrupted is completed by the next run; a complete bucket is not written to.
 * @throws DeliveryError `denied` when somebody else has it; `refused` when it is absent and none may be made
 */
export const ensureBucket = async (request: BucketRequest, services: BucketServices): Promise<void> => {
  const { bucket } = request;
  const { s3 } = services;
  const presence = await persist(`a look for bucket ${bucket}`, services, () => s3.presenceOfBucket(request));
  if (presence === 'hidden') throw foreign(request);
  if (presence === 'absent') return create(request, services);
  if (request.whenAbsent === 'refuse') return;
  const tags = await persist(`the tags of bucket ${bucket}`, services, () => s3.tagsOf(request));
  const isComplete = Object.entries(COMPLETE).every(([key, value]) => tags[key] === value);
  if (!isComplete) await complete(request, services, tags);
};

export interface OwnStoreRequest extends Omit<Destination, 'bucket'> {
  readonly tags: Tags;
  readonly whenAbsent: BucketRequest['whenAbsent'];
}

/** A store in the account's own bucket for artifacts, which is made with the first artifact if it is absent. */
export const ownStore = (request: OwnStoreRequest, services: BucketServices): Store => {
  const bucket = ownBucketName(request.owner, request.region);
  return new ArtifactStore({ ...request, bucket }, services, () => ensureBucket({ ...request, bucket }, services));
};
