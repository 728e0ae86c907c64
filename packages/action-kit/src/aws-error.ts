import { DeliveryError, type DeliveryErrorCode, textOf } from './error.js';
import { singleLine } from './untrusted.js';

/**
 * What an error from AWS, or on the way there, calls for:
 * `throttled` slow down and go on · `transient` try again · `eventual` wait, something else is still happening ·
 * `expired` resolve the credentials again · `not-entitled` the account has not subscribed to this · `denied` the
 * principal may not · `permanent` asking again changes nothing (also everything unknown).
 */
export type ErrorClass = 'permanent' | 'throttled' | 'transient' | 'eventual' | 'expired' | 'not-entitled' | 'denied';

// Codes without their `Exception` suffix. Throttling: the SDK's own list (@smithy/core/retry) without LimitExceeded,
// which CloudFormation, ECR and others use for quotas that no retry lifts (aws-facts §0.4).
const CODES: Readonly<Record<Exclude<ErrorClass, 'permanent'>, readonly string[]>> = {
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

const CLASS_OF_CODE: ReadonlyMap<string, ErrorClass> = new Map(
  (['throttled', 'transient', 'eventual', 'expired', 'not-entitled', 'denied'] as const).flatMap((kind) =>
    CODES[kind].map((code) => [code, kind] as const),
  ),
);

const CLASS_OF_DELIVERY_ERROR: Readonly<Partial<Record<DeliveryErrorCode, ErrorClass>>> = {
  throttled: 'throttled',
  unavailable: 'transient',
  expired: 'expired',
  denied: 'denied',
  'not-entitled': 'not-entitled',
};

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && name in value ? Reflect.get(value, name) : undefined;

const textField = (value: unknown, name: string): string | undefined => {
  const found = field(value, name);
  return typeof found === 'string' && found !== '' ? found : undefined;
};

const numberField = (value: unknown, name: string): number | undefined => {
  const found = field(value, name);
  return typeof found === 'number' ? found : undefined;
};

/** `com.amazonaws.sts#ExpiredTokenException` and `ExpiredToken` are the same code. */
const bareCode = (code: string): string => code.replace(/^.*#/u, '').replace(/Exception$/u, '');

// The code is in `name` for errors that a client does not model, in `Code` beside a class name for those it does
// (aws-facts §0.3), and in `code` for errors of Node's sockets.
const codesOf = (error: unknown): string[] =>
  ['Code', 'name', 'code'].flatMap((name) => textField(error, name) ?? []).map(bareCode);

/** Whether the error carries one of these codes, in `name` or `Code`, with or without the `Exception` suffix. */
export const isCode = (error: unknown, ...codes: readonly string[]): boolean => {
  const wanted = codes.map(bareCode);
  return codesOf(error).some((code) => wanted.includes(code));
};

const statusOf = (error: unknown): number | undefined => numberField(field(error, '$metadata'), 'httpStatusCode');

const classOfText = (text: string): ErrorClass | undefined => {
  if (/token (?:included in the request |provided )?(?:is|has) expired/iu.test(text)) return 'expired';
  return /\brate exceeded\b/iu.test(text) ? 'throttled' : undefined;
};

// 501 is not here: a service that does not know an operation will not learn it.
const classOfStatus = (status: number | undefined): ErrorClass | undefined => {
  if (status === 429) return 'throttled';
  if (status === 401 || status === 403) return 'denied';
  return status !== undefined && [408, 500, 502, 503, 504].includes(status) ? 'transient' : undefined;
};

const classOfHint = (error: unknown): ErrorClass | undefined => {
  const hint = field(error, '$retryable');
  if (typeof hint === 'object' && hint !== null) return field(hint, 'throttling') === true ? 'throttled' : 'transient';
  return field(field(error, '$metadata'), 'clockSkewCorrected') === true ? 'transient' : undefined;
};

const classOf = (error: unknown, depth: number): ErrorClass | undefined => {
  if (error instanceof DeliveryError) return CLASS_OF_DELIVERY_ERROR[error.code] ?? 'permanent';
  const code = codesOf(error).find((found) => CLASS_OF_CODE.has(found));
  const cause = field(error, 'cause');
  return (
    classOfText(textField(error, 'message') ?? '') ??
    (code === undefined ? undefined : CLASS_OF_CODE.get(code)) ??
    classOfHint(error) ??
    classOfStatus(statusOf(error)) ??
    (cause === undefined || depth === 0 ? undefined : classOf(cause, depth - 1))
  );
};

/**
 * The class of anything thrown by an AWS client, a socket or this kit. Matched on codes, status and hints, never on
 * JavaScript classes: clients are bundled apart, and unmodelled errors arrive as a base class.
 */
export const classify = (error: unknown): ErrorClass => classOf(error, 4) ?? 'permanent';

/** Milliseconds the service asked to wait (`Retry-After`, in seconds or as a date), where it did. */
export const retryAfter = (error: unknown, now: number): number | undefined => {
  const headers = field(field(error, '$response'), 'headers');
  const value = textField(headers, 'retry-after');
  if (value === undefined) return undefined;
  const wait = /^\d+(?:\.\d+)?$/u.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(wait) && wait > 0 ? wait : undefined;
};

/** The code people can look up: `AccessDenied`, `ECONNREFUSED`; undefined where there is none. */
export const codeOf = (error: unknown): string | undefined => {
  const [code] = ['Code', 'code', 'name'].flatMap((name) => textField(error, name) ?? []);
  return code === undefined || code === 'Error' ? undefined : code.replace(/^.*#/u, '');
};

/**
 * One line: operation, code, message, status and request id, as far as known. The operation is the caller's to give:
 * errors do not carry it.
 */
export const awsErrorText = (error: unknown, operation?: string): string => {
  const code = codeOf(error);
  const message = textOf(error);
  const status = statusOf(error);
  const request = textField(field(error, '$metadata'), 'requestId');
  const trace = [status, request === undefined ? undefined : `request ${request}`].filter((part) => part !== undefined);
  const head = [operation, code === message ? undefined : code, message].filter((part) => part !== undefined);
  return singleLine(`${head.join(': ')}${trace.length === 0 ? '' : ` (${trace.join(', ')})`}`);
};

const DELIVERY_ERROR_OF_CLASS: Readonly<Record<ErrorClass, DeliveryErrorCode>> = {
  permanent: 'unexpected',
  throttled: 'throttled',
  transient: 'unavailable',
  eventual: 'conflict',
  expired: 'expired',
  'not-entitled': 'not-entitled',
  denied: 'denied',
};

/** The error as the kit's own, for callers that let it go up. A DeliveryError passes unchanged. */
export const toDeliveryError = (error: unknown, operation?: string): DeliveryError =>
  error instanceof DeliveryError
    ? error
    : new DeliveryError(DELIVERY_ERROR_OF_CLASS[classify(error)], awsErrorText(error, operation), { cause: error });
