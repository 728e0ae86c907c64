import { isCode } from '@aws-delivery/action-kit/aws-error';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { S3Client, S3ClientConfig, ServerSideEncryptionRule } from '@aws-sdk/client-s3';
import type { Body } from './artifact.js';
import { type ObjectLocation, uriOf } from './location.js';
import type { OwnedBucket, OwnedObject, Presence, PrivacyService, S3 } from './s3.js';

type Sdk = typeof import('@aws-sdk/client-s3');

const statusOf = (error: unknown): unknown => {
  const metadata: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, '$metadata') : undefined;
  return typeof metadata === 'object' && metadata !== null ? Reflect.get(metadata, 'httpStatusCode') : undefined;
};

/** HEAD has no body, so that the status is all there is to tell errors apart. */
const presence = async (look: Promise<unknown>): Promise<Presence> => {
  try {
    await look;
    return 'present';
  } catch (error) {
    if (statusOf(error) === 404) return 'absent';
    if (statusOf(error) === 403) return 'hidden';
    throw error;
  }
};

interface Owned {
  readonly Bucket: string;
  readonly ExpectedBucketOwner: string;
}

const owned = ({ bucket, owner }: OwnedBucket): Owned => ({ Bucket: bucket, ExpectedBucketOwner: owner });

const base64Of = (hexadecimal: string): string => Buffer.from(hexadecimal, 'hex').toString('base64');

const encryptionRule = (kmsKeyId: string | undefined): ServerSideEncryptionRule =>
  kmsKeyId === undefined
    ? { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }
    : {
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: kmsKeyId },
        BucketKeyEnabled: true,
      };

const ALL_BLOCKED = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

/** The client warns on the console of every stream that it cannot send a second time; the store opens a new one. */
const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

interface Sending {
  readonly sdk: Sdk;
  readonly client: S3Client;
  readonly options: { readonly abortSignal?: AbortSignal };
}

/** S3 by its SDK client, which is loaded at the first call: it is too heavy for runs that store nothing. */
class SdkS3 implements S3, PrivacyService {
  private loaded: Promise<Sending> | undefined;

  constructor(
    private readonly configuration: S3ClientConfig,
    private readonly signal: AbortSignal | undefined,
  ) {}

  presenceOf(object: OwnedObject): Promise<Presence> {
    const input = { ...owned(object), Key: object.key };
    return presence(this.call(({ sdk, client, options }) => client.send(new sdk.HeadObjectCommand(input), options)));
  }

  async put(object: OwnedObject, body: Body, kmsKeyId: string | undefined): Promise<void> {
    const input = {
      ...owned(object),
      Key: object.key,
      ContentLength: body.size,
      ChecksumSHA256: base64Of(body.sha256),
      ...(kmsKeyId === undefined
        ? {}
        : { ServerSideEncryption: 'aws:kms' as const, SSEKMSKeyId: kmsKeyId, BucketKeyEnabled: true }),
    };
    await this.call(({ sdk, client, options }) =>
      client.send(new sdk.PutObjectCommand({ ...input, Body: body.open() }), options),
    );
  }

  async remove(object: OwnedObject): Promise<void> {
    const input = { ...owned(object), Key: object.key };
    await this.call(({ sdk, client, options }) => client.send(new sdk.DeleteObjectCommand(input), options));
  }

  async read(object: ObjectLocation, versionId: string | undefined, limit: number): Promise<string> {
    const version = versionId === undefined ? {} : { VersionId: versionId };
    const input = { Bucket: object.bucket, Key: object.key, ...version };
    return this.call(async ({ sdk, client, options }) => {
      const { Body: body, ContentLength: size = 0 } = await client.send(new sdk.GetObjectCommand(input), options);
      if (size <= limit) return (await body?.transformToString('utf-8')) ?? '';
      throw new DeliveryError('refused', `${uriOf(object)} has ${size} bytes: at most ${limit} are taken`);
    });
  }

  presenceOfBucket(bucket: OwnedBucket): Promise<Presence> {
    const input = owned(bucket);
    return presence(this.call(({ sdk, client, options }) => client.send(new sdk.HeadBucketCommand(input), options)));
  }

  async createBucket(bucket: string): Promise<void> {
    // The client adds the Region as the bucket's location where the Region wants that said.
    try {
      await this.call(({ sdk, client, options }) =>
        client.send(new sdk.CreateBucketCommand({ Bucket: bucket }), options),
      );
    } catch (error) {
      if (!isCode(error, 'BucketAlreadyOwnedByYou')) throw error;
    }
  }

  async isPublic(bucket: OwnedBucket): Promise<boolean> {
    const input = owned(bucket);
    try {
      const { PolicyStatus: status } = await this.call(({ sdk, client, options }) =>
        client.send(new sdk.GetBucketPolicyStatusCommand(input), options),
      );
      return status?.IsPublic === true;
    } catch (error) {
      if (isCode(error, 'NoSuchBucketPolicy')) return false;
      throw error;
    }
  }

  async blockPublicAccess(bucket: OwnedBucket): Promise<void> {
    const input = { ...owned(bucket), PublicAccessBlockConfiguration: ALL_BLOCKED };
    await this.call(({ sdk, client, options }) => client.send(new sdk.PutPublicAccessBlockCommand(input), options));
  }

  async encryptByDefault(bucket: OwnedBucket, kmsKeyId: string | undefined): Promise<void> {
    const input = { ...owned(bucket), ServerSideEncryptionConfiguration: { Rules: [encryptionRule(kmsKeyId)] } };
    await this.call(({ sdk, client, options }) => client.send(new sdk.PutBucketEncryptionCommand(input), options));
  }

  async tagsOf(bucket: OwnedBucket): Promise<Readonly<Record<string, string>>> {
    const input = owned(bucket);
    try {
      const { TagSet = [] } = await this.call(({ sdk, client, options }) =>
        client.send(new sdk.GetBucketTaggingCommand(input), options),
      );
      return Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
    } catch (error) {
      if (isCode(error, 'NoSuchTagSet')) return {};
      throw error;
    }
  }

  async setTags(bucket: OwnedBucket, tags: Readonly<Record<string, string>>): Promise<void> {
    const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const input = { ...owned(bucket), Tagging: { TagSet } };
    await this.call(({ sdk, client, options }) => client.send(new sdk.PutBucketTaggingCommand(input), options));
  }

  private async call<T>(send: (sending: Sending) => Promise<T>): Promise<T> {
    this.loaded ??= this.load();
    return send(await this.loaded);
  }

  private async load(): Promise<Sending> {
    const sdk = await import('@aws-sdk/client-s3');
    const options = this.signal === undefined ? {} : { abortSignal: this.signal };
    return { sdk, client: new sdk.S3Client({ logger: SILENT, ...this.configuration }), options };
  }
}

/** S3 for a client configuration. Nothing is loaded, and no credentials are asked for, before the first call. */
export const createS3 = (configuration: S3ClientConfig, signal?: AbortSignal): S3 & PrivacyService =>
  new SdkS3(configuration, signal);
