import { awsErrorText, classify, isCode } from '@aws-delivery/action-kit/aws-error';
import { DeliveryError, type DeliveryErrorCode } from '@aws-delivery/action-kit/error';
import type { Asked, Leniency, Trouble } from './look.js';
import type { Policies } from './request.js';

// These are mistakes in what was asked, or the end of the run: no policy about silence applies to them.
const NOT_SILENCE: readonly DeliveryErrorCode[] = ['cancelled', 'invalid-input', 'missing', 'not-found'];

const PASSING = ['throttled', 'transient', 'eventual', 'expired'] as const;

const NEEDED: Readonly<Record<Asked, string>> = {
  'AWS Health': 'health:DescribeEvents (in the organisation’s view health:DescribeEventsForOrganization)',
  'the public feed': 'nothing',
  'change calendars': 'ssm:GetCalendarState',
  'CloudWatch alarms': 'cloudwatch:DescribeAlarms',
};

const PLAN =
  'the AWS Health API comes with Business Support+ and the plans above it, in an organisation with that of the management account: get one, or say by on-no-support-plan what else to do';

const remedyOf = (error: unknown, asked: Asked): string => {
  const kind = classify(error);
  if (isSubscription(error)) return `: ${PLAN}`;
  if (isCode(error, 'AccessDenied', 'UnauthorizedOperation', 'NotAuthorized'))
    return `: allow the role ${NEEDED[asked]}`;
  return kind === 'expired' ? ': the credentials ended before the answer came, ask for a longer session' : '';
};

const isSubscription = (error: unknown): boolean => isCode(error, 'SubscriptionRequired');

const leniencyFor = (kind: Trouble['kind'], { onUnavailable, onNoSupportPlan }: Policies): Leniency =>
  kind === 'no-support-plan' ? onNoSupportPlan : onUnavailable;

export interface Asking {
  readonly asked: Asked;
  readonly policies: Policies;
  /** Trouble that may pass is reported as it is, without what the policies say to it. */
  readonly patient: boolean;
}

/**
 * What an error means: a service that gave no complete answer, and what the policies say to that. Errors that are no
 * silence of a service are thrown on.
 */
export const troubleOf = (error: unknown, { asked, policies, patient }: Asking): Trouble => {
  if (error instanceof DeliveryError && NOT_SILENCE.includes(error.code)) throw error;
  const kind = isSubscription(error) ? 'no-support-plan' : 'unavailable';
  const passing = PASSING.some((name) => name === classify(error));
  const policy = leniencyFor(kind, policies);
  // The feed stands in for AWS Health alone.
  const applicable = policy === 'public-feed' && asked !== 'AWS Health' ? 'fail' : policy;
  return {
    asked,
    kind,
    passing,
    leniency: passing && patient ? 'fail' : applicable,
    text: `${awsErrorText(error)}${remedyOf(error, asked)}`,
  };
};
