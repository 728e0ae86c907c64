import { DeliveryError, type DeliveryErrorCode } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { classifyError, formatAwsError } from '@aws-delivery/aws/error';
import type { UnavailablePolicies } from '../inputs/parse-request.js';
import type { UnavailablePolicy } from '../inputs/policy.js';
import type { SourceError, SourceName } from './observation.js';

// Mistakes in the inputs and cancellation: the policies for unavailable sources do not apply to them.
const RUN_ERROR_CODES: readonly DeliveryErrorCode[] = ['cancelled', 'invalid-input', 'missing', 'not-found'];

const TRANSIENT_CLASSES = ['throttled', 'transient', 'eventual', 'expired'] as const;

const REQUIRED_PERMISSIONS: Readonly<Record<SourceName, string>> = {
  'AWS Health': "health:DescribeEvents (with 'organization': health:DescribeEventsForOrganization)",
  'the public feed': 'no action',
  'change calendars': 'ssm:GetCalendarState',
  'CloudWatch alarms': 'cloudwatch:DescribeAlarms',
  'deployment windows': 'no action',
  probes: 'no action',
};

const SUPPORT_PLAN_HINT =
  "the AWS Health API requires Business Support+ or a higher support plan (with 'organization': of the management account); change the plan, or set 'on-no-support-plan'";

const formatHint = (error: unknown, source: SourceName): string => {
  const errorClass = classifyError(error);
  if (isSubscriptionError(error)) return `: ${SUPPORT_PLAN_HINT}`;
  if (hasErrorCode(error, 'AccessDenied', 'UnauthorizedOperation', 'NotAuthorized'))
    return `: allow ${REQUIRED_PERMISSIONS[source]} in the role's policy`;
  return errorClass === 'expired' ? ': the credentials expired, request a longer session' : '';
};

const isSubscriptionError = (error: unknown): boolean => hasErrorCode(error, 'SubscriptionRequired');

const selectPolicy = (
  kind: SourceError['kind'],
  { onUnavailable, onNoSupportPlan }: UnavailablePolicies,
): UnavailablePolicy => (kind === 'no-support-plan' ? onNoSupportPlan : onUnavailable);

/** Our own errors are complete messages; errors of the SDK also need their code and request id. */
const describeError = (error: unknown): string =>
  error instanceof DeliveryError ? error.message : formatAwsError(error);

export interface QueryContext {
  readonly source: SourceName;
  readonly policies: UnavailablePolicies;
  /** Transient errors get the policy `fail`, so that they are retried. */
  readonly inGracePeriod: boolean;
}

/**
 * Classifies the error of a query and selects the policy for it.
 * @throws the error itself for mistakes in the inputs and for cancellation
 */
export const toSourceError = (error: unknown, { source, policies, inGracePeriod }: QueryContext): SourceError => {
  if (error instanceof DeliveryError && RUN_ERROR_CODES.includes(error.code)) throw error;
  const kind = isSubscriptionError(error) ? 'no-support-plan' : 'unavailable';
  const transient = TRANSIENT_CLASSES.some((name) => name === classifyError(error));
  const policy = selectPolicy(kind, policies);
  // The feed replaces AWS Health only.
  const applicable = policy === 'public-feed' && source !== 'AWS Health' ? 'fail' : policy;
  return {
    source,
    kind,
    transient,
    policy: transient && inGracePeriod ? 'fail' : applicable,
    message: `${describeError(error)}${formatHint(error, source)}`,
  };
};
