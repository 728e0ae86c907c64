import type { Call, Layer, WireRequest } from '../call.js';
import type { Credential } from '../iam/identity.js';
import { sha256, sign, signChunk } from '../sigv4.js';
import { readChunked } from '../wire/aws-chunked.js';
import { readSignature, type Signature } from '../wire/signature.js';
import type { Ground } from './ground.js';
import { type Reason, refuse } from './refusal.js';

const SKEW = 15 * 60_000;

const readTimestamp = (text: string): number =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

/** A payload hash that is a digest must be the body's; markers say how else the body is covered. */
const bodyFits = ({ payloadHash }: Signature, { body }: WireRequest): boolean =>
  !/^[0-9a-f]{64}$/.test(payloadHash) || payloadHash === sha256(body);

/** Is the request what was signed with this secret: head, body, and every chunk of a streamed body? */
const isGenuine = (signature: Signature, request: WireRequest, secretAccessKey: string): boolean => {
  const terms = { ...signature, request, secretAccessKey };
  if (sign(terms) !== signature.value || !bodyFits(signature, request)) return false;
  if (!signature.payloadHash.startsWith('STREAMING-AWS4-HMAC-SHA256-PAYLOAD')) return true;
  let previous = signature.value;
  return readChunked(request).chunks.every((chunk) => {
    previous = signChunk(terms, previous, chunk.data);
    return chunk.signature === previous;
  });
};

const judgeTime = ({ timestamp, date, lifetime = SKEW }: Signature, wall: number): Reason | undefined => {
  const signed = readTimestamp(timestamp);
  if (Number.isNaN(signed)) return 'incomplete-signature';
  if (!timestamp.startsWith(date)) return 'wrong-signature';
  return signed - wall > SKEW || wall - signed > lifetime ? 'clock-skew' : undefined;
};

const judge = (signature: Signature, credential: Credential, call: Call, wall: number): Reason | undefined => {
  const untimely = judgeTime(signature, wall);
  if (untimely !== undefined) return untimely;
  const { session, sessionToken, secretAccessKey } = credential;
  if (sessionToken !== signature.token) return 'unknown-key';
  if (session !== undefined && session.expiresAt <= call.at) return 'expired-session';
  return isGenuine(signature, call.wire, secretAccessKey) ? undefined : 'wrong-signature';
};

/**
 * Finds out who signed a call and whether the signature, its age and the session behind it are good. The age is
 * judged by the machine's clock, which clients sign with; the session's life by the server's.
 */
export const authenticate =
  ({ identity, catalogue, clock, journal }: Ground): Layer =>
  (next) =>
  async (call) => {
    const refusal = (reason: Reason) => {
      journal.note(call.id, { verdict: 'unauthenticated' });
      return refuse(reason, catalogue.protocol(call.service));
    };
    if (catalogue.operation(call.service, call.operation).unsigned) return next(call);
    const signature = readSignature(call.wire);
    if (signature === undefined) return refusal('unsigned');
    const credential = identity.credential(signature.accessKeyId);
    if (credential === undefined) return refusal('unknown-key');
    const reason = judge(signature, credential, call, clock.wall());
    return reason === undefined ? next({ ...call, principal: credential.principal }) : refusal(reason);
  };
