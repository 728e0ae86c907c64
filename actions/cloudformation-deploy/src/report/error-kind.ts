import { DeliveryError, type DeliveryErrorCode } from '@aws-delivery/action-kit/util/error';

const errorKinds: Readonly<Partial<Record<DeliveryErrorCode, string>>> = {
  denied: 'access denied',
  'not-found': 'not found',
  conflict: 'conflict',
  throttled: 'throttled',
  unavailable: 'service unavailable',
  timeout: 'timed out',
  cancelled: 'cancelled',
  expired: 'credentials expired',
};

/** Whether the SDK found no credentials; its error may be the cause of another. */
const isMissingCredentials = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'CredentialsProviderError' || isMissingCredentials(error.cause));

/** The kind of an error in a few words, for headlines; undefined if the message alone explains it. */
export const formatErrorKind = (error: unknown): string | undefined => {
  if (isMissingCredentials(error)) return 'no AWS credentials';
  return error instanceof DeliveryError ? errorKinds[error.code] : undefined;
};
