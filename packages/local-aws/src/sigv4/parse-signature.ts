import type { HttpRequest } from '../api-call.js';
import { hashSha256 } from './sign.js';

/** What a signature says of itself: whose it is, what it was made for, and what it covers. */
export interface Signature {
  readonly accessKeyId: string;
  /** `yyyymmdd` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly value: string;
  /** Lower-case names, sorted. */
  readonly signedHeaders: readonly string[];
  /** `20260101T120000Z`; empty where the request has none. */
  readonly timestamp: string;
  readonly token: string | undefined;
  /** Hex digest of the payload, or a marker such as `UNSIGNED-PAYLOAD`. */
  readonly payloadHash: string;
  /** Milliseconds that a presigned URL lives; undefined for a signature in the header. */
  readonly lifetime: number | undefined;
}

/** The signature in the header or in a presigned URL's query; undefined where the request is not signed. */
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
