import { choice, duration, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Decision and waiting';

const UNAVAILABLE_POLICIES = ['fail', 'warn', 'proceed', 'public-feed'] as const;

/** What to do when a source is unavailable. */
export type UnavailablePolicy = (typeof UNAVAILABLE_POLICIES)[number];

/** Inputs for the reaction to blockers and to unavailable sources. */
export const policyInputs = {
  'on-event': choice(
    'fail',
    'wait',
    'warn',
  )({
    group,
    default: 'fail',
    help: 'What to do when an event, calendar or alarm blocks the deployment. `fail`: fail the step. `wait`: wait until there are no blockers. `warn`: pass with a warning; later steps can read the output `verdict`.',
  }),
  'stable-for': duration({
    group,
    default: 120,
    help: 'With `on-event: wait`: how long there must be no blockers before the step continues. If the first check finds none, the step continues immediately.',
  }),
  timeout: duration({
    group,
    default: 3600,
    help: 'Maximum time that the step waits in total. The step fails when this time is reached.',
  }),
  'on-unavailable': choice(...UNAVAILABLE_POLICIES)({
    group,
    default: 'fail',
    help: 'What to do when AWS Health, a calendar or an alarm is unavailable or returns an incomplete response. `fail`: fail the step. `warn`: continue with `verdict: unknown`. `proceed`: continue with `verdict: passed`. `public-feed`: use the public feed in place of AWS Health; fail for calendars and alarms.',
  }),
  'on-no-support-plan': choice(...UNAVAILABLE_POLICIES)({
    group,
    default: 'fail',
    help: 'What to do when the support plan of the account does not include the AWS Health API. The values are those of `on-unavailable`.',
  }),
  'override-reason': string({
    group,
    help: 'Pass the step despite blockers or unavailable sources, without waiting. This reason is recorded in the summary, the outputs and the evidence file.',
  }),
} as const;
