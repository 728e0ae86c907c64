import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { deployChangeSet } from '../change-set/deploy-change-set.js';
import { executeExistingChangeSet } from '../change-set/execute-change-set.js';
import type { DeleteRequest, DriftRequest, Request } from '../inputs/request.js';
import { RootCauseFinder } from '../operation/root-cause.js';
import {
  followToCompletion,
  type StackOperation,
  startOperation,
  waitUntilVisible,
} from '../operation/start-operation.js';
import { attachToOperation, waitForOperation } from '../operation/wait-for-operation.js';
import type { Outcome, StepResult } from '../result.js';
import type { RunContext } from '../run-context.js';
import { detectDrift } from '../stack/drift.js';
import { applyDriftExceptions, evaluateDriftExceptions, readDriftExceptions } from '../stack/drift-exceptions.js';
import type { Stack } from '../stack/stack.js';
import { getStatusInfo } from '../stack/stack-state.js';
import { handleOutcome, retryPreservedFailure } from './failure-handling.js';
import {
  createContinueRollbackOperation,
  createDeleteOperation,
  createRollbackOperation,
  type RetainOptions,
} from './recovery-operations.js';
import { type Mode, type Step, successStatusesByMode } from './recovery-table.js';
import { formatModeRejection, formatProtectedRejection } from './rejection-messages.js';
import type { StackSnapshot } from './stack-snapshot.js';

const hasMode = <M extends Mode>(request: Request, modes: readonly M[]): request is Extract<Request, { mode: M }> => {
  const all: readonly Mode[] = modes;
  return all.includes(request.mode);
};

/** Narrows the request to the modes in which the recovery table has the step. */
const requireMode = <M extends Mode>(
  context: RunContext,
  step: Step,
  ...modes: readonly M[]
): RunContext<Extract<Request, { mode: M }>> => {
  const { request } = context;
  if (hasMode(request, modes)) return { ...context, request };
  throw new DeliveryError('unexpected', `step ${step} is not available in mode ${request.mode}`);
};

/** Runs a rollback or a deletion: the purpose of the modes of these names, and one step on the way of a deploy. */
const runRecoveryOperation = async (context: RunContext, operation: StackOperation): Promise<StepResult> => {
  const isRequestedMode = context.request.mode === 'rollback' || context.request.mode === 'delete';
  const started = await startOperation(context, operation);
  if (isRequestedMode && !context.request.wait) {
    await waitUntilVisible(context, started);
    return { kind: 'started', label: operation.title };
  }
  const result = await followToCompletion(context, started);
  if (result.succeeded) return isRequestedMode ? { kind: 'done', label: operation.title } : { kind: 'continue' };
  context.record.causes = await new RootCauseFinder(context.cloudFormation).find(result);
  return { kind: 'failed', operationResult: result, stateAfterFailure: 'Fix the root cause and run the job again.' };
};

const deleteUnlessProtected = async (
  context: RunContext,
  stack: Stack,
  retainOptions?: RetainOptions,
): Promise<StepResult> =>
  stack.hasTerminationProtection
    ? { kind: 'rejected', reason: formatProtectedRejection(stack) }
    : runRecoveryOperation(context, createDeleteOperation(context, stack, retainOptions));

const getRetainOptions = ({ retainResources, forceDelete }: DeleteRequest): RetainOptions => {
  if (forceDelete) return { DeletionMode: 'FORCE_DELETE_STACK' };
  return retainResources.length > 0 ? { RetainResources: [...retainResources] } : {};
};

const reportDrift = async (context: RunContext<DriftRequest>, stack: Stack): Promise<Outcome> => {
  const { request, cloudFormation, waitContext, inputLoader, record } = context;
  const exceptions = await readDriftExceptions(request.ignoreFile, inputLoader, waitContext.clock.now());
  const detection = await detectDrift({
    cloudFormation,
    waitContext,
    stackId: stack.id,
    includeValues: request.showValues,
    includeInSync: exceptions.length > 0,
  });
  const drift = applyDriftExceptions(detection, exceptions);
  record.exceptions = evaluateDriftExceptions(detection, exceptions);
  return { kind: 'drift', drift, isFailure: request.failOnDrift && drift.status !== 'IN_SYNC' };
};

