import { durationText } from '@aws-delivery/action-kit/clock';
import { type Capability, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import type { Context } from './context.js';
import { mayPass } from './failure-class.js';
import { type Launch, operate } from './launch.js';
import type { OperationEnd } from './operation.js';
import { refusalOf } from './refusal.js';
import type { Recovery } from './request.js';
import { type Cause, causePath } from './root-cause.js';
import type { Stack } from './stack.js';

const LONGEST_PAUSE = 300_000;
/** Permissions take their time to spread: a shorter pause only uses up attempts. */
const SPREADING_PAUSE = 30_000;

/** Milliseconds before retry `number` (from 1): doubling, with up to a quarter less by chance. */
export const pauseBefore = (
  number: number,
  {
    pause,
    causes,
    random,
  }: { readonly pause: number; readonly causes: readonly Cause[]; readonly random: () => number },
): number => {
  const least = causes.some(({ kind }) => kind === 'eventual') ? SPREADING_PAUSE : 0;
  const full = Math.min(LONGEST_PAUSE, Math.max(least, pause) * 2 ** (number - 1));
  return Math.round(full * (1 - random() / 4));
};

/**
 * Resumes a preserved failure as it is: previous template, previous parameters, rollback disabled. Tags, notification
 * topics and alarms are left out, which keeps them; capabilities have to be said again (aws-facts §1.3).
 */
export const retryOrder = ({ request, cloudFormation }: Context, stack: Stack, number: number): Launch => ({
  kind: 'change',
  title: `retry ${number} from the point of failure`,
  stack,
  start: (ClientRequestToken) =>
    cloudFormation.send(
      new UpdateStackCommand({
        StackName: stack.id,
        UsePreviousTemplate: true,
        Parameters: [...stack.parameters.keys()].map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true })),
        Capabilities: stack.capabilities.filter(isCapability),
        RoleARN: request.roleArn,
        DisableRollback: true,
        ClientRequestToken,
      }),
    ),
});

const known = ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'];
const isCapability = (text: string): text is Capability => known.includes(text);

/** Why a failure is not retried, in words; undefined when it is. */
export const reasonAgainstRetry = (causes: readonly Cause[], stack: Stack | undefined): string | undefined => {
  if (stack === undefined) return 'the stack is gone';
  if (stack.isExpress) return 'EXPRESS mode allows no retry after a preserved failure';
  if (causes.length === 0) return 'no root cause could be read';
  const lasting = causes.find((cause) => !mayPass(cause));
  return lasting === undefined ? undefined : `${causePath(lasting)} will not pass by itself`;
};

export type RetryOutcome =
  | { readonly kind: 'ended'; readonly end: OperationEnd }
  /** CloudFormation would not retry; the stack stands as it stood. */
  | { readonly kind: 'impossible'; readonly reason: string };

const impossible: Readonly<Record<string, string>> = {
  'no-updates': 'CloudFormation sees nothing to update in the preserved stack',
  'do-nothing': 'the stack was created with on-failure DO_NOTHING, from which CloudFormation does not resume',
  replacement: 'the change replaces a resource, which CloudFormation refuses while rollback is disabled',
  'wrong-state': 'CloudFormation takes no update in the state the stack is in',
  express: 'the stack was last updated in EXPRESS mode, from which CloudFormation does not resume',
};

/** Retries once, now. */
export const retryOnce = async (context: Context, stack: Stack, number: number): Promise<RetryOutcome> => {
  try {
    return { kind: 'ended', end: await operate(context, retryOrder(context, stack, number)) };
  } catch (error) {
    const reason = impossible[refusalOf(error) ?? ''];
    if (reason === undefined) throw error;
    return { kind: 'impossible', reason };
  }
};

/** Waits as long as the causes call for. */
export const pause = async (
  { waiting, journal, log }: Context,
  { number, recovery }: { readonly number: number; readonly recovery: Recovery },
): Promise<void> => {
  const { causes } = journal;
  const length = pauseBefore(number, { pause: recovery.pause, causes, random: waiting.random });
  journal.retries.push({ number, pause: length, causes });
  log.info(`retry ${number} of ${recovery.attempts} from the point of failure in ${durationText(length)}`);
  await waiting.clock.sleep(length, waiting.signal);
};
