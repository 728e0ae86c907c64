import { DeliveryError, type DeliveryErrorCode, errorMessage } from '@aws-delivery/action-kit/util/error';
import {
  getErrorCode,
  getErrorCodes,
  getField,
  getNumberField,
  getStringField,
  hasErrorCode,
} from '@aws-delivery/action-kit/util/error-code';
import { toSingleLine } from '@aws-delivery/action-kit/util/sanitize';

/**
 * Classification of an error from AWS or the network:
 * `throttled`: retry more slowly · `transient`: retry · `eventual`: retry once another operation ends · `expired`:
 * resolve the credentials again · `not-entitled`: the account has no subscription · `denied`: the principal lacks the
 * permission · `permanent`: retrying does not help (also every unknown error).
 */
export type ErrorClass = 'permanent' | 'throttled' | 'transient' | 'eventual' | 'expired' | 'not-entitled' | 'denied';

// Codes without their `Exception` suffix. Throttling: the SDK's own list (@smithy/core/retry) without LimitExceeded,
// which CloudFormation, ECR and others use for quotas that no retry lifts (docs/aws-facts.md §0.4).
const CODES_BY_CLASS: Readonly<Record<Exclude<ErrorClass, 'permanent'>, readonly string[]>> = {
  throttled: [
    'BandwidthLimitExceeded',
    'EC2Throttled',
    'PriorRequestNotComplete',
    'ProvisionedThroughputExceeded',
    'RequestLimitExceeded',
    'RequestThrottled',
    'SlowDown',
    'Throttled',
    'Throttling',
    'TooManyRequests',
    'TransactionInProgress',
  ],
  transient: [
    'IDPCommunicationError',
    'InternalError',
    'InternalFailure',
    'InternalServer',
    'InternalServerError',
    'NetworkingError',
    'RequestTimeout',
    'ServiceUnavailable',
    'TimeoutError',
    'EAI_AGAIN',
    'ECONNABORTED',
    'ECONNREFUSED',
    'ECONNRESET',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ENOTFOUND',
    'EPIPE',
    'ETIMEDOUT',
  ],
  eventual: [
    'ConcurrentAccess',
    'ConcurrentModification',
    'OperationAborted',
    'OperationInProgress',
    'ResourceNotReady',
  ],
  expired: ['ExpiredToken', 'RequestExpired', 'TokenRefreshRequired'],
  'not-entitled': ['OptInRequired', 'RegionDisabled', 'SubscriptionRequired'],
  denied: [
    'AccessDenied',
    'AuthFailure',
    'AuthorizationError',
    'Forbidden',
    'IncompleteSignature',
    'InvalidAccessKeyId',
    'InvalidClientTokenId',
    'InvalidSignature',
    'MissingAuthenticationToken',
    'NotAuthorized',
    'SignatureDoesNotMatch',
    'Unauthorized',
    'UnauthorizedOperation',
    'UnrecognizedClient',
  ],
};

const ERROR_CLASS_BY_CODE: ReadonlyMap<string, ErrorClass> = new Map(
  (['throttled', 'transient', 'eventual', 'expired', 'not-entitled', 'denied'] as const).flatMap((kind) =>
    CODES_BY_CLASS[kind].map((code) => [code, kind] as const),
  ),
);

const ERROR_CLASS_BY_DELIVERY_CODE: Readonly<Partial<Record<DeliveryErrorCode, ErrorClass>>> = {
  throttled: 'throttled',
  unavailable: 'transient',
  expired: 'expired',
  denied: 'denied',
  'not-entitled': 'not-entitled',
};

/** The status of the HTTP response that an SDK error reports. */
export const getHttpStatus = (error: unknown): number | undefined =>
  getNumberField(getField(error, '$metadata'), 'httpStatusCode');

const classifyMessage = (message: string): ErrorClass | undefined => {
  if (/token (?:included in the request |provided )?(?:is|has) expired/iu.test(message)) return 'expired';
  return /\brate exceeded\b/iu.test(message) ? 'throttled' : undefined;
};

