import { formatMissingCredentials, MISSING_REGION, SDK_MISSING_REGION } from './aws-messages.js';

/** Kind of failure. A closed union, so that callers and tests can be exhaustive. */
export type DeliveryErrorCode =
  | 'invalid-input'
  | 'unknown-input'
  | 'missing'
  | 'rejected'
  | 'denied'
  | 'not-entitled'
  | 'not-found'
  | 'conflict'
  | 'throttled'
  | 'unavailable'
  | 'timeout'
  | 'cancelled'
  | 'expired'
  | 'unexpected';

/**
 * The error class of this repository. The message states value, rule and hint, starts in lower case and has no full
 * stop; `cause` is the caught error.
 */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';

  constructor(
    readonly code: DeliveryErrorCode,
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options);
  }
}

/** Error for a value that the user has to correct. The message states value, rule and hint. */
export const createInputError = (message: string, cause?: unknown): DeliveryError =>
  new DeliveryError('invalid-input', message, { cause });

/** Checks the shape, since errors of Node's core, another realm or another bundle fail `instanceof Error`. */
const isErrorLike = (thrown: unknown): thrown is { readonly message: string; readonly name?: unknown } =>
  typeof thrown === 'object' && thrown !== null && 'message' in thrown && typeof thrown.message === 'string';

const stringifyThrown = (thrown: unknown): string | undefined => {
  try {
    return JSON.stringify(thrown);
  } catch {
    // A circular reference or a value that JSON does not support.
    return undefined;
  }
};

/** A non-empty message for anything thrown, also for values that are not errors. */
export const errorMessage = (thrown: unknown): string => {
  if (typeof thrown === 'string') return thrown === '' ? 'an empty string was thrown' : thrown;
  if (!isErrorLike(thrown)) return stringifyThrown(thrown) ?? String(thrown);
  // The AWS SDK's errors for missing credentials and a missing Region have no remedy.
  if ('name' in thrown && thrown.name === 'CredentialsProviderError') return formatMissingCredentials(thrown);
  if (thrown.message === SDK_MISSING_REGION) return MISSING_REGION;
  // A SuppressedError: the cleanup after the first error failed too, often because of it.
  if ('suppressed' in thrown && thrown.suppressed !== undefined) return errorMessage(thrown.suppressed);
  if (thrown.message !== '') return thrown.message;
  // An AggregateError, for example of a connection to a host with several addresses, may have no message.
  if ('errors' in thrown && Array.isArray(thrown.errors)) return thrown.errors.map(errorMessage).join('; ');
  return typeof thrown.name === 'string' && thrown.name !== '' ? thrown.name : 'unknown error without a message';
};
