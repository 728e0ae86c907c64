import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { classifyError, type ErrorClass, formatAwsError, toDeliveryError } from '@aws-delivery/aws/error';

/** How often "couldn't retrieve verification key" is met with another call: parallel jobs see it pass (aws-facts §6.1). */
const MAX_VERIFICATION_KEY_RETRIES = 3;

/**
 * What errors of AssumeRoleWithWebIdentity call for, with its own memory, for one series of calls. AWS could not fetch
 * the issuer's keys: that passes. Anything else that is wrong with the token stays wrong.
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

/** Is it the role, or AWS's trust in the issuer, that says no? Then the token's claims tell why. */
export const isTrustDenial = (error: unknown): boolean =>
  hasErrorCode(error, 'AccessDenied', 'InvalidIdentityToken', 'IDPRejectedClaim', 'ExpiredToken');

/** A chained session that asks for more than its hour. */
export const isSessionLimitError = (error: unknown): boolean => /1 hour session limit/iu.test(errorMessage(error));

/** Policies and tags take more room than a session has. AWS does not say dependably which of the two it is. */
export const isTooLarge = (error: unknown): boolean => hasErrorCode(error, 'PackedPolicyTooLarge');

const ERROR_HINTS: readonly { readonly pattern: RegExp; readonly hint: string }[] = [
  {
    pattern: /MaxSessionDuration/u,
    hint: "lower 'role-duration', or raise the role's maximum session duration",
  },
  {
    pattern: /sts:TagSession/u,
    hint: "allow sts:TagSession in the role's trust policy beside sts:AssumeRole, or set 'role-skip-session-tagging: true'",
  },
  {
    pattern: /PackedPolicyTooLarge|packed size|Serialized token too large/iu,
    hint: "shorten 'tags', 'inline-session-policy' or 'managed-session-policies'",
  },
  { pattern: /RegionDisabled/u, hint: 'activate STS in this Region in the IAM console, or choose another Region' },
];

/** The error of a role that could not be assumed, with what helps against it. */
export const toAssumeRoleError = (error: unknown, roleArn: string): DeliveryError => {
  if (error instanceof DeliveryError) return error;
  const { code } = toDeliveryError(error);
  const message = formatAwsError(error, `assuming ${roleArn}`);
  const hint = ERROR_HINTS.find(({ pattern }) => pattern.test(message))?.hint;
  return new DeliveryError(code, hint === undefined ? message : `${message}: ${hint}`, { cause: error });
};