// Without 501: a service that does not implement an operation will not on a retry.
const classifyStatus = (status: number | undefined): ErrorClass | undefined => {
  if (status === 429) return 'throttled';
  if (status === 401 || status === 403) return 'denied';
  return status !== undefined && [408, 500, 502, 503, 504].includes(status) ? 'transient' : undefined;
};

const classifyRetryHint = (error: unknown): ErrorClass | undefined => {
  const hint = getField(error, '$retryable');
  if (typeof hint === 'object' && hint !== null)
    return getField(hint, 'throttling') === true ? 'throttled' : 'transient';
  return getField(getField(error, '$metadata'), 'clockSkewCorrected') === true ? 'transient' : undefined;
};

const findErrorClass = (error: unknown, depth: number): ErrorClass | undefined => {
  if (error instanceof DeliveryError) return ERROR_CLASS_BY_DELIVERY_CODE[error.code] ?? 'permanent';
  const code = getErrorCodes(error).find((found) => ERROR_CLASS_BY_CODE.has(found));
  const cause = getField(error, 'cause');
  return (
    classifyMessage(getStringField(error, 'message') ?? '') ??
    (code === undefined ? undefined : ERROR_CLASS_BY_CODE.get(code)) ??
    classifyRetryHint(error) ??
    classifyStatus(getHttpStatus(error)) ??
    (cause === undefined || depth === 0 ? undefined : findErrorClass(cause, depth - 1))
  );
};

/**
 * Classifies anything thrown by an AWS client, a socket or this repository. Matches codes, status and retry hints, not
 * JavaScript classes: clients are bundled separately, and unmodelled errors arrive as a base class.
 */
export const classifyError = (error: unknown): ErrorClass => findErrorClass(error, 4) ?? 'permanent';

/** The `Retry-After` header (seconds or a date) in milliseconds from now; undefined when absent or past. */
export const getRetryAfter = (error: unknown, now: number): number | undefined => {
  const headers = getField(getField(error, '$response'), 'headers');
  const value = getStringField(headers, 'retry-after');
  if (value === undefined) return undefined;
  const wait = /^\d+(?:\.\d+)?$/u.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(wait) && wait > 0 ? wait : undefined;
};

/**
 * One line with operation, code, message, status and request id, as far as known. SDK errors do not name the operation.
 */
export const formatAwsError = (error: unknown, operation?: string): string => {
  const code = getErrorCode(error);
  const message = errorMessage(error);
  const status = getHttpStatus(error);
  const requestId = getStringField(getField(error, '$metadata'), 'requestId');
  const details = [status, requestId === undefined ? undefined : `request ${requestId}`].filter(
    (part) => part !== undefined,
  );
  const parts = [operation, code === message ? undefined : code, message].filter((part) => part !== undefined);
  return toSingleLine(`${parts.join(': ')}${details.length === 0 ? '' : ` (${details.join(', ')})`}`);
};

const DELIVERY_CODE_BY_ERROR_CLASS: Readonly<Record<ErrorClass, DeliveryErrorCode>> = {
  permanent: 'unexpected',
  throttled: 'throttled',
  transient: 'unavailable',
  eventual: 'conflict',
  expired: 'expired',
  'not-entitled': 'not-entitled',
  denied: 'denied',
};

/** The error as a DeliveryError with the code of its class; a DeliveryError is returned unchanged. */
export const toDeliveryError = (error: unknown, operation?: string): DeliveryError =>
  error instanceof DeliveryError
    ? error
    : new DeliveryError(DELIVERY_CODE_BY_ERROR_CLASS[classifyError(error)], formatAwsError(error, operation), {
        cause: error,
      });

/** Whether an error of AWS, or the cause of a DeliveryError, has one of these codes, with or without `Exception`. */
export const hasServiceErrorCode = (error: unknown, ...codes: readonly string[]): boolean =>
  hasErrorCode(error instanceof DeliveryError ? error.cause : error, ...codes);
