import { apiError, type Reply } from '../call.js';
import type { ProtocolName } from '../wire/protocol.js';

/** Why a call is turned away before it reaches a service. */
export type Refusal =
  | 'unsigned'
  | 'unknown-key'
  | 'expired-session'
  | 'wrong-signature'
  | 'incomplete-signature'
  | 'clock-skew'
  | 'denied'
  | 'throttled';

type Dialect = 'query' | 'json' | 's3';
type Wording = readonly [code: string, status: number, message: string];

const DIALECTS: Readonly<Record<ProtocolName, Dialect>> = {
  'aws-query': 'query',
  'aws-json': 'json',
  'rest-json': 'json',
  'rest-xml': 's3',
};

const INVALID = 'The security token included in the request is invalid.';
const EXPIRED = 'The security token included in the request is expired';
const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';
const SKEWED = 'Signature expired or not yet current: the time of the request is too far from the time of the server';

/** Codes and texts per family (IAM "common errors"; S3 "error responses"). awsJson answers 400, S3 and query 403. */
const WORDINGS: Readonly<Record<Refusal, Readonly<Record<Dialect, Wording>>>> = {
  unsigned: {
    query: ['MissingAuthenticationToken', 403, 'Request is missing Authentication Token'],
    json: ['MissingAuthenticationTokenException', 400, 'Request is missing Authentication Token'],
    s3: ['AccessDenied', 403, 'Access Denied'],
  },
  'unknown-key': {
    query: ['InvalidClientTokenId', 403, INVALID],
    json: ['UnrecognizedClientException', 400, INVALID],
    s3: ['InvalidAccessKeyId', 403, 'The AWS Access Key Id you provided does not exist in our records.'],
  },
  'expired-session': {
    query: ['ExpiredToken', 403, EXPIRED],
    json: ['ExpiredTokenException', 400, EXPIRED],
    s3: ['ExpiredToken', 400, 'The provided token has expired.'],
  },
  'wrong-signature': {
    query: ['SignatureDoesNotMatch', 403, MISMATCH],
    json: ['InvalidSignatureException', 400, MISMATCH],
    s3: ['SignatureDoesNotMatch', 403, MISMATCH],
  },
  'incomplete-signature': {
    query: ['IncompleteSignature', 403, 'Date in X-Amz-Date header is missing or malformed'],
    json: ['IncompleteSignatureException', 400, 'Date in X-Amz-Date header is missing or malformed'],
    s3: ['AccessDenied', 403, 'AWS authentication requires a valid Date or x-amz-date header'],
  },
  'clock-skew': {
    query: ['SignatureDoesNotMatch', 403, SKEWED],
    json: ['InvalidSignatureException', 400, SKEWED],
    s3: ['RequestTimeTooSkewed', 403, "The difference between the request time and the server's time is too large."],
  },
  denied: {
    query: ['AccessDenied', 403, 'Access Denied'],
    json: ['AccessDeniedException', 400, 'Access Denied'],
    s3: ['AccessDenied', 403, 'Access Denied'],
  },
  throttled: {
    query: ['Throttling', 400, 'Rate exceeded'],
    json: ['ThrottlingException', 400, 'Rate exceeded'],
    s3: ['SlowDown', 503, 'Please reduce your request rate.'],
  },
};

const REST_JSON: Readonly<Record<Refusal, number>> = {
  unsigned: 403,
  'unknown-key': 403,
  'expired-session': 403,
  'wrong-signature': 403,
  'incomplete-signature': 400,
  'clock-skew': 403,
  denied: 403,
  throttled: 429,
};

/** The answer to a call that is turned away, as the service's family words it; `message` replaces the usual text. */
export const refuse = (reason: Refusal, protocol: ProtocolName, message?: string): Reply => {
  const [code, status, text] = WORDINGS[reason][DIALECTS[protocol]];
  return apiError(code, message ?? text, protocol === 'rest-json' ? REST_JSON[reason] : status);
};
