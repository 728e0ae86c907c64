import { createHash } from 'node:crypto';
import {
  type ApiCall,
  createErrorResponse,
  type Document,
  type Handler,
  output,
  type ServiceResponse,
} from '../../api-call.js';
import { getPrincipalAccount } from '../../iam/principal.js';
import { isDocument } from '../../protocols/document.js';
import { dispatchByOperation, type ProvisionedResource, type Service, type ServiceContext } from '../../service.js';

/** One version of an object; a delete leaves none. */
interface StoredObject {
  readonly body: Buffer;
  readonly etag: string;
  readonly modifiedAt: number;
  /** Undefined where the bucket keeps no versions. */
  readonly versionId: string | undefined;
  /** What PutObject said of it and GetObject repeats. */
  readonly headers: Document;
}

interface Bucket {
  readonly name: string;
  readonly owner: string;
  readonly region: string;
  readonly createdAt: number;
  readonly objects: Map<string, StoredObject>;
  /** Configurations by the member they are put under (`PublicAccessBlockConfiguration`). */
  readonly settings: Map<string, unknown>;
}

type BucketHandler = (call: ApiCall, bucket: Bucket) => ServiceResponse;

/** Members of PutObject that are given back on GetObject and HeadObject. */
const RETAINED_MEMBERS = [
  'ContentType',
  'ContentEncoding',
  'CacheControl',
  'Metadata',
  'ServerSideEncryption',
  'SSEKMSKeyId',
] as const;
const CHECKSUMS = ['ChecksumCRC32', 'ChecksumCRC32C', 'ChecksumCRC64NVME', 'ChecksumSHA1', 'ChecksumSHA256'] as const;

const toBuffer = (value: unknown): Buffer => {
  if (value instanceof Uint8Array) return Buffer.from(value);
  return Buffer.from(typeof value === 'string' ? value : '');
};

const keyNotFound = (key: string): ServiceResponse =>
  createErrorResponse('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });

/** A HEAD has no body to name an error in: clients see the status alone. */
const bucketNotFound = ({ operation, input }: ApiCall): ServiceResponse =>
  operation.startsWith('Head')
    ? createErrorResponse('NotFound', 'Not Found', 404)
    : createErrorResponse('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: input['Bucket'] });

/** Whether a bucket is not the caller's, or not whose the caller says it is. */
const isForeign = ({ owner }: Bucket, caller: string, { input }: ApiCall): boolean =>
  owner !== caller || (input['ExpectedBucketOwner'] !== undefined && input['ExpectedBucketOwner'] !== owner);

const computeEtag = (body: Buffer): string => `"${createHash('md5').update(body).digest('hex')}"`;

/** The id of a version that is put now, where the bucket keeps versions; only the newest one is kept here. */
const createVersionId = ({ settings, objects }: Bucket, key: string, etag: string): string | undefined => {
  const versioning = settings.get('VersioningConfiguration');
  if (!isDocument(versioning) || versioning['Status'] !== 'Enabled') return undefined;
  const before = objects.get(key)?.versionId ?? '';
  return createHash('sha256').update(`${before} ${key} ${etag}`).digest('base64url').slice(0, 32);
};

const putObject: BucketHandler = ({ input, at }, bucket) => {
  const { objects } = bucket;
  const key = String(input['Key']);
  const body = toBuffer(input['Body']);
  const sha256 = createHash('sha256').update(body).digest('base64');
  if (input['ChecksumSHA256'] !== undefined && input['ChecksumSHA256'] !== sha256) {
    return createErrorResponse('BadDigest', 'The SHA256 you specified did not match the calculated checksum.');
  }
  if (input['IfNoneMatch'] === '*' && objects.has(key)) {
    return createErrorResponse(
      'PreconditionFailed',
      'At least one of the pre-conditions you specified did not hold',
      412,
    );
  }
  const retained = [...RETAINED_MEMBERS, ...CHECKSUMS]
    .map((name) => [name, input[name]])
    .filter(([, value]) => value !== undefined);
  const headers = { ServerSideEncryption: 'AES256', ...Object.fromEntries(retained) };
  const etag = computeEtag(body);
  const versionId = createVersionId(bucket, key, etag);
  objects.set(key, { body, etag, modifiedAt: at, versionId, headers });
  const checksums = Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('Checksum')));
  return output({ ETag: etag, VersionId: versionId, ServerSideEncryption: headers.ServerSideEncryption, ...checksums });
};

const readObject =
  (withBody: boolean): BucketHandler =>
  ({ input }, { objects }) => {
    const key = String(input['Key']);
    const found = objects.get(key);
    if (found === undefined) return withBody ? keyNotFound(key) : createErrorResponse('NotFound', 'Not Found', 404);
    const { body, etag, modifiedAt, versionId, headers } = found;
    return output({
      ContentType: 'binary/octet-stream',
      ...headers,
      ETag: etag,
      VersionId: versionId,
      LastModified: new Date(modifiedAt),
      ContentLength: body.length,
      ...(withBody ? { Body: body } : {}),
    });
  };

const deleteObjects: BucketHandler = ({ input }, { objects }) => {
  const deletion = input['Delete'];
  const list: unknown =
    typeof deletion === 'object' && deletion !== null && 'Objects' in deletion ? deletion.Objects : [];
  const keys = Array.isArray(list) ? list.map((entry) => String(entry?.Key)) : [];
  for (const key of keys) objects.delete(key);
  return output({ Deleted: keys.map((Key) => ({ Key })) });
};

