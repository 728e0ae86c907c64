/** Why an action cannot go on. A closed set, so that callers and tests can be exhaustive. */
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
 * The one error class of the suite. The message holds the value, the rule and the remedy, in lower case and without
 * a full stop; `cause` is what was caught, where something was.
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

/** A value that the user has to correct. The message holds the value, the rule and the remedy. */
export const createInputError = (message: string, cause?: unknown): DeliveryError =>
  new DeliveryError('invalid-input', message, { cause });

/** Errors by shape, not by class: those of Node's core and of another realm or bundle are no `instanceof Error`. */
const isErrorLike = (thrown: unknown): thrown is { readonly message: string; readonly name?: unknown } =>
  typeof thrown === 'object' && thrown !== null && 'message' in thrown && typeof thrown.message === 'string';

const stringifyThrown = (thrown: unknown): string | undefined => {
  try {
    return JSON.stringify(thrown);
  } catch {
    // It refers to itself, or holds what JSON cannot.
    return undefined;
  }
};

/** Text for anything that was thrown: never `[object Object]` where it has something to say, never empty. */
export const errorMessage = (thrown: unknown): string => {
  if (typeof thrown === 'string') return thrown === '' ? 'an empty text was thrown' : thrown;
  if (!isErrorLike(thrown)) return stringifyThrown(thrown) ?? String(thrown);
  // What AWS's SDKs throw where nothing gives credentials has no remedy of its own.
  if ('name' in thrown && thrown.name === 'CredentialsProviderError') {
    return `there are no AWS credentials (${thrown.message}): get them in a step before, with oidc-credentials`;
  }
  if (thrown.message !== '') return thrown.message;
  // An AggregateError, as a connection to a host with several addresses throws it, has nothing to say itself.
  if ('errors' in thrown && Array.isArray(thrown.errors)) return thrown.errors.map(errorMessage).join('; ');
  return typeof thrown.name === 'string' && thrown.name !== '' ? thrown.name : 'an error without a message';
};
