import { createHash, createHmac } from 'node:crypto';
import type { WireRequest } from './call.js';

/** What a Signature Version 4 covers (IAM user guide, "create a signed request"). */
export interface SigningTerms {
  readonly request: WireRequest;
  /** Lower-case names, sorted. */
  readonly signedHeaders: readonly string[];
  /** Hex digest of the payload, or a marker such as `UNSIGNED-PAYLOAD`. */
  readonly payloadHash: string;
  /** `20260101T120000Z` */
  readonly timestamp: string;
  readonly region: string;
  readonly service: string;
  readonly secretAccessKey: string;
}

export const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);

/** S3 signs the path as it is sent; every other service encodes it once more. */
const canonicalPath = (path: string, service: string): string =>
  service === 's3' ? path : path.split('/').map(encode).join('/');

/** Query parameters but the signature, encoded and sorted. A `+` in a raw query stays a plus, as SDKs encode spaces. */
const canonicalQuery = (query: string): string =>
  query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => part.split(/=(.*)/s))
    .map(([name = '', value = '']) => [decodeURIComponent(name), decodeURIComponent(value)] as const)
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

const canonicalHeaders = ({ request, signedHeaders }: SigningTerms): string =>
  signedHeaders.map((name) => `${name}:${(request.headers[name] ?? '').trim().replace(/\s+/g, ' ')}\n`).join('');

const scopeOf = ({ timestamp, region, service }: SigningTerms): string =>
  `${timestamp.slice(0, 8)}/${region}/${service}/aws4_request`;

const signingKey = ({ secretAccessKey, timestamp, region, service }: SigningTerms): Buffer =>
  [timestamp.slice(0, 8), region, service, 'aws4_request'].reduce<Buffer>(
    (key, part) => hmac(key, part),
    Buffer.from(`AWS4${secretAccessKey}`),
  );

/** The signature in hex. */
export const sign = (terms: SigningTerms): string => {
  const { request, signedHeaders, payloadHash, timestamp, service } = terms;
  const canonical = [
    request.method,
    canonicalPath(request.path, service),
    canonicalQuery(request.query),
    canonicalHeaders(terms),
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', timestamp, scopeOf(terms), sha256(canonical)].join('\n');
  return hmac(signingKey(terms), text).toString('hex');
};

/** The header of a request that is signed by these terms. */
export const authorizationOf = (terms: SigningTerms, accessKeyId: string): string =>
  `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scopeOf(terms)}, SignedHeaders=${terms.signedHeaders.join(';')}, Signature=${sign(terms)}`;

/** The signature of one chunk of a streamed body, which continues the one before it. */
export const signChunk = (terms: SigningTerms, previous: string, data: Buffer): string =>
  hmac(
    signingKey(terms),
    ['AWS4-HMAC-SHA256-PAYLOAD', terms.timestamp, scopeOf(terms), previous, sha256(''), sha256(data)].join('\n'),
  ).toString('hex');
