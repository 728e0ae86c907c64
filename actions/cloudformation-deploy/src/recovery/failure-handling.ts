import type { DeployRequest, RecoveryOptions, RetryRequest } from '../inputs/request.js';
import type { OperationResult } from '../operation/follow-operation.js';
import { formatCause, RootCauseFinder } from '../operation/root-cause.js';
import type { Continue, Outcome } from '../result.js';
import type { RunContext } from '../run-context.js';
import type { Stack } from '../stack/stack.js';
import { applySettings, type StackSettings } from '../stack/stack-settings.js';
import { getStatusInfo, type StackState, stackStatusInfo } from '../stack/stack-state.js';
import { deleteStack, rollBack } from './recovery-operations.js';
import { listCreatedResources } from './retained-resources.js';
import { findRetryObstacle, retryOnce, waitBeforeRetry } from './retry.js';

/** Options for handling the result of a change. */
export interface FailureHandling {
  readonly recovery: RecoveryOptions;
  readonly settings: StackSettings;
  /** Whether the change can be repeated with rollback enabled after a rollback. */
  readonly canRedeploy: boolean;
}

/** Stack states after a failed change, in words. */
const stateDescriptions: Readonly<Record<StackState, string>> = {
  absent: 'The stack was deleted.',
  reviewing: 'No resources were changed.',
  ready: 'The stack was rolled back to its last stable state.',
  unusable:
    'The creation was rolled back. The next deployment recreates the stack, unless on-rollback-complete is fail.',
  preserved:
    'Successful resources were kept. Fix the template and redeploy, or, if the cause was external, rerun with mode: retry.',
  stuck: 'The rollback failed. Fix its cause and run mode: rollback, or skip resources with resources-to-skip.',
  undeletable: 'The deletion failed. Run mode: delete with retain-resources or force-delete.',
  busy: 'The operation is still in progress.',
};

const isPreserved = ({ status }: OperationResult): boolean => stackStatusInfo[status].state === 'preserved';

const completeChange = async (
  { cloudFormation, record }: RunContext,
  result: OperationResult,
  settings: StackSettings,
): Promise<Outcome> => {
  if (result.stack !== undefined) record.stack = await applySettings(cloudFormation, result.stack, settings);
  return { kind: 'done', label: result.operation.title };
};

const recordNote = ({ record, log }: RunContext, message: string): void => {
  record.notes.push(message);
  log.info(message);
};

/** Retries a preserved failure while its causes are retryable; returns the last result. */
const retryWhileRecoverable = async (
  context: RunContext,
  initialResult: OperationResult,
  { recovery }: FailureHandling,
): Promise<OperationResult> => {
  const { record, log, cloudFormation } = context;
  let result = initialResult;
  for (let number = 1; !result.succeeded; number += 1) {
    record.causes = await new RootCauseFinder(cloudFormation).find(result);
    for (const cause of record.causes) log.info(`Root cause: ${formatCause(cause)}`);
    if (number > recovery.retryAttempts || !isPreserved(result)) return result;
    const obstacle = findRetryObstacle(record.causes, result.stack);
    if (obstacle !== undefined || result.stack === undefined) {
      recordNote(context, `Not retrying: ${obstacle}`);
      return result;
    }
    await waitBeforeRetry(context, { number, recovery });
    const outcome = await retryOnce(context, result.stack, number);
    if (outcome.kind === 'impossible') {
      recordNote(context, `Not retrying: ${outcome.reason}`);
      return result;
    }
    result = outcome.result;
  }
  return result;
};

const describeRollback = (result: OperationResult): string =>
  result.succeeded
    ? stateDescriptions[getStatusInfo(result.stack?.status).state]
    : stateDescriptions[stackStatusInfo[result.status].state];

/** Applies `on-failure` to a preserved failure; returns the state of the stack in words. */
const finalizeFailure = async (
  context: RunContext,
  stack: Stack,
  onFailure: RecoveryOptions['onFailure'],
): Promise<string> => {
  if (stack.isExpress) {
    return 'In EXPRESS mode, a preserved failure cannot be retried or rolled back. Deploy the last working configuration in EXPRESS mode.';
  }
  if (onFailure === 'preserve') return stateDescriptions.preserved;
  if (onFailure === 'delete' && stackStatusInfo[stack.status].isCreation) {
    if (stack.hasTerminationProtection) return 'The stack was not deleted because it has termination protection.';
    return describeRollback(await deleteStack(context, stack));
  }
  return describeRollback(await rollBack(context, stack));
};

/** Handles the result of a change: applies settings after a success; retries, then applies `on-failure`, otherwise. */
export const handleOutcome = async (
  context: RunContext,
  initialResult: OperationResult,
  failureHandling: FailureHandling,
): Promise<Outcome | Continue> => {
  const result = await retryWhileRecoverable(context, initialResult, failureHandling);
  if (result.succeeded) return completeChange(context, result, failureHandling.settings);
  const createFailure = (stateAfterFailure: string): Outcome => ({
    kind: 'failed',
    operationResult: result,
    stateAfterFailure,
  });
  if (!isPreserved(result) || result.stack === undefined)
    return createFailure(stateDescriptions[stackStatusInfo[result.status].state]);
  if (failureHandling.canRedeploy && context.record.causes.some(({ kind }) => kind === 'replacement')) {
    recordNote(
      context,
      'A resource cannot be replaced while rollback is disabled: rolling back, then deploying with rollback enabled',
    );
    const rollbackResult = await rollBack(context, result.stack);
    return rollbackResult.succeeded ? { kind: 'continue' } : createFailure(describeRollback(rollbackResult));
  }
  return createFailure(await finalizeFailure(context, result.stack, failureHandling.recovery.onFailure));
};

/** Records that the run continues from a preserved failure, and the resources created before. */
export const recordResumption = async (
  { cloudFormation, record }: RunContext,
  stack: Stack | undefined,
): Promise<void> => {
  if (record.wasResumed || stack === undefined) return;
  record.wasResumed = true;
  record.createdBefore = await listCreatedResources(cloudFormation, stack.id);
};

/** Retries a preserved failure without changes, after its cause outside the template was removed. */
export const retryPreservedFailure = async (
  context: RunContext<DeployRequest | RetryRequest>,
  stack: Stack,
): Promise<Outcome | Continue> => {
  const { recovery, settings } = context.request;
  await recordResumption(context, stack);
  const outcome = await retryOnce(context, stack, 1);
  if (outcome.kind === 'impossible') {
    const hint = 'Change the template or a parameter and deploy, or run mode: rollback';
    return { kind: 'rejected', reason: `the preserved failure cannot be retried: ${outcome.reason}. ${hint}` };
  }
  return handleOutcome(context, outcome.result, { recovery, settings, canRedeploy: context.request.mode === 'deploy' });
};
