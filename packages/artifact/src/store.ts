import { awsErrorText, classify, isCode } from '@aws-delivery/action-kit/aws-error';
import type { Clock } from '@aws-delivery/action-kit/clock';
import { DeliveryError, type DeliveryErrorCode } from '@aws-delivery/action-kit/error';
import { poll } from '@aws-delivery/action-kit/poll';
import type { Artifact } from './artifact.js';
import { type ObjectLocation, uriOf, urlOf } from './location.js';
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
export interface Stored extends ObjectLocation {
  /** `s3://bucket/key`. */
  readonly uri: string;
  /** The https address in the bucket's Region and partition. */
  readonly url: string;
  /** Whether this call brought it, or it was there. */
  readonly by: 'upload' | 'earlier-upload';
}

/** Takes artifacts and says where they are. */
export interface Store {
  put(artifact: Artifact): Promise<Stored>;
}

export interface StoreServices {
  readonly s3: ObjectService;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/** How long one call is repeated while S3 throttles or fails, in milliseconds. */
const PATIENCE = 300_000;

/** Repeats a call to S3 while repeating may help. */
export const persist = <T>(
  what: string,
  { clock, signal }: Pick<StoreServices, 'clock' | 'signal'>,
  call: () => Promise<T>,
): Promise<T> =>
  poll({
    what,
    clock,
    signal,
    deadline: clock.now() + PATIENCE,
    read: async () => ({ state: 'done', value: await call() }),
  });

interface Advice {
  readonly code: DeliveryErrorCode;
  readonly remedy: string;
}

const adviceFor = (error: unknown, { bucket, owner, region }: Destination): Advice | undefined => {
  if (isCode(error, 'NoSuchBucket', 'NotFound')) {
    return { code: 'not-found', remedy: `bucket ${bucket} does not exist: create it, or name another` };
  }
  if (isCode(error, 'PermanentRedirect', '301', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException')) {
    return {
      code: 'refused',
      remedy: `bucket ${bucket} is not in ${region}: name one in the Region of the deployment`,
    };
  }
  if (classify(error) !== 'denied') return undefined;
  const right = `the role needs s3:PutObject there, and the bucket must belong to account ${owner}`;
  return { code: 'denied', remedy: right };
};

/** Puts artifacts into one bucket, each content once, and only what is not there yet. */
export class ArtifactStore implements Store {
  private readonly underway = new Map<string, Promise<Stored>>();
  private prepared: Promise<void> | undefined;

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
  put(artifact: Artifact): Promise<Stored> {
    const { prefix } = this.destination;
    const key = prefix === '' ? artifact.name : `${prefix}/${artifact.name}`;
    const underway = this.underway.get(key) ?? this.deliver(artifact, key);
    this.underway.set(key, underway);
    return underway;
  }

  private async deliver(artifact: Artifact, key: string): Promise<Stored> {
    this.prepared ??= this.prepare();
    await this.prepared;
    const { bucket, region } = this.destination;
    const place = { bucket, key, uri: uriOf({ bucket, key }), url: urlOf({ bucket, key }, region) };
    try {
      return { ...place, by: await this.send(artifact, key, place.uri) };
    } catch (error) {
      throw this.explain(artifact, place.uri, error);
    }
  }

  private async send(artifact: Artifact, key: string, uri: string): Promise<Stored['by']> {
    const { s3 } = this.services;
    const object = { bucket: this.destination.bucket, owner: this.destination.owner, key };
    const presence = await persist(`a look for ${uri}`, this.services, () => s3.presenceOf(object));
    if (presence === 'present') return 'earlier-upload';
    await artifact.withBody((body) =>
      persist(`the upload of ${uri}`, this.services, () => s3.put(object, body, this.destination.kmsKeyId)),
    );
    return 'upload';
  }

  private explain(artifact: Artifact, uri: string, error: unknown): unknown {
    const advice = error instanceof DeliveryError ? undefined : adviceFor(error, this.destination);
    if (advice === undefined) return error;
    const message = `${artifact.what} cannot be stored as ${uri}: ${awsErrorText(error)}; ${advice.remedy}`;
    return new DeliveryError(advice.code, message, { cause: error });
  }
}
