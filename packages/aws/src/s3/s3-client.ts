import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import type { Body } from '@aws-delivery/artifact/artifact';
import type { S3Client, S3ClientConfig, ServerSideEncryptionRule } from '@aws-sdk/client-s3';
import { getHttpStatus } from '../error.js';
import { formatS3Uri, type ObjectLocation } from './object-location.js';
import type { OwnedBucket, OwnedObject, Presence, PrivacyService, S3 } from './s3.js';

type Sdk = typeof import('@aws-sdk/client-s3');

/** Responses to HEAD have no body, so only the status distinguishes errors. */
const toPresence = async (request: Promise<unknown>): Promise<Presence> => {
  try {
    await request;
    return 'present';
  } catch (error) {
    if (getHttpStatus(error) === 404) return 'absent';
    if (getHttpStatus(error) === 403) return 'hidden';
    throw error;
  }
};

interface BucketInput {
  readonly Bucket: string;
  readonly ExpectedBucketOwner: string;
}

const toBucketInput = ({ bucket, owner }: OwnedBucket): BucketInput => ({ Bucket: bucket, ExpectedBucketOwner: owner });

const encodeBase64 = (hexadecimal: string): string => Buffer.from(hexadecimal, 'hex').toString('base64');

const buildEncryptionRule = (kmsKeyId: string | undefined): ServerSideEncryptionRule =>
  kmsKeyId === undefined
    ? { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }
    : {
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: kmsKeyId },
        BucketKeyEnabled: true,
      };

const BLOCK_ALL_PUBLIC_ACCESS = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

/** Suppresses the client's warning that it cannot resend a stream: ArtifactStore opens a new one for each attempt. */
const SILENT_LOGGER = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

interface SdkContext {
  readonly sdk: Sdk;
  readonly client: S3Client;
  readonly options: { readonly abortSignal?: AbortSignal };
}

/** Loads the SDK client at the first call, since most runs store nothing and it slows the start. */
class SdkS3 implements S3, PrivacyService {
  private context: Promise<SdkContext> | undefined;

  constructor(
    private readonly config: S3ClientConfig,
    private readonly signal: AbortSignal | undefined,
  ) {}

  getObjectPresence(object: OwnedObject): Promise<Presence> {
    const input = { ...toBucketInput(object), Key: object.key };
    return toPresence(this.call(({ sdk, client, options }) => client.send(new sdk.HeadObjectCommand(input), options)));
  }

  async findObjectSize({ key, ...bucket }: OwnedObject): Promise<number | undefined> {
    const input = { ...toBucketInput(bucket), Prefix: key, MaxKeys: 1 };
    const { Contents: [object] = [] } = await this.call(({ sdk, client, options }) =>
      client.send(new sdk.ListObjectsV2Command(input), options),
    );
    return object?.Key === key ? object.Size : undefined;
  }

  async putObject(object: OwnedObject, body: Body, kmsKeyId: string | undefined): Promise<void> {
    const input = {
      ...toBucketInput(object),
      Key: object.key,
      ContentLength: body.size,
      ChecksumSHA256: encodeBase64(body.sha256),
      ...(kmsKeyId === undefined
        ? {}
        : { ServerSideEncryption: 'aws:kms' as const, SSEKMSKeyId: kmsKeyId, BucketKeyEnabled: true }),
    };
    await this.call(({ sdk, client, options }) =>
      client.send(new sdk.PutObjectCommand({ ...input, Body: body.open() }), options),
    );
  }

  async deleteObject(object: OwnedObject): Promise<void> {
    const input = { ...toBucketInput(object), Key: object.key };
    await this.call(({ sdk, client, options }) => client.send(new sdk.DeleteObjectCommand(input), options));
  }

  async readObject(object: ObjectLocation, versionId: string | undefined, limit: number): Promise<string> {
    const version = versionId === undefined ? {} : { VersionId: versionId };
    const input = { Bucket: object.bucket, Key: object.key, ...version };
    return this.call(async ({ sdk, client, options }) => {
      const { Body: body, ContentLength: size = 0 } = await client.send(new sdk.GetObjectCommand(input), options);
      if (size <= limit) return (await body?.transformToString('utf-8')) ?? '';
      throw new DeliveryError('rejected', `${formatS3Uri(object)} has ${size} bytes: the limit is ${limit}`);
    });
  }

  getBucketPresence(bucket: OwnedBucket): Promise<Presence> {
    const input = toBucketInput(bucket);
    return toPresence(this.call(({ sdk, client, options }) => client.send(new sdk.HeadBucketCommand(input), options)));
  }

  async createBucket(bucket: string): Promise<void> {
    // The client sets LocationConstraint for Regions that need it.
    try {
      await this.call(({ sdk, client, options }) =>
        client.send(new sdk.CreateBucketCommand({ Bucket: bucket }), options),
      );
    } catch (error) {
      if (!hasErrorCode(error, 'BucketAlreadyOwnedByYou')) throw error;
    }
  }

  async isPublic(bucket: OwnedBucket): Promise<boolean> {
    const input = toBucketInput(bucket);
    try {
      const { PolicyStatus: status } = await this.call(({ sdk, client, options }) =>
        client.send(new sdk.GetBucketPolicyStatusCommand(input), options),
      );
      return status?.IsPublic === true;
    } catch (error) {
      if (hasErrorCode(error, 'NoSuchBucketPolicy')) return false;
      throw error;
    }
  }

  async putPublicAccessBlock(bucket: OwnedBucket): Promise<void> {
    const input = { ...toBucketInput(bucket), PublicAccessBlockConfiguration: BLOCK_ALL_PUBLIC_ACCESS };
    await this.call(({ sdk, client, options }) => client.send(new sdk.PutPublicAccessBlockCommand(input), options));
  }

  async putBucketEncryption(bucket: OwnedBucket, kmsKeyId: string | undefined): Promise<void> {
    const input = {
      ...toBucketInput(bucket),
      ServerSideEncryptionConfiguration: { Rules: [buildEncryptionRule(kmsKeyId)] },
    };
    await this.call(({ sdk, client, options }) => client.send(new sdk.PutBucketEncryptionCommand(input), options));
  }

  async getBucketTags(bucket: OwnedBucket): Promise<Readonly<Record<string, string>>> {
    const input = toBucketInput(bucket);
    try {
      const { TagSet = [] } = await this.call(({ sdk, client, options }) =>
        client.send(new sdk.GetBucketTaggingCommand(input), options),
      );
      return Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
    } catch (error) {
      if (hasErrorCode(error, 'NoSuchTagSet')) return {};
      throw error;
    }
  }

  async setBucketTags(bucket: OwnedBucket, tags: Readonly<Record<string, string>>): Promise<void> {
    const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const input = { ...toBucketInput(bucket), Tagging: { TagSet } };
    await this.call(({ sdk, client, options }) => client.send(new sdk.PutBucketTaggingCommand(input), options));
  }

  private async call<T>(send: (context: SdkContext) => Promise<T>): Promise<T> {
    this.context ??= this.load();
    return send(await this.context);
  }

  private async load(): Promise<SdkContext> {
    const sdk = await import('@aws-sdk/client-s3');
    const options = this.signal === undefined ? {} : { abortSignal: this.signal };
    return { sdk, client: new sdk.S3Client({ logger: SILENT_LOGGER, ...this.config }), options };
  }
}

/** Neither loads the SDK client nor resolves credentials before the first call. */
export const createS3 = (config: S3ClientConfig, signal?: AbortSignal): S3 & PrivacyService =>
  new SdkS3(config, signal);
