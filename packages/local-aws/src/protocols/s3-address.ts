import type { HttpRequest } from '../api-call.js';

/** The bucket of a request and the path below it. */
export interface S3Address {
  /** Undefined for operations on the account (ListBuckets). */
  readonly bucket: string | undefined;
  /** Starts with `/`; percent-encoded. */
  readonly path: string;
}

const HOSTS = [/^(?<bucket>.+)\.s3[.-][^:]*(?::\d+)?$/, /^(?<bucket>.+)\.localhost(?::\d+)?$/];

/** Reads virtual-host style (`bucket.s3.…`, `bucket.localhost`) and path style (`/bucket/key`). */
export const parseS3Address = ({ headers, path }: HttpRequest): S3Address => {
  const host = headers['host'] ?? '';
  const hostBucket = HOSTS.map((pattern) => pattern.exec(host)?.groups?.['bucket']).find((name) => name !== undefined);
  if (hostBucket !== undefined && hostBucket !== 's3') return { bucket: hostBucket, path };
  const [, bucket = '', remainder = ''] = /^\/([^/]*)(.*)$/s.exec(path) ?? [];
  return bucket === ''
    ? { bucket: undefined, path: '/' }
    : { bucket: decodeURIComponent(bucket), path: remainder || '/' };
};
