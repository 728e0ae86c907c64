import { createHash } from 'node:crypto';
import { isDocument, readDocument, readDocuments } from '../../protocols/document.js';
import { serviceError } from '../../service-error.js';
import type { Bucket, BucketHandler } from './bucket.js';

/** Members of PutObject that GetObject and HeadObject return. */
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

const computeEtag = (body: Buffer): string => `"${createHash('md5').update(body).digest('hex')}"`;

/** The version id of a new object, when versioning is enabled. Only the newest version is stored. */
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
    throw serviceError('BadDigest', 'The SHA256 you specified did not match the calculated checksum.');
  }
  if (input['IfNoneMatch'] === '*' && objects.has(key)) {
    throw serviceError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
  }
  const retained = [...RETAINED_MEMBERS, ...CHECKSUMS]
    .map((name) => [name, input[name]])
    .filter(([, value]) => value !== undefined);
  const headers = { ServerSideEncryption: 'AES256', ...Object.fromEntries(retained) };
  const etag = computeEtag(body);
  const versionId = createVersionId(bucket, key, etag);
  objects.set(key, { body, etag, modifiedAt: at, versionId, headers });
  const checksums = Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('Checksum')));
  return { ETag: etag, VersionId: versionId, ServerSideEncryption: headers.ServerSideEncryption, ...checksums };
};

const readObject =
  (withBody: boolean): BucketHandler =>
  ({ input }, { objects }) => {
    const key = String(input['Key']);
    const found = objects.get(key);
    if (found === undefined && !withBody) throw serviceError('NotFound', 'Not Found', 404);
    if (found === undefined) throw serviceError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
    const { body, etag, modifiedAt, versionId, headers } = found;
    return {
      ContentType: 'binary/octet-stream',
      ...headers,
      ETag: etag,
      VersionId: versionId,
      LastModified: new Date(modifiedAt),
      ContentLength: body.length,
      ...(withBody ? { Body: body } : {}),
    };
  };

const deleteObjects: BucketHandler = ({ input }, { objects }) => {
  const keys = readDocuments(readDocument(input['Delete'])['Objects']).map(({ Key }) => String(Key));
  for (const key of keys) objects.delete(key);
  return { Deleted: keys.map((Key) => ({ Key })) };
};

const listObjects: BucketHandler = ({ input }, { name, objects }) => {
  const prefix = String(input['Prefix'] ?? '');
  const after = String(input['ContinuationToken'] ?? input['StartAfter'] ?? '');
  const maxKeys = typeof input['MaxKeys'] === 'number' ? input['MaxKeys'] : 1000;
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
  const shown = keys.slice(0, maxKeys);
  const isTruncated = keys.length > shown.length;
  return {
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
  };
};

/** Handlers of a bucket's objects. */
export const OBJECT_HANDLERS: Readonly<Record<string, BucketHandler>> = {
  PutObject: putObject,
  GetObject: readObject(true),
  HeadObject: readObject(false),
  DeleteObject: ({ input }, { objects }) => {
    objects.delete(String(input['Key']));
    return {};
  },
  DeleteObjects: deleteObjects,
  ListObjectsV2: listObjects,
};