const waitForRunningOperation: StackStepHandler = async (context, stack, { token, isOwn }) => {
  const { waitContext, request, postState, record } = context;
  if (!isOwn || token === undefined) {
    const deadline = Math.min(waitContext.deadline, waitContext.clock.now() + request.conflictTimeout);
    await waitForOperation(context, { stack, token, deadline });
    return { kind: 'continue' };
  }
  // on-cancel and on-timeout apply to an operation that an earlier attempt of this job started.
  record.startedOperation = 'operation';
  postState.save({ kind: 'operation', stack: stack.id, token, cleanupTarget: undefined });
  await waitForOperation(context, { stack, token, deadline: waitContext.deadline });
  postState.clear();
  return { kind: 'continue' };
};

const attachAndHandleOutcome: StackStepHandler = async (context, stack, { token }) => {
  const { deadline } = context.waitContext;
  context.record.startedOperation = 'operation';
  if (token === undefined) {
    await waitForOperation(context, { stack, token, deadline });
    return { kind: 'continue' };
  }
  const result = await attachToOperation(context, { stack, token, deadline });
  const recovery = { onFailure: 'preserve' as const, retryAttempts: 0, retryPauseMs: 0 };
  const settings = { terminationProtection: undefined, stackPolicy: undefined };
  return handleOutcome(context, result, { recovery, settings, canRedeploy: false });
};

const rejectMode = ({ request: { mode, stackName } }: RunContext, stack: Stack | undefined): Outcome => {
  const { state } = getStatusInfo(stack?.status);
  return { kind: 'rejected', reason: formatModeRejection({ mode, stackName, state }, stack) };
};

/** Passes only if the last operation ended as the mode requires. */
const completeWithoutChanges = (context: RunContext, stack: Stack | undefined): Outcome => {
  const { operationStatus } = getStatusInfo(stack?.status);
  return successStatusesByMode[context.request.mode].includes(operationStatus)
    ? { kind: 'unchanged', isFailure: false }
    : rejectMode(context, stack);
};

type StackStepHandler = (context: RunContext, stack: Stack, snapshot: StackSnapshot) => Promise<StepResult>;
type StackStep = Exclude<Step, 'create' | 'update' | 'resume' | 'no-action' | 'reject'>;

/** The steps that need an existing stack. */
const stackStepHandlers: Readonly<Record<StackStep, StackStepHandler>> = {
  recreate: (context, stack) => deleteUnlessProtected(context, stack),
  execute: (context, stack) => executeExistingChangeSet(requireMode(context, 'execute', 'execute'), stack),
  retry: (context, stack) => retryPreservedFailure(requireMode(context, 'retry', 'retry'), stack),
  'roll-back': (context, stack) => runRecoveryOperation(context, createRollbackOperation(context, stack)),
  'continue-rollback': (context, stack) =>
    runRecoveryOperation(context, createContinueRollbackOperation(context, stack)),
  delete: (context, stack) => deleteUnlessProtected(context, stack),
  'force-delete': (context, stack) => {
    const { request } = requireMode(context, 'force-delete', 'delete');
    return deleteUnlessProtected(context, stack, getRetainOptions(request));
  },
  'detect-drift': (context, stack) => reportDrift(requireMode(context, 'detect-drift', 'drift'), stack),
  'wait-for-idle': waitForRunningOperation,
  attach: attachAndHandleOutcome,
};

/** Runs the next step of the recovery table. */
export const runStep = async (
  context: RunContext,
  snapshot: StackSnapshot,
  { rollbackRequired }: { readonly rollbackRequired: boolean },
): Promise<StepResult> => {
  const { step, stack } = snapshot;
  switch (step) {
    case 'create':
    case 'update':
    case 'resume': {
      const changeContext = requireMode(context, step, 'deploy', 'preview', 'create-only');
      return deployChangeSet(changeContext, { stack, changeKind: step, rollbackRequired });
    }
    case 'no-action':
      return completeWithoutChanges(context, stack);
    case 'reject':
      return rejectMode(context, stack);
    default:
      if (stack !== undefined) return stackStepHandlers[step](context, stack, snapshot);
      throw new DeliveryError('unexpected', `step ${step} requires a stack`);
  }
};
