import { formatDuration } from '@aws-delivery/action-kit/util/format';
import type { RecoveryOptions } from '../inputs/request.js';
import { isRetryable } from '../operation/failure-class.js';
import type { OperationResult } from '../operation/follow-operation.js';
import { type Cause, formatCausePath } from '../operation/root-cause.js';
import { runOperation } from '../operation/start-operation.js';
import type { RunContext } from '../run-context.js';
import { classifyServiceError } from '../service-error.js';
import type { Stack } from '../stack/stack.js';
import { createRetryOperation } from './recovery-operations.js';

const MAX_RETRY_DELAY_MS = 300_000;
/** IAM changes take time to propagate: a shorter delay would waste retries. */
const MIN_PERMISSION_DELAY_MS = 30_000;

/** Delay in milliseconds before retry `number` (from 1): exponential, minus a random part of up to a quarter. */
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

/** The reason not to retry a failure; undefined if it is retryable. */
export const findRetryObstacle = (causes: readonly Cause[], stack: Stack | undefined): string | undefined => {
  if (stack === undefined) return 'the stack does not exist';
  if (stack.isExpress) return 'EXPRESS mode does not support retries of a preserved failure';
  if (causes.length === 0) return 'the root cause is unknown';
  const permanentCause = causes.find((cause) => !isRetryable(cause));
  return permanentCause === undefined
    ? undefined
    : `${formatCausePath(permanentCause)} failed with a non-transient error`;
};

export type RetryOutcome =
  | { readonly kind: 'ended'; readonly result: OperationResult }
  /** CloudFormation rejected the retry; the stack is unchanged. */
  | { readonly kind: 'impossible'; readonly reason: string };

const retryObstacles: Readonly<Record<string, string>> = {
  'no-updates': 'CloudFormation found no updates to perform',
  'do-nothing': 'CloudFormation cannot resume a stack that was created with OnFailure DO_NOTHING',
  replacement: 'the change replaces a resource, which CloudFormation rejects while rollback is disabled',
  'wrong-state': 'CloudFormation rejects updates in the current status of the stack',
  express: 'CloudFormation cannot resume an operation in EXPRESS mode',
};

export const retryOnce = async (context: RunContext, stack: Stack, number: number): Promise<RetryOutcome> => {
  try {
    return { kind: 'ended', result: await runOperation(context, createRetryOperation(context, stack, number)) };
  } catch (error) {
    const reason = retryObstacles[classifyServiceError(error) ?? ''];
    if (reason === undefined) throw error;
    return { kind: 'impossible', reason };
  }
};

/** Records the retry and waits for its delay. */
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
  log.info(`Retry ${number} of ${recovery.retryAttempts} from the point of failure in ${formatDuration(delayMs)}`);
  await waitContext.clock.sleep(delayMs, waitContext.signal);
};