const listObjects: BucketHandler = ({ input }, { name, objects }) => {
  const prefix = String(input['Prefix'] ?? '');
  const after = String(input['ContinuationToken'] ?? input['StartAfter'] ?? '');
  const maxKeys = typeof input['MaxKeys'] === 'number' ? input['MaxKeys'] : 1000;
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
  const shown = keys.slice(0, maxKeys);
  const isTruncated = keys.length > shown.length;
  return output({
    Name: name,
    Prefix: prefix,
    KeyCount: shown.length,
    MaxKeys: maxKeys,
    IsTruncated: isTruncated,
    NextContinuationToken: isTruncated ? shown.at(-1) : undefined,
    Contents: shown.map((key) => {
      const found = objects.get(key);
      return {
        Key: key,
        ETag: found?.etag,
        Size: found?.body.length,
        LastModified: new Date(found?.modifiedAt ?? 0),
        StorageClass: 'STANDARD',
      };
    }),
  });
};

const createPutHandler =
  (member: string): BucketHandler =>
  ({ input }, { settings }) => {
    settings.set(member, input[member]);
    return output({});
  };

/** What a bucket says of a configuration; `absent` is the error where it has none. */
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

/** Encryption of every bucket that says nothing else; since 2023 S3 encrypts each object. */
const DEFAULT_ENCRYPTION = {
  Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
};

/** A policy is public when it lets anybody in; conditions narrow it (S3's guide, "The meaning of public"). */
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

const BUCKET_HANDLERS: Readonly<Record<string, BucketHandler>> = {
  HeadBucket: (_, { region }) => output({ BucketRegion: region }),
  GetBucketLocation: (_, { region }) => output({ LocationConstraint: region === 'us-east-1' ? undefined : region }),
  PutObject: putObject,
  GetObject: readObject(true),
  HeadObject: readObject(false),
  DeleteObject: ({ input }, { objects }) => {
    objects.delete(String(input['Key']));
    return output({});
  },
  DeleteObjects: deleteObjects,
  ListObjectsV2: listObjects,
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

/** A bucket that a stack has made, with the settings that templates and the API spell alike. */
const toBucket = ({ physicalId, account, region, since, properties }: ProvisionedResource): Bucket => {
  const { PublicAccessBlockConfiguration: block, Tags: tags } = properties;
  const settings = new Map<string, unknown>();
  if (block !== undefined) settings.set('PublicAccessBlockConfiguration', block);
  if (tags !== undefined) settings.set('Tagging', { TagSet: tags });
  return { name: physicalId, owner: account, region, createdAt: since, objects: new Map(), settings };
};

/** S3 as far as templates and artifacts need it: general purpose buckets, whole objects, of versions the newest. */
export const createS3 = ({ account, listProvisionedResources }: ServiceContext<unknown>): Service => {
  const buckets = new Map<string, Bucket>();
  const findBucket = (name: string, at: number): Bucket | undefined => {
    const known = buckets.get(name);
    if (known !== undefined) return known;
    const resource = listProvisionedResources('AWS::S3::Bucket', at).find(({ physicalId }) => physicalId === name);
    if (resource !== undefined) buckets.set(name, toBucket(resource));
    return buckets.get(name);
  };
  const getOwner = ({ principal }: ApiCall) => getPrincipalAccount(principal, account);

  const withBucket =
    (handler: BucketHandler): Handler =>
    async (call) => {
      const bucket = findBucket(String(call.input['Bucket']), call.at);
      if (bucket === undefined) return bucketNotFound(call);
      if (isForeign(bucket, getOwner(call), call)) {
        return createErrorResponse(
          call.operation.startsWith('Head') ? 'Forbidden' : 'AccessDenied',
          'Access Denied',
          403,
        );
      }
      return handler(call, bucket);
    };

  const createBucket: Handler = async (call) => {
    const name = String(call.input['Bucket']);
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) {
      return createErrorResponse('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: name });
    }
    const existing = findBucket(name, call.at);
    if (existing !== undefined && existing.owner !== getOwner(call)) {
      return createErrorResponse('BucketAlreadyExists', 'The requested bucket name is not available.', 409, {
        BucketName: name,
      });
    }
    // In us-east-1 alone, creating one's own bucket again succeeds (CreateBucket's documentation).
    if (existing !== undefined && call.region !== 'us-east-1') {
      const message = 'Your previous request to create the named bucket succeeded and you already own it.';
      return createErrorResponse('BucketAlreadyOwnedByYou', message, 409, { BucketName: name });
    }
    const { region, at } = call;
    const fresh = { name, owner: getOwner(call), region, createdAt: at, objects: new Map(), settings: new Map() };
    buckets.set(name, existing ?? fresh);
    return output({ Location: `/${name}` });
  };

  const deleteBucket: BucketHandler = (_, { name, objects }) => {
    if (objects.size > 0)
      return createErrorResponse('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409, {
        BucketName: name,
      });
    buckets.delete(name);
    return output({});
  };

  const listBuckets: Handler = async (call) => {
    const own = [...buckets.values()].filter(({ owner }) => owner === getOwner(call));
    return output({ Buckets: own.map(({ name, createdAt }) => ({ Name: name, CreationDate: new Date(createdAt) })) });
  };

  const bucketHandlers = Object.entries({ ...BUCKET_HANDLERS, DeleteBucket: deleteBucket }).map(([name, handler]) => [
    name,
    withBucket(handler),
  ]);
  return {
    handle: dispatchByOperation({
      CreateBucket: createBucket,
      ListBuckets: listBuckets,
      ...Object.fromEntries(bucketHandlers),
    }),
  };
};
