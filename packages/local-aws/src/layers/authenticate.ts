import { timingSafeEqual } from 'node:crypto';
import type { Call, Layer, WireRequest } from '../call.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import { entryOf } from '../catalogue/entry.js';
import type { Clock } from '../clock.js';
import type { Credential, Identity } from '../iam/identity.js';
import type { Journal } from '../journal.js';
import { type SigningTerms, sha256, sign, signChunk } from '../sigv4.js';
import { readChunked } from '../wire/aws-chunked.js';
import { type CredentialScope, credentialScope } from '../wire/credential-scope.js';
import { type Refusal, refuse } from './refusal.js';

const SKEW = 15 * 60_000;

/** How a request is signed: in its header, or in its query (a presigned URL). */
interface Signature {
  readonly value: string;
  readonly signedHeaders: readonly string[];
  readonly timestamp: string;
  readonly token: string | undefined;
  readonly payloadHash: string;
  /** Seconds that a presigned URL lives; undefined for a header. */
  readonly lifetime: number | undefined;
}

const fromHeader = ({ headers, body }: WireRequest): Signature => {
  const header = headers['authorization'] ?? '';
  return {
    value: /Signature=([0-9a-f]+)/.exec(header)?.[1] ?? '',
    signedHeaders: (/SignedHeaders=([^,\s]+)/.exec(header)?.[1] ?? '').split(';'),
    timestamp: headers['x-amz-date'] ?? '',
    token: headers['x-amz-security-token'],
    payloadHash: headers['x-amz-content-sha256'] ?? sha256(body),
    lifetime: undefined,
  };
};

const fromQuery = (query: URLSearchParams, service: string): Signature => ({
  value: query.get('X-Amz-Signature') ?? '',
  signedHeaders: (query.get('X-Amz-SignedHeaders') ?? '').split(';'),
  timestamp: query.get('X-Amz-Date') ?? '',
  token: query.get('X-Amz-Security-Token') ?? undefined,
  payloadHash: service === 's3' ? 'UNSIGNED-PAYLOAD' : sha256(''),
  lifetime: Number(query.get('X-Amz-Expires') ?? 300),
});

const readSignature = (request: WireRequest, service: string): Signature => {
  const query = new URLSearchParams(request.query);
  return query.has('X-Amz-Signature') ? fromQuery(query, service) : fromHeader(request);
};

const readTimestamp = (text: string): number =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

const same = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** A payload hash that is a digest must be the body's; markers say how else the body is covered. */
const bodyFits = ({ payloadHash }: Signature, { body }: WireRequest): boolean =>
  !/^[0-9a-f]{64}$/.test(payloadHash) || payloadHash === sha256(body);

const chunksFit = (terms: SigningTerms, seed: string): boolean => {
  if (!terms.payloadHash.startsWith('STREAMING-AWS4-HMAC-SHA256-PAYLOAD')) return true;
  const { chunks } = readChunked(terms.request);
  const expected: string[] = [];
  for (const { data } of chunks) expected.push(signChunk(terms, expected.at(-1) ?? seed, data));
  return chunks.every(({ signature }, index) => signature !== undefined && same(signature, expected[index] ?? ''));
};

const judgeTime = ({ timestamp, lifetime }: Signature, wall: number): Refusal | undefined => {
  const signed = readTimestamp(timestamp);
  if (Number.isNaN(signed)) return 'incomplete-signature';
  if (signed - wall > SKEW) return 'clock-skew';
  return wall - signed > (lifetime === undefined ? SKEW : lifetime * 1000) ? 'clock-skew' : undefined;
};

const judgeToken = (token: string | undefined, credential: Credential, at: number): Refusal | undefined => {
  if (credential.sessionToken !== token) return 'unknown-key';
  return credential.session !== undefined && credential.session.expiresAt <= at ? 'expired-session' : undefined;
};

const judge = (call: Call, scope: CredentialScope, credential: Credential, wall: number): Refusal | undefined => {
  const signature = readSignature(call.wire, scope.service);
  const early = judgeTime(signature, wall) ?? judgeToken(signature.token, credential, call.at);
  if (early !== undefined) return early;
  const { secretAccessKey } = credential;
  const { region, service } = scope;
  const { signedHeaders, payloadHash, timestamp } = signature;
  const terms = { request: call.wire, signedHeaders, payloadHash, timestamp, region, service, secretAccessKey };
  const valid = same(sign(terms), signature.value) && timestamp.startsWith(scope.date);
  return valid && bodyFits(signature, call.wire) && chunksFit(terms, signature.value) ? undefined : 'wrong-signature';
};

export interface AuthenticateOptions {
  readonly identity: Identity;
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly journal: Journal;
}

/**
 * Finds out who signed a call and whether the signature, its age and the session behind it are good. The age is
 * judged by the machine's clock, which clients sign with; the session's life by the server's.
 */
export const authenticate =
  ({ identity, catalogue, clock, journal }: AuthenticateOptions): Layer =>
  (next) =>
  async (call) => {
    const entry = catalogue.named(call.service);
    const refusal = (reason: Refusal) => {
      journal.note(call.id, { verdict: 'unauthenticated' });
      return refuse(reason, entry?.protocol ?? 'rest-json');
    };
    if (entry !== undefined && entryOf(entry, call.operation).unsigned === true) return next(call);
    const scope = credentialScope(call.wire);
    if (scope === undefined) return refusal('unsigned');
    const credential = identity.credential(scope.accessKeyId);
    if (credential === undefined) return refusal('unknown-key');
    const reason = judge(call, scope, credential, clock.wall());
    return reason === undefined ? next({ ...call, principal: credential.principal }) : refusal(reason);
  };
