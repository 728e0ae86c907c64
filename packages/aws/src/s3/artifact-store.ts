import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { DeliveryError, type DeliveryErrorCode } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import type { Artifact } from '@aws-delivery/artifact/artifact';
import { classifyError, formatAwsError } from '../error.js';
import { poll } from '../poll.js';
import { formatS3Uri, formatS3Url, type ObjectLocation } from './object-location.js';
import type { ObjectService, OwnedBucket } from './s3.js';

/** Where artifacts go. */
export interface Destination extends OwnedBucket {
  /** Of the bucket, which must be that of the deployment: Lambda takes code from nowhere else. */
  readonly region: string;
  /** Folders before the name, without slashes around them; empty for none. */
  readonly prefix: string;
  /** Without it, the bucket's own default encryption applies. */
  readonly kmsKeyId: string | undefined;
}

/** An artifact that is in its bucket. */
export interface StoredArtifact extends ObjectLocation {
  /** `s3://bucket/key`. */
  readonly uri: string;
  /** The https address in the bucket's Region and partition. */
  readonly url: string;
  /** Whether this call brought it, or it was there. */
  readonly by: 'upload' | 'earlier-upload';
}

/** Takes artifacts and says where they are. */
export interface Store {
  put(artifact: Artifact): Promise<StoredArtifact>;
}

export interface StoreServices {
  readonly s3: ObjectService;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/** How long one call is repeated while S3 throttles or fails, in milliseconds. */
const RETRY_TIMEOUT_MS = 300_000;

/** Repeats a call to S3 while repeating may help. */
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
    return { code: 'not-found', hint: `bucket ${bucket} does not exist: create it, or name another` };
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
      hint: `bucket ${bucket} is not in ${region}: name one in the Region of the deployment`,
    };
  }
  if (classifyError(error) !== 'denied') return undefined;
  const requirement = `the role needs s3:PutObject there, and the bucket must belong to account ${owner}`;
  return { code: 'denied', hint: requirement };
};

/** Puts artifacts into one bucket, each content once, and only what is not there yet. */
export class ArtifactStore implements Store {
  private readonly uploads = new Map<string, Promise<StoredArtifact>>();
  private preparing: Promise<void> | undefined;

  /** @param prepare what must be done once, before the first artifact: a bucket is only made when it is needed */
  constructor(
    private readonly destination: Destination,
    private readonly services: StoreServices,
    private readonly prepare: () => Promise<void> = async () => {},
  ) {}

  /**
   * @throws DeliveryError `not-found` (no such bucket), `refused` (another Region), `denied` (another owner, or no
   * right), or what reading the artifact throws
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
    const presence = await withRetry(`a look for ${uri}`, this.services, () => s3.getObjectPresence(object));
    if (presence === 'present') return 'earlier-upload';
    await artifact.withBody((body) =>
      withRetry(`the upload of ${uri}`, this.services, () => s3.putObject(object, body, this.destination.kmsKeyId)),
    );
    return 'upload';
  }

  private explainError(artifact: Artifact, uri: string, error: unknown): unknown {
    const errorHint = error instanceof DeliveryError ? undefined : findErrorHint(error, this.destination);
    if (errorHint === undefined) return error;
    const message = `${artifact.label} cannot be stored as ${uri}: ${formatAwsError(error)}; ${errorHint.hint}`;
    return new DeliveryError(errorHint.code, message, { cause: error });
  }
}
