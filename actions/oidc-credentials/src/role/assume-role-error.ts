import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { classifyError, type ErrorClass, formatAwsError, toDeliveryError } from '@aws-delivery/aws/error';

// "Couldn't retrieve verification key" is transient when many jobs run in parallel (docs/aws-facts.md §6.1).
const MAX_VERIFICATION_KEY_RETRIES = 3;

/**
 * Creates a classifier for the errors of one series of AssumeRoleWithWebIdentity calls. A token is invalid for good,
 * except when AWS could not retrieve the issuer's keys: the first three of these errors are transient.
 */
export const createTokenErrorClassifier = (): ((error: unknown) => ErrorClass) => {
  let remaining = MAX_VERIFICATION_KEY_RETRIES;
  return (error) => {
    if (!hasErrorCode(error, 'InvalidIdentityToken')) return classifyError(error);
    if (!/retrieve verification key/iu.test(errorMessage(error)) || remaining === 0) return 'permanent';
    remaining -= 1;
    return 'transient';
  };
};

/** Whether the role's trust policy or the identity provider rejects the token; its claims then explain the error. */
export const isTrustDenial = (error: unknown): boolean =>
  hasErrorCode(error, 'AccessDenied', 'InvalidIdentityToken', 'IDPRejectedClaim', 'ExpiredToken');

/** Whether the requested duration exceeds the hour of a chained session. */
export const isSessionLimitError = (error: unknown): boolean => /1 hour session limit/iu.test(errorMessage(error));

/** Whether session policies and tags together are too large. AWS does not reliably name which of them. */
export const isTooLarge = (error: unknown): boolean => hasErrorCode(error, 'PackedPolicyTooLarge');

const ERROR_HINTS: readonly { readonly pattern: RegExp; readonly hint: string }[] = [
  {
    pattern: /MaxSessionDuration/u,
    hint: "lower 'role-duration', or raise the role's maximum session duration",
  },
  {
    pattern: /sts:TagSession/u,
    hint: "allow sts:TagSession in the role's trust policy in addition to sts:AssumeRole, or set 'role-skip-session-tagging: true'",
  },
  {
    pattern: /PackedPolicyTooLarge|packed size|Serialized token too large/iu,
    hint: "shorten 'tags', 'inline-session-policy' or 'managed-session-policies'",
  },
  { pattern: /RegionDisabled/u, hint: 'activate STS in this Region in the IAM console, or choose another Region' },
];

/** Converts the error of an AssumeRole operation and adds a hint. */
export const toAssumeRoleError = (error: unknown, roleArn: string): DeliveryError => {
  if (error instanceof DeliveryError) return error;
  const { code } = toDeliveryError(error);
  const message = formatAwsError(error, `cannot assume ${roleArn}`);
  const hint = ERROR_HINTS.find(({ pattern }) => pattern.test(message))?.hint;
  return new DeliveryError(code, hint === undefined ? message : `${message}: ${hint}`, { cause: error });
};
