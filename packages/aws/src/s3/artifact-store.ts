import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { DeliveryError, type DeliveryErrorCode } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import type { Artifact } from '@aws-delivery/artifact/artifact';
import { classifyError, formatAwsError } from '../error.js';
import { poll } from '../poll.js';
import { formatS3Uri, formatS3Url, type ObjectLocation } from './object-location.js';
import type { ObjectService, OwnedBucket } from './s3.js';

/** Where artifacts are stored. */
export interface Destination extends OwnedBucket {
  /** The bucket's Region. Must be the Region of the deployment: Lambda reads code from no other. */
  readonly region: string;
  /** Key prefix without leading or trailing slash; empty for none. */
  readonly prefix: string;
  /** Undefined applies the bucket's default encryption. */
  readonly kmsKeyId: string | undefined;
}

/** An artifact stored in its bucket. */
export interface StoredArtifact extends ObjectLocation {
  /** `s3://bucket/key`. */
  readonly uri: string;
  /** The https URL in the bucket's Region and partition. */
  readonly url: string;
  /** Whether this call uploaded it or it was already present. */
  readonly by: 'upload' | 'earlier-upload';
}

/** Stores artifacts and returns their locations. */
export interface Store {
  put(artifact: Artifact): Promise<StoredArtifact>;
}

export interface StoreServices {
  readonly s3: ObjectService;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/** How long one call is retried. */
const RETRY_TIMEOUT_MS = 300_000;

/** Retries a call to S3 on retryable errors. */
export const withRetry = <T>(
  label: string,
  { clock, signal }: Pick<StoreServices, 'clock' | 'signal'>,
  call: () => Promise<T>,
): Promise<T> =>
  poll({
    label,
    clock,
    signal,
    deadline: clock.now() + RETRY_TIMEOUT_MS,
    read: async () => ({ state: 'done', value: await call() }),
  });

interface ErrorHint {
  readonly code: DeliveryErrorCode;
  readonly hint: string;
}

const findErrorHint = (error: unknown, { bucket, owner, region }: Destination): ErrorHint | undefined => {
  if (hasErrorCode(error, 'NoSuchBucket', 'NotFound')) {
    return { code: 'not-found', hint: `bucket ${bucket} does not exist: create it, or specify another` };
  }
  if (
    hasErrorCode(
      error,
      'PermanentRedirect',
      '301',
      'AuthorizationHeaderMalformed',
      'IllegalLocationConstraintException',
    )
  ) {
    return {
      code: 'rejected',
      hint: `bucket ${bucket} is not in ${region}: specify a bucket in the Region of the deployment`,
    };
  }
  if (classifyError(error) !== 'denied') return undefined;
  const requirement = `the role needs s3:PutObject for it, and the bucket must belong to account ${owner}`;
  return { code: 'denied', hint: requirement };
};

/** Uploads artifacts to one bucket, each content once, and only when absent. */
export class ArtifactStore implements Store {
  private readonly uploads = new Map<string, Promise<StoredArtifact>>();
  private preparing: Promise<void> | undefined;

  /** @param prepare runs once before the first artifact, for example to create the bucket */
  constructor(
    private readonly destination: Destination,
    private readonly services: StoreServices,
    private readonly prepare: () => Promise<void> = async () => {},
  ) {}

  /**
   * @throws DeliveryError `not-found` (no such bucket), `rejected` (another Region), `denied` (another owner or missing
   * permission), and the errors of reading the artifact
   */
  put(artifact: Artifact): Promise<StoredArtifact> {
    const { prefix } = this.destination;
    const key = prefix === '' ? artifact.name : `${prefix}/${artifact.name}`;
    const upload = this.uploads.get(key) ?? this.upload(artifact, key);
    this.uploads.set(key, upload);
    return upload;
  }

  private async upload(artifact: Artifact, key: string): Promise<StoredArtifact> {
    this.preparing ??= this.prepare();
    await this.preparing;
    const { bucket, region } = this.destination;
    const location = { bucket, key, uri: formatS3Uri({ bucket, key }), url: formatS3Url({ bucket, key }, region) };
    try {
      return { ...location, by: await this.uploadIfAbsent(artifact, key, location.uri) };
    } catch (error) {
      throw this.explainError(artifact, location.uri, error);
    }
  }

  private async uploadIfAbsent(artifact: Artifact, key: string, uri: string): Promise<StoredArtifact['by']> {
    const { s3 } = this.services;
    const object = { bucket: this.destination.bucket, owner: this.destination.owner, key };
    const presence = await withRetry(`the existence check of ${uri}`, this.services, () =>
      s3.getObjectPresence(object),
    );
    if (presence === 'present') return 'earlier-upload';
    await artifact.withBody((body) =>
      withRetry(`the upload of ${uri}`, this.services, () => s3.putObject(object, body, this.destination.kmsKeyId)),
    );
    return 'upload';
  }

  private explainError(artifact: Artifact, uri: string, error: unknown): unknown {
    const errorHint = error instanceof DeliveryError ? undefined : findErrorHint(error, this.destination);
    if (errorHint === undefined) return error;
    const message = `cannot upload ${artifact.label} to ${uri}: ${formatAwsError(error)}; ${errorHint.hint}`;
    return new DeliveryError(errorHint.code, message, { cause: error });
  }
}
