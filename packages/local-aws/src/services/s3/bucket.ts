import { type ApiCall, createErrorResponse, type Document, output, type ServiceResponse } from '../../api-call.js';
import { isDocument } from '../../protocols/document.js';
import type { ProvisionedResource } from '../../service.js';

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
export type BucketHandler = (call: ApiCall, bucket: Bucket) => ServiceResponse;

/** A bucket created by a stack, with the settings whose template and API forms are the same. */
export const toBucket = ({ physicalId, account, region, since, properties }: ProvisionedResource): Bucket => {
  const { PublicAccessBlockConfiguration: block, Tags: tags } = properties;
  const settings = new Map<string, unknown>();
  if (block !== undefined) settings.set('PublicAccessBlockConfiguration', block);
  if (tags !== undefined) settings.set('Tagging', { TagSet: tags });
  return { name: physicalId, owner: account, region, createdAt: since, objects: new Map(), settings };
};

const createPutHandler =
  (member: string): BucketHandler =>
  ({ input }, { settings }) => {
    settings.set(member, input[member]);
    return output({});
  };

/** `absent` is the error code and message when the configuration is not set. */
const createGetHandler =
  (member: string, absent: readonly [code: string, message: string]): BucketHandler =>
  (_, { settings }) => {
    const value = settings.get(member);
    return value === undefined ? createErrorResponse(...absent, 404) : output({ [member]: value });
  };

const NO_PUBLIC_ACCESS_BLOCK = [
  'NoSuchPublicAccessBlockConfiguration',
  'The public access block configuration was not found',
] as const;
const NO_POLICY = ['NoSuchBucketPolicy', 'The bucket policy does not exist'] as const;
const NO_TAGS = ['NoSuchTagSet', 'The TagSet does not exist'] as const;
const NO_LIFECYCLE = ['NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist'] as const;

/** Encryption of a bucket without a configuration: since 2023 S3 encrypts every object. */
const DEFAULT_ENCRYPTION = {
  Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
};

/** A policy is public when it allows every principal without a condition (S3 user guide, "The meaning of public"). */
const getPolicyStatus: BucketHandler = (_, { settings }) => {
  const policy = settings.get('Policy');
  if (policy === undefined) return createErrorResponse(...NO_POLICY, 404);
  const document: unknown = JSON.parse(String(policy));
  const statements = [isDocument(document) ? document['Statement'] : []].flat().filter(isDocument);
  const isPublic = statements.some(
    ({ Effect: effect, Principal: principal, Condition: condition }) =>
      effect === 'Allow' &&
      condition === undefined &&
      [principal, isDocument(principal) ? principal['AWS'] : undefined].flat().includes('*'),
  );
  return output({ PolicyStatus: { IsPublic: isPublic } });
};

/** Handlers of a bucket's location and configurations. */
export const BUCKET_HANDLERS: Readonly<Record<string, BucketHandler>> = {
  HeadBucket: (_, { region }) => output({ BucketRegion: region }),
  GetBucketLocation: (_, { region }) => output({ LocationConstraint: region === 'us-east-1' ? undefined : region }),
  PutPublicAccessBlock: createPutHandler('PublicAccessBlockConfiguration'),
  GetPublicAccessBlock: createGetHandler('PublicAccessBlockConfiguration', NO_PUBLIC_ACCESS_BLOCK),
  PutBucketEncryption: createPutHandler('ServerSideEncryptionConfiguration'),
  GetBucketEncryption: (_, { settings }) =>
    output({
      ServerSideEncryptionConfiguration: settings.get('ServerSideEncryptionConfiguration') ?? DEFAULT_ENCRYPTION,
    }),
  PutBucketPolicy: createPutHandler('Policy'),
  GetBucketPolicy: createGetHandler('Policy', NO_POLICY),
  GetBucketPolicyStatus: getPolicyStatus,
  PutBucketVersioning: createPutHandler('VersioningConfiguration'),
  GetBucketVersioning: (_, { settings }) => {
    const value = settings.get('VersioningConfiguration');
    return output(typeof value === 'object' && value !== null ? { ...value } : {});
  },
  PutBucketTagging: createPutHandler('Tagging'),
  GetBucketTagging: (_, { settings }) => {
    const value = settings.get('Tagging');
    return typeof value === 'object' && value !== null ? output({ ...value }) : createErrorResponse(...NO_TAGS, 404);
  },
  PutBucketLifecycleConfiguration: createPutHandler('LifecycleConfiguration'),
  GetBucketLifecycleConfiguration: createGetHandler('LifecycleConfiguration', NO_LIFECYCLE),
  PutBucketOwnershipControls: createPutHandler('OwnershipControls'),
};
