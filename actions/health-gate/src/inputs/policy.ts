import { choice, duration, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'What follows';

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
    help: 'While something counts: fail the step, wait until nothing does, or warn and let later steps decide by `verdict`.',
  }),
  'stable-for': duration({
    group,
    default: 120,
    help: 'With `on-event: wait`: for how long nothing may have counted before the step goes on. A first look that is clear needs no second.',
  }),
  timeout: duration({
    group,
    default: 3600,
    help: 'How long the step may wait in all. Reaching it fails.',
  }),
  'on-unavailable': choice(...UNAVAILABLE_POLICIES)({
    group,
    default: 'fail',
    help: 'When AWS Health, a calendar or an alarm gives no complete answer: fail; warn and go on with `verdict: unknown`; go on; or ask the public feed in place of AWS Health.',
  }),
  'on-no-support-plan': choice(...UNAVAILABLE_POLICIES)({
    group,
    default: 'fail',
    help: 'The same when the account’s support plan does not include the AWS Health API.',
  }),
  'override-reason': string({
    group,
    help: 'Pass whatever was seen, for this reason. It is recorded in the summary, the outputs and the evidence file.',
  }),
} as const;
