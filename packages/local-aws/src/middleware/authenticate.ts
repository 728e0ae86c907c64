import type { ApiCall, HttpRequest, Middleware } from '../api-call.js';
import type { Credential } from '../iam/identity.js';
import { getPrincipalAccount } from '../iam/principal.js';
import { decodeChunkedBody } from '../sigv4/aws-chunked.js';
import { parseSignature, type Signature } from '../sigv4/parse-signature.js';
import { hashSha256, sign, signChunk } from '../sigv4/sign.js';
import { MINUTE_MS } from '../time/duration.js';
import { type CommonErrorKind, createCommonErrorResponse } from './common-error.js';
import type { MiddlewareContext } from './middleware-context.js';

const MAX_CLOCK_SKEW_MS = 15 * MINUTE_MS;

const parseTimestamp = (timestamp: string): number =>
  Date.parse(timestamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

/** Whether the payload hash matches the body; markers such as `UNSIGNED-PAYLOAD` always do. */
const matchesBody = ({ payloadHash }: Signature, { body }: HttpRequest): boolean =>
  !/^[0-9a-f]{64}$/.test(payloadHash) || payloadHash === hashSha256(body);

/** Whether the signature is valid for this secret: headers, body and each chunk of a streamed body. */
const isGenuine = (signature: Signature, request: HttpRequest, secretAccessKey: string): boolean => {
  const input = { ...signature, request, secretAccessKey };
  if (sign(input) !== signature.value || !matchesBody(signature, request)) return false;
  if (!signature.payloadHash.startsWith('STREAMING-AWS4-HMAC-SHA256-PAYLOAD')) return true;
  let previous = signature.value;
  return decodeChunkedBody(request).chunks.every((chunk) => {
    previous = signChunk(input, previous, chunk.data);
    return chunk.signature === previous;
  });
};

const checkSignatureTime = (
  { timestamp, date, lifetime = MAX_CLOCK_SKEW_MS }: Signature,
  wall: number,
): CommonErrorKind | undefined => {
  const signedAt = parseTimestamp(timestamp);
  if (Number.isNaN(signedAt)) return 'incomplete-signature';
  if (!timestamp.startsWith(date)) return 'wrong-signature';
  return signedAt - wall > MAX_CLOCK_SKEW_MS || wall - signedAt > lifetime ? 'clock-skew' : undefined;
};

const checkSignature = (
  signature: Signature,
  credential: Credential,
  call: ApiCall,
  wall: number,
): CommonErrorKind | undefined => {
  const timeError = checkSignatureTime(signature, wall);
  if (timeError !== undefined) return timeError;
  const { session, sessionToken, secretAccessKey } = credential;
  if (sessionToken !== signature.token) return 'unknown-key';
  if (session !== undefined && session.expiresAt <= call.at) return 'expired-session';
  return isGenuine(signature, call.request, secretAccessKey) ? undefined : 'wrong-signature';
};

/**
 * Authenticates a call: checks the signature, its age and the session. The age is measured with the machine's clock,
 * which clients sign with; the session's expiry with the server's clock.
 */
export const authenticate =
  ({ identity, apiModel, clock, callLog }: MiddlewareContext): Middleware =>
  (next) =>
  async (call) => {
    const reject = (errorKind: CommonErrorKind) => {
      callLog.update(call.id, { verdict: 'unauthenticated' });
      return createCommonErrorResponse(errorKind, apiModel.getProtocol(call.service));
    };
    if (apiModel.getOperation(call.service, call.operation).unsigned) return next(call);
    const signature = parseSignature(call.request);
    if (signature === undefined) return reject('unsigned');
    const credential = identity.findCredential(signature.accessKeyId);
    if (credential === undefined) return reject('unknown-key');
    const errorKind = checkSignature(signature, credential, call, clock.wall());
    if (errorKind !== undefined) return reject(errorKind);
    const { principal } = credential;
    return next({ ...call, principal, account: getPrincipalAccount(principal, call.account) });
  };
