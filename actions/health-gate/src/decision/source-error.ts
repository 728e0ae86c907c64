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
  'AWS Health': 'health:DescribeEvents (in the organisation’s view health:DescribeEventsForOrganization)',
  'the public feed': 'nothing',
  'change calendars': 'ssm:GetCalendarState',
  'CloudWatch alarms': 'cloudwatch:DescribeAlarms',
};

const SUPPORT_PLAN_HINT =
  'the AWS Health API comes with Business Support+ and the plans above it, in an organisation with that of the management account: get one, or say by on-no-support-plan what else to do';

const formatHint = (error: unknown, source: SourceName): string => {
  const errorClass = classifyError(error);
  if (isSubscriptionError(error)) return `: ${SUPPORT_PLAN_HINT}`;
  if (hasErrorCode(error, 'AccessDenied', 'UnauthorizedOperation', 'NotAuthorized'))
    return `: allow the role ${REQUIRED_PERMISSIONS[source]}`;
  return errorClass === 'expired' ? ': the credentials ended before the answer came, ask for a longer session' : '';
};

const isSubscriptionError = (error: unknown): boolean => hasErrorCode(error, 'SubscriptionRequired');

const selectPolicy = (
  kind: SourceError['kind'],
  { onUnavailable, onNoSupportPlan }: UnavailablePolicies,
): UnavailablePolicy => (kind === 'no-support-plan' ? onNoSupportPlan : onUnavailable);

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
    message: `${formatAwsError(error)}${formatHint(error, source)}`,
  };
};
