import { awsErrorText, classify, type ErrorClass, isCode, toDeliveryError } from '@aws-delivery/action-kit/aws-error';
import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';

/** How often "couldn't retrieve verification key" is met with another call: parallel jobs see it pass (aws-facts §6.1). */
const KEY_RETRIES = 3;

/**
 * What errors of AssumeRoleWithWebIdentity call for, with its own memory, for one series of calls. AWS could not fetch
 * the issuer's keys: that passes. Anything else that is wrong with the token stays wrong.
 */
export const tokenErrorJudge = (): ((error: unknown) => ErrorClass) => {
  let left = KEY_RETRIES;
  return (error) => {
    if (!isCode(error, 'InvalidIdentityToken')) return classify(error);
    if (!/retrieve verification key/iu.test(textOf(error)) || left === 0) return 'permanent';
    left -= 1;
    return 'transient';
  };
};

/** Is it the role, or AWS's trust in the issuer, that says no? Then the token's claims tell why. */
export const isTrustRefusal = (error: unknown): boolean =>
  isCode(error, 'AccessDenied', 'InvalidIdentityToken', 'IDPRejectedClaim', 'ExpiredToken');

/** A chained session that asks for more than its hour. */
export const isChainedTooLong = (error: unknown): boolean => /1 hour session limit/iu.test(textOf(error));

/** Policies and tags take more room than a session has. AWS does not say dependably which of the two it is. */
export const isTooLarge = (error: unknown): boolean => isCode(error, 'PackedPolicyTooLarge');

const REMEDIES: readonly { readonly sign: RegExp; readonly remedy: string }[] = [
  {
    sign: /MaxSessionDuration/u,
    remedy: "lower 'role-duration', or raise the role's maximum session duration",
  },
  {
    sign: /sts:TagSession/u,
    remedy:
      "allow sts:TagSession in the role's trust policy beside sts:AssumeRole, or set 'role-skip-session-tagging: true'",
  },
  {
    sign: /PackedPolicyTooLarge|packed size|Serialized token too large/iu,
    remedy: "shorten 'tags', 'inline-session-policy' or 'managed-session-policies'",
  },
  { sign: /RegionDisabled/u, remedy: 'activate STS in this Region in the IAM console, or choose another Region' },
];

/** The error of a role that could not be assumed, with what helps against it. */
export const assumptionError = (error: unknown, role: string): DeliveryError => {
  if (error instanceof DeliveryError) return error;
  const { code } = toDeliveryError(error);
  const text = awsErrorText(error, `assuming ${role}`);
  const remedy = REMEDIES.find(({ sign }) => sign.test(text))?.remedy;
  return new DeliveryError(code, remedy === undefined ? text : `${text}: ${remedy}`, { cause: error });
};
