import { createHash, createHmac } from 'node:crypto';
import type { HttpRequest } from '../api-call.js';

/** The input of a Signature Version 4 (IAM user guide, "create a signed request"). */
export interface SigningInput {
  readonly request: HttpRequest;
  /** Names in lower case, sorted. */
  readonly signedHeaders: readonly string[];
  /** Hex digest of the payload, or a marker such as `UNSIGNED-PAYLOAD`. */
  readonly payloadHash: string;
  /** `20260101T120000Z` */
  readonly timestamp: string;
  readonly region: string;
  readonly service: string;
  readonly secretAccessKey: string;
}

export const hashSha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const computeHmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

const encodeUriComponent = (value: string): string =>
  encodeURIComponent(value).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);

/** S3 signs the path as sent; other services sign the path encoded a second time. */
const buildCanonicalPath = (path: string, service: string): string =>
  service === 's3' ? path : path.split('/').map(encodeUriComponent).join('/');

/**
 * Query parameters without the signature, encoded and sorted. A `+` in the raw query is a plus: SDKs encode spaces as
 * `%20`.
 */
const buildCanonicalQuery = (query: string): string =>
  query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => part.split(/=(.*)/s))
    .map(([name = '', value = '']) => [decodeURIComponent(name), decodeURIComponent(value)] as const)
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encodeUriComponent(name), encodeUriComponent(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

const buildCanonicalHeaders = ({ request, signedHeaders }: SigningInput): string =>
  signedHeaders.map((name) => `${name}:${(request.headers[name] ?? '').trim().replace(/\s+/g, ' ')}\n`).join('');

const buildCredentialScope = ({ timestamp, region, service }: SigningInput): string =>
  `${timestamp.slice(0, 8)}/${region}/${service}/aws4_request`;

const computeSigningKey = ({ secretAccessKey, timestamp, region, service }: SigningInput): Buffer =>
  [timestamp.slice(0, 8), region, service, 'aws4_request'].reduce<Buffer>(
    (key, part) => computeHmac(key, part),
    Buffer.from(`AWS4${secretAccessKey}`),
  );

/** Computes the signature, in hexadecimal. */
export const sign = (input: SigningInput): string => {
  const { request, signedHeaders, payloadHash, timestamp, service } = input;
  const canonicalRequest = [
    request.method,
    buildCanonicalPath(request.path, service),
    buildCanonicalQuery(request.query),
    buildCanonicalHeaders(input),
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
  const stringToSign = ['AWS4-HMAC-SHA256', timestamp, buildCredentialScope(input), hashSha256(canonicalRequest)].join(
    '\n',
  );
  return computeHmac(computeSigningKey(input), stringToSign).toString('hex');
};

/** The `Authorization` header of a signed request. */
export const buildAuthorizationHeader = (input: SigningInput, accessKeyId: string): string =>
  `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${buildCredentialScope(input)}, SignedHeaders=${input.signedHeaders.join(';')}, Signature=${sign(input)}`;

/** The signature of one chunk of a streamed body; it includes the signature of the previous chunk. */
export const signChunk = (input: SigningInput, previous: string, data: Buffer): string =>
  computeHmac(
    computeSigningKey(input),
    [
      'AWS4-HMAC-SHA256-PAYLOAD',
      input.timestamp,
      buildCredentialScope(input),
      previous,
      hashSha256(''),
      hashSha256(data),
    ].join('\n'),
  ).toString('hex');
