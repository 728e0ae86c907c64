import type { ApiError, ServiceResponse } from '../api-call.js';
import type { ProtocolName } from '../protocols/protocol.js';

// Codes, messages and statuses by protocol family (IAM "common errors"; S3 "error responses").

const SIGNATURE_MISMATCH_MESSAGE =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

const CODES = {
  unsigned: { query: 'MissingAuthenticationToken', json: 'MissingAuthenticationTokenException', s3: 'AccessDenied' },
  'unknown-key': { query: 'InvalidClientTokenId', json: 'UnrecognizedClientException', s3: 'InvalidAccessKeyId' },
  'expired-session': { query: 'ExpiredToken', json: 'ExpiredTokenException', s3: 'ExpiredToken' },
  'wrong-signature': { query: 'SignatureDoesNotMatch', json: 'InvalidSignatureException', s3: 'SignatureDoesNotMatch' },
  'incomplete-signature': { query: 'IncompleteSignature', json: 'IncompleteSignatureException', s3: 'AccessDenied' },
  'clock-skew': { query: 'SignatureDoesNotMatch', json: 'InvalidSignatureException', s3: 'RequestTimeTooSkewed' },
  denied: { query: 'AccessDenied', json: 'AccessDeniedException', s3: 'AccessDenied' },
  throttled: { query: 'Throttling', json: 'ThrottlingException', s3: 'SlowDown' },
} as const;

/** Why a call is rejected before it reaches a service. */
export type CommonErrorKind = keyof typeof CODES;

const MESSAGES: Readonly<Record<CommonErrorKind, string>> = {
  unsigned: 'Request is missing Authentication Token',
  'unknown-key': 'The security token included in the request is invalid.',
  'expired-session': 'The security token included in the request is expired',
  'wrong-signature': SIGNATURE_MISMATCH_MESSAGE,
  'incomplete-signature': 'Date in X-Amz-Date header is missing or malformed',
  'clock-skew': 'Signature expired or not yet current: the time of the request is too far from the time of the server',
  denied: 'Access Denied',
  throttled: 'Rate exceeded',
};

const S3_MESSAGES: Readonly<Partial<Record<CommonErrorKind, string>>> = {
  unsigned: 'Access Denied',
  'unknown-key': 'The AWS Access Key Id you provided does not exist in our records.',
  'expired-session': 'The provided token has expired.',
  'incomplete-signature': 'AWS authentication requires a valid Date or x-amz-date header',
  'clock-skew': "The difference between the request time and the server's time is too large.",
  throttled: 'Please reduce your request rate.',
};

/** Statuses that differ from the default: 400 in awsJson, 403 elsewhere. */
const STATUSES: Readonly<Record<ProtocolName, Readonly<Partial<Record<CommonErrorKind, number>>>>> = {
  'aws-query': { throttled: 400 },
  'aws-json': {},
  'rest-json': { 'incomplete-signature': 400, throttled: 429 },
  'rest-xml': { 'expired-session': 400, throttled: 503 },
};

/** The error for a rejected call in the words of the service's protocol; `message` replaces the default text. */
export const createCommonError = (kind: CommonErrorKind, protocol: ProtocolName, message?: string): ApiError => {
  const status = STATUSES[protocol][kind] ?? (protocol === 'aws-json' ? 400 : 403);
  const { query, json, s3 } = CODES[kind];
  const defaultMessage = message ?? MESSAGES[kind];
  if (protocol === 'rest-xml') return { code: s3, message: message ?? S3_MESSAGES[kind] ?? defaultMessage, status };
  return { code: protocol === 'aws-query' ? query : json, message: defaultMessage, status };
};

export const createCommonErrorResponse = (
  kind: CommonErrorKind,
  protocol: ProtocolName,
  message?: string,
): ServiceResponse => ({
  kind: 'error',
  error: createCommonError(kind, protocol, message),
});
