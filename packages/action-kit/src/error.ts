/** Why an action cannot go on. A closed set, so that callers and tests can be exhaustive. */
export type DeliveryErrorCode =
  | 'invalid-input'
  | 'unknown-input'
  | 'missing'
  | 'refused'
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

/** Text for anything that was thrown: never `[object Object]`, never empty. */
export const textOf = (thrown: unknown): string => {
  if (thrown instanceof AggregateError && thrown.message === '') return thrown.errors.map(textOf).join('; ');
  if (thrown instanceof Error) return thrown.message === '' ? thrown.name : thrown.message;
  if (typeof thrown === 'string') return thrown === '' ? 'an empty text was thrown' : thrown;
  return JSON.stringify(thrown) ?? String(thrown);
};
