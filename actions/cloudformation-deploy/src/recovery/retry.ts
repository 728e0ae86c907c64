import { formatDuration } from '@aws-delivery/action-kit/util/format';
import { type Capability, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import type { RunContext } from '../context.js';
import type { RecoveryOptions } from '../inputs/request.js';
import { isRetryable } from '../operation/failure-class.js';
import type { OperationResult } from '../operation/follow-operation.js';
import { type Cause, formatCausePath } from '../operation/root-cause.js';
import { runOperation, type StackOperation } from '../operation/start-operation.js';
import { classifyServiceError } from '../service-error.js';
import type { Stack } from '../stack/stack.js';

const MAX_RETRY_DELAY_MS = 300_000;
/** Permissions take their time to spread: a shorter pause only uses up attempts. */
const MIN_PERMISSION_DELAY_MS = 30_000;

/** Milliseconds before retry `number` (from 1): doubling, with up to a quarter less by chance. */
export const calculateRetryDelay = (
  number: number,
  {
    initialDelayMs,
    causes,
    random,
  }: { readonly initialDelayMs: number; readonly causes: readonly Cause[]; readonly random: () => number },
): number => {
  const minDelayMs = causes.some(({ kind }) => kind === 'eventual') ? MIN_PERMISSION_DELAY_MS : 0;
  const fullDelayMs = Math.min(MAX_RETRY_DELAY_MS, Math.max(minDelayMs, initialDelayMs) * 2 ** (number - 1));
  return Math.round(fullDelayMs * (1 - random() / 4));
};

/**
 * Resumes a preserved failure as it is: previous template, previous parameters, rollback disabled. Tags, notification
 * topics and alarms are left out, which keeps them; capabilities have to be said again (docs/aws-facts.md §1.3).
 */
export const createRetryOperation = (
  { request, cloudFormation }: RunContext,
  stack: Stack,
  number: number,
): StackOperation => ({
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

const KNOWN_CAPABILITIES = ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'];
const isCapability = (value: string): value is Capability => KNOWN_CAPABILITIES.includes(value);

/** Why a failure is not retried, in words; undefined when it is. */
export const findRetryObstacle = (causes: readonly Cause[], stack: Stack | undefined): string | undefined => {
  if (stack === undefined) return 'the stack is gone';
  if (stack.isExpress) return 'EXPRESS mode allows no retry after a preserved failure';
  if (causes.length === 0) return 'no root cause could be read';
  const permanentCause = causes.find((cause) => !isRetryable(cause));
  return permanentCause === undefined ? undefined : `${formatCausePath(permanentCause)} will not pass by itself`;
};

export type RetryOutcome =
  | { readonly kind: 'ended'; readonly result: OperationResult }
  /** CloudFormation would not retry; the stack stands as it stood. */
  | { readonly kind: 'impossible'; readonly reason: string };

const retryObstacles: Readonly<Record<string, string>> = {
  'no-updates': 'CloudFormation sees nothing to update in the preserved stack',
  'do-nothing': 'the stack was created with on-failure DO_NOTHING, from which CloudFormation does not resume',
  replacement: 'the change replaces a resource, which CloudFormation refuses while rollback is disabled',
  'wrong-state': 'CloudFormation takes no update in the state the stack is in',
  express: 'the stack was last updated in EXPRESS mode, from which CloudFormation does not resume',
};

/** Retries once, now. */
export const retryOnce = async (context: RunContext, stack: Stack, number: number): Promise<RetryOutcome> => {
  try {
    return { kind: 'ended', result: await runOperation(context, createRetryOperation(context, stack, number)) };
  } catch (error) {
    const reason = retryObstacles[classifyServiceError(error) ?? ''];
    if (reason === undefined) throw error;
    return { kind: 'impossible', reason };
  }
};

/** Waits as long as the causes call for. */
export const waitBeforeRetry = async (
  { waitContext, record, log }: RunContext,
  { number, recovery }: { readonly number: number; readonly recovery: RecoveryOptions },
): Promise<void> => {
  const { causes } = record;
  const delayMs = calculateRetryDelay(number, {
    initialDelayMs: recovery.retryPauseMs,
    causes,
    random: waitContext.random,
  });
  record.retries.push({ number, delayMs, causes });
  log.info(`retry ${number} of ${recovery.retryAttempts} from the point of failure in ${formatDuration(delayMs)}`);
  await waitContext.clock.sleep(delayMs, waitContext.signal);
};
