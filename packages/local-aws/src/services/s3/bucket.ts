import type { ApiCall, Document } from '../../api-call.js';
import { isDocument, readDocument } from '../../protocols/document.js';
import type { ProvisionedResource } from '../../service.js';
import { serviceError } from '../../service-error.js';

/** The newest version of an object; deleting the object removes it. */
export interface StoredObject {
  readonly body: Buffer;
  readonly etag: string;
  readonly modifiedAt: number;
  /** Undefined when versioning is not enabled. */
  readonly versionId: string | undefined;
  /** Members of PutObject that GetObject and HeadObject return. */
  readonly headers: Document;
}

export interface Bucket {
  readonly name: string;
  readonly owner: string;
  readonly region: string;
  readonly createdAt: number;
  readonly objects: Map<string, StoredObject>;
  /** Configurations, by the member that Put sets and Get returns (`PublicAccessBlockConfiguration`). */
  readonly settings: Map<string, unknown>;
}

/** Handles an operation on an existing bucket that the caller may access. */
export type BucketHandler = (call: ApiCall, bucket: Bucket) => Document;

/** A bucket created by a stack, with the settings whose template and API forms are the same. */
export const toBucket = ({ physicalId, account, region, since, properties }: ProvisionedResource): Bucket => {
  const { PublicAccessBlockConfiguration: block, Tags: tags } = properties;
  const settings = new Map<string, unknown>();
  if (block !== undefined) settings.set('PublicAccessBlockConfiguration', block);
  if (tags !== undefined) settings.set('Tagging', { TagSet: tags });
  return { name: physicalId, owner: account, region, createdAt: since, objects: new Map(), settings };
};

/** What S3 returns for a configuration that is not set: a default, or an error. */
const DEFAULTS: Readonly<Record<string, Document | readonly [code: string, message: string]>> = {
  LifecycleConfiguration: ['NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist'],
  Policy: ['NoSuchBucketPolicy', 'The bucket policy does not exist'],
  PublicAccessBlockConfiguration: [
    'NoSuchPublicAccessBlockConfiguration',
    'The public access block configuration was not found',
  ],
  // Since 2023 S3 encrypts every object.
  ServerSideEncryptionConfiguration: {
    Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
  },
  Tagging: ['NoSuchTagSet', 'The TagSet does not exist'],
  VersioningConfiguration: {},
};

const createPutHandler =
  (member: string): BucketHandler =>
  ({ input }, { settings }) => {
    settings.set(member, input[member]);
    return {};
  };

/** @throws ServiceError if the configuration is not set and has no default */
const readSetting = ({ settings }: Bucket, member: string): unknown => {
  const value = settings.get(member) ?? DEFAULTS[member];
  if (!settings.has(member) && Array.isArray(value)) throw serviceError(String(value[0]), String(value[1]), 404);
  return value;
};

const createGetHandler =
  (member: string): BucketHandler =>
  (_, bucket) => ({ [member]: readSetting(bucket, member) });

/** Returns the members of the configuration itself. */
const createFlatGetHandler =
  (member: string): BucketHandler =>
  (_, bucket) =>
    readDocument(readSetting(bucket, member));

/** A policy is public when it allows every principal without a condition (S3 user guide, "The meaning of public"). */
const getPolicyStatus: BucketHandler = (_, bucket) => {
  const document: unknown = JSON.parse(String(readSetting(bucket, 'Policy')));
  const statements = [isDocument(document) ? document['Statement'] : []].flat().filter(isDocument);
  const isPublic = statements.some(
    ({ Effect: effect, Principal: principal, Condition: condition }) =>
      effect === 'Allow' &&
      condition === undefined &&
      [principal, isDocument(principal) ? principal['AWS'] : undefined].flat().includes('*'),
  );
  return { PolicyStatus: { IsPublic: isPublic } };
};

/** Handlers of a bucket's location and configurations. */
export const BUCKET_HANDLERS: Readonly<Record<string, BucketHandler>> = {
  HeadBucket: (_, { region }) => ({ BucketRegion: region }),
  GetBucketLocation: (_, { region }) => ({ LocationConstraint: region === 'us-east-1' ? undefined : region }),
  PutPublicAccessBlock: createPutHandler('PublicAccessBlockConfiguration'),
  GetPublicAccessBlock: createGetHandler('PublicAccessBlockConfiguration'),
  PutBucketEncryption: createPutHandler('ServerSideEncryptionConfiguration'),
  GetBucketEncryption: createGetHandler('ServerSideEncryptionConfiguration'),
  PutBucketPolicy: createPutHandler('Policy'),
  GetBucketPolicy: createGetHandler('Policy'),
  GetBucketPolicyStatus: getPolicyStatus,
  PutBucketVersioning: createPutHandler('VersioningConfiguration'),
  GetBucketVersioning: createFlatGetHandler('VersioningConfiguration'),
  PutBucketTagging: createPutHandler('Tagging'),
  GetBucketTagging: createFlatGetHandler('Tagging'),
  PutBucketLifecycleConfiguration: createPutHandler('LifecycleConfiguration'),
  GetBucketLifecycleConfiguration: createGetHandler('LifecycleConfiguration'),
  PutBucketOwnershipControls: createPutHandler('OwnershipControls'),
};
