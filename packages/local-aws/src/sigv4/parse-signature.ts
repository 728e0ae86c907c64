import type { HttpRequest } from '../api-call.js';
import { hashSha256 } from './sign.js';

/** A parsed Signature Version 4. */
export interface Signature {
  readonly accessKeyId: string;
  /** `yyyymmdd` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly value: string;
  /** Names in lower case, sorted. */
  readonly signedHeaders: readonly string[];
  /** `20260101T120000Z`; empty if the request has none. */
  readonly timestamp: string;
  readonly token: string | undefined;
  /** Hex digest of the payload, or a marker such as `UNSIGNED-PAYLOAD`. */
  readonly payloadHash: string;
  /** Lifetime of a presigned URL in milliseconds; undefined for a signature in the header. */
  readonly lifetime: number | undefined;
}

/** Parses the signature in the header or in a presigned URL's query; undefined for an unsigned request. */
export const parseSignature = ({ headers, query, body }: HttpRequest): Signature | undefined => {
  const parameters = new URLSearchParams(query);
  const isPresigned = parameters.has('X-Amz-Credential');
  const readHeaderPart = (name: string) => new RegExp(`${name}=([^,\\s]+)`).exec(headers['authorization'] ?? '')?.[1];
  const readQueryPart = (name: string) => parameters.get(`X-Amz-${name}`) ?? undefined;
  const readPart = isPresigned ? readQueryPart : readHeaderPart;
  const readField = isPresigned ? readQueryPart : (name: string) => headers[`x-amz-${name.toLowerCase()}`];
  const credential = /^(.+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/.exec(readPart('Credential') ?? '');
  if (credential === null) return undefined;
  const [, accessKeyId = '', date = '', region = '', service = ''] = credential;
  const presignedHash = service === 's3' ? 'UNSIGNED-PAYLOAD' : hashSha256('');
  return {
    accessKeyId,
    date,
    region,
    service,
    value: readPart('Signature') ?? '',
    signedHeaders: (readPart('SignedHeaders') ?? '').split(';'),
    timestamp: readField('Date') ?? '',
    token: readField('Security-Token'),
    payloadHash: isPresigned ? presignedHash : (headers['x-amz-content-sha256'] ?? hashSha256(body)),
    lifetime: isPresigned ? Number(readQueryPart('Expires') ?? 300) * 1000 : undefined,
  };
};
