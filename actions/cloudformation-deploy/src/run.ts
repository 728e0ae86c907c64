import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import type { ChangeSet } from './change-set/change-set.js';
import { createNoChangesOutcome } from './change-set/change-set-outcome.js';
import { deployChangeSet } from './change-set/deploy-change-set.js';
import { executeChangeSet } from './change-set/execute-change-set.js';
import { checkProtection } from './change-set/guard.js';
import type { RunContext } from './context.js';
import type { DeleteRequest, ExecuteRequest, RecoveryOptions, Request } from './inputs/request.js';
import { RootCauseFinder } from './operation/root-cause.js';
import {
  followToCompletion,
  type StackOperation,
  startOperation,
  waitUntilVisible,
} from './operation/start-operation.js';
import { attachToOperation, findCurrentToken, waitForOperation } from './operation/wait-for-operation.js';
import { handleOutcome } from './recovery/failure-handling.js';
import {
  createContinueRollbackOperation,
  createDeleteOperation,
  createRollbackOperation,
} from './recovery/recovery-operations.js';
import {
  formatForeignChangeSet,
  formatModeRejection,
  formatProtectedRejection,
  formatRepeatedStep,
} from './recovery/rejection-messages.js';
import { recordResumption, retryPreservedFailure } from './recovery/resume.js';
import type { Conflict, Outcome, StepResult } from './result.js';
import type { RunRecord } from './run-record.js';
import { detectDrift } from './stack/drift.js';
import { findStack, type Stack } from './stack/stack.js';
import { getStatusInfo } from './stack/stack-state.js';
import { decideStep, type Step, successStatusesByMode } from './recovery/recovery-table.js';

/** What a look at the stack showed. */
interface StackSnapshot {
  readonly stack: Stack | undefined;
  readonly step: Step;
  /** Of the operation under way. */
  readonly token: string | undefined;
  readonly isOwn: boolean;
}

const readStackSnapshot = async (context: RunContext): Promise<StackSnapshot> => {
  const { request, tokens } = context;
  const stack = await findStack(context.cloudFormation, request.stackName);
  const isBusy = stack !== undefined && getStatusInfo(stack.status).state === 'busy';
  const token = isBusy ? await findCurrentToken(context, stack) : undefined;
  const isOwn = tokens.isOwn(token);
  const policies = { ...request.policies, ...(isOwn ? { 'on-conflict': 'own' as const } : {}) };
  return { stack, step: decideStep(stack?.status, request.mode, policies), token, isOwn };
};

/** How often somebody else may take a change set away, or come first, before that is a failure. */
const MAX_CONFLICTS = 5;
const CONFLICT_RETRY_DELAY_MS = 2000;

const isConflict = (result: StepResult): result is Conflict => result.kind === 'conflict';

/** The ways that a run has gone: each way of recovering is gone once, or it would go round for ever. */
class RecoveryHistory {
  private readonly triedSteps = new Set<string>();
  private conflicts = 0;
  /** A replacement has been refused while rollback was disabled. */
  rollbackRequired = false;

  wasTried({ step, stack }: StackSnapshot): boolean {
    return step !== 'wait-for-idle' && this.triedSteps.has(`${step} ${stack?.status}`);
  }

  /** A change that was taken back is a new beginning. */
  recordStep({ step, stack }: StackSnapshot, { causes }: RunRecord): void {
    this.triedSteps.add(`${step} ${stack?.status}`);
    if (step !== 'update' && step !== 'resume') return;
    this.triedSteps.clear();
    this.rollbackRequired ||= causes.some(({ kind }) => kind === 'replacement');
  }

  /** Throws the error itself when it has come to too many. */
  recordConflict({ error }: Conflict): void {
    this.conflicts += 1;
    if (this.conflicts === MAX_CONFLICTS) throw error;
  }
}

/** Looks at the stack and does the next step, until the run has an end. */
export const reconcileStack = async (context: RunContext): Promise<Outcome> => {
  const { record, request, waitContext, log } = context;
  const history = new RecoveryHistory();
  for (;;) {
    const snapshot = await readStackSnapshot(context);
    record.stack = snapshot.stack;
    if (history.wasTried(snapshot))
      return { kind: 'rejected', reason: formatRepeatedStep(snapshot.step, snapshot.stack, request.stackName) };
    const result = await runStep(context, snapshot, history.rollbackRequired);
    if (result.kind === 'continue') {
      history.recordStep(snapshot, record);
    } else if (isConflict(result)) {
      history.recordConflict(result);
      log.info(`somebody else came first, looking again: ${errorMessage(result.error)}`);
      await waitContext.clock.sleep(CONFLICT_RETRY_DELAY_MS, waitContext.signal);
    } else {
      return result;
    }
  }
};

type StepHandler = (
  context: RunContext,
  snapshot: StackSnapshot & { readonly rollbackRequired: boolean },
) => Promise<StepResult>;

const requireStack = ({ stack }: StackSnapshot): Stack => {
  if (stack !== undefined) return stack;
  throw new DeliveryError('unexpected', 'a step that needs a stack was chosen for none');
};

const createStepMismatchError = (step: Step, { mode }: Request): DeliveryError =>
  new DeliveryError('unexpected', `step ${step} was chosen for mode ${mode}`);

const createChangeHandler: (changeKind: 'create' | 'update' | 'resume') => StepHandler =
  (changeKind) =>
  async (context, { stack, rollbackRequired }) => {
    const { request } = context;
    if (!('changeSet' in request)) throw createStepMismatchError(changeKind, request);
    return deployChangeSet({ ...context, request }, { stack, changeKind, rollbackRequired });
  };

/** Does an order of recovery; in the mode of that name it is the end, in a deploy the way to go on. */
const runRecovery = async (context: RunContext, operation: StackOperation): Promise<StepResult> => {
  const isRequestedMode = context.request.mode === 'rollback' || context.request.mode === 'delete';
  const started = await startOperation(context, operation);
  if (isRequestedMode && !context.request.wait) {
    await waitUntilVisible(context, started);
    return { kind: 'started', label: operation.title };
  }
  const result = await followToCompletion(context, started);
  if (result.succeeded) return isRequestedMode ? { kind: 'done', label: operation.title } : { kind: 'continue' };
  context.record.causes = await new RootCauseFinder(context.cloudFormation).find(result);
  return { kind: 'failed', operationResult: result, stateAfterFailure: 'the stack needs a hand: see the root cause' };
};

const deleteUnlessProtected = async (context: RunContext, stack: Stack, retainOptions = {}): Promise<StepResult> =>
  stack.hasTerminationProtection
    ? { kind: 'rejected', reason: formatProtectedRejection(stack) }
    : runRecovery(context, createDeleteOperation(context, stack, retainOptions));

const getRetainOptions = ({ retainResources, forceDelete }: DeleteRequest) => {
  if (forceDelete) return { DeletionMode: 'FORCE_DELETE_STACK' as const };
  return retainResources.length > 0 ? { RetainResources: [...retainResources] } : {};
};

/** Where CloudFormation does not delete a stack that could not be created, it must stop there: a rollback is no deletion. */
const shouldPreserveFailure = (
  { onFailure, retryAttempts }: RecoveryOptions,
  changeSet: ChangeSet,
  { status }: Stack,
): boolean =>
  onFailure === 'preserve' ||
  retryAttempts > 0 ||
  (onFailure === 'delete' && getStatusInfo(status).isCreation && !changeSet.deletesOnFailure);

const executeExistingChangeSet = async (context: RunContext<ExecuteRequest>, stack: Stack): Promise<StepResult> => {
  const { request, changeSets, record } = context;
  const reference = { id: request.changeSetId, stackName: stack.name };
  const changeSet = await changeSets.load(reference, request.showValues);
  record.changeSet = changeSet;
  // An ARN finds a change set whatever stack is named.
  if (changeSet.stackId !== stack.id) return { kind: 'rejected', reason: formatForeignChangeSet(changeSet, stack) };
  if (changeSet.state === 'empty') return createNoChangesOutcome(stack, request.failOnEmpty);
  if (changeSet.state === 'failed') return { kind: 'change-set-failed', reason: changeSet.reason, findings: [] };
  const rejection = checkProtection(request.protection, changeSet);
  if (rejection !== undefined) return rejection;
  const { recovery, settings, retainExceptOnCreate } = request;
  const isResuming = getStatusInfo(stack.status).state === 'preserved';
  if (isResuming) await recordResumption(context, stack);
  const hasReplacement = changeSet.changes.some(({ impact }) => impact === 'replaced');
  const result = await executeChangeSet(context, {
    changeSet,
    stack,
    title: 'execution of the change set',
    disableRollback: isResuming || (shouldPreserveFailure(recovery, changeSet, stack) && !hasReplacement),
    deletesOnFailure: changeSet.deletesOnFailure,
    retainExceptOnCreate,
  });
  if (result === 'started') return { kind: 'started', label: changeSet.name };
  return handleOutcome(context, result, { recovery, settings, canRedeploy: false });
};

const waitForRunningOperation: StepHandler = async (context, snapshot) => {
  const { token, isOwn } = snapshot;
  const { waitContext, request, postState } = context;
  const stack = requireStack(snapshot);
  if (!isOwn || token === undefined) {
    const deadline = Math.min(waitContext.deadline, waitContext.clock.now() + request.conflictTimeout);
    await waitForOperation(context, { stack, token, deadline });
    return { kind: 'continue' };
  }
  // What an earlier attempt started is this run's own: on-cancel and on-timeout are about it as well.
  postState.save({ kind: 'operation', stack: stack.id, token, cleanupTarget: undefined });
  await waitForOperation(context, { stack, token, deadline: waitContext.deadline });
  postState.clear();
  return { kind: 'continue' };
};

const attachAndHandleOutcome: StepHandler = async (context, snapshot) => {
  const { deadline } = context.waitContext;
  const { token } = snapshot;
  if (token === undefined) {
    await waitForOperation(context, { stack: requireStack(snapshot), token, deadline });
    return { kind: 'continue' };
  }
  const result = await attachToOperation(context, { stack: requireStack(snapshot), token, deadline });
  const recovery = { onFailure: 'preserve' as const, retryAttempts: 0, retryPauseMs: 0 };
  const settings = { terminationProtection: undefined, stackPolicy: undefined };
  return handleOutcome(context, result, { recovery, settings, canRedeploy: false });
};

const completeWithoutChanges: StepHandler = async ({ request }, { stack }) => {
  const { operationStatus, state } = getStatusInfo(stack?.status);
  if (successStatusesByMode[request.mode].includes(operationStatus)) return { kind: 'unchanged', isFailure: false };
  return {
    kind: 'rejected',
    reason: formatModeRejection({ mode: request.mode, stackName: request.stackName, state }, stack),
  };
};

const stepHandlers: Readonly<Record<Step, StepHandler>> = {
  create: createChangeHandler('create'),
  update: createChangeHandler('update'),
  resume: createChangeHandler('resume'),
  recreate: async (context, snapshot) => deleteUnlessProtected(context, requireStack(snapshot)),
  execute: async (context, snapshot) => {
    const { request } = context;
    if (request.mode !== 'execute') throw createStepMismatchError('execute', request);
    return executeExistingChangeSet({ ...context, request }, requireStack(snapshot));
  },
  retry: async (context, snapshot) => {
    const { request } = context;
    if (request.mode !== 'retry') throw createStepMismatchError('retry', request);
    return retryPreservedFailure({ ...context, request }, requireStack(snapshot));
  },
  'roll-back': async (context, snapshot) =>
    runRecovery(context, createRollbackOperation(context, requireStack(snapshot))),
  'continue-rollback': async (context, snapshot) =>
    runRecovery(context, createContinueRollbackOperation(context, requireStack(snapshot))),
  delete: async (context, snapshot) => deleteUnlessProtected(context, requireStack(snapshot)),
  'delete-forcibly': async (context, snapshot) => {
    const { request } = context;
    if (request.mode !== 'delete') throw createStepMismatchError('delete-forcibly', request);
    return deleteUnlessProtected(context, requireStack(snapshot), getRetainOptions(request));
  },
  'detect-drift': async (context, snapshot) => {
    const { request, cloudFormation, waitContext } = context;
    if (request.mode !== 'drift') throw createStepMismatchError('detect-drift', request);
    const includeValues = request.showValues;
    const drift = await detectDrift({ cloudFormation, waitContext, stackId: requireStack(snapshot).id, includeValues });
    const isFailure = request.failOnDrift && drift.status !== 'IN_SYNC';
    return { kind: 'drift', drift, isFailure };
  },
  'wait-for-idle': waitForRunningOperation,
  attach: attachAndHandleOutcome,
  finish: completeWithoutChanges,
  refuse: async ({ request }, { stack }) => {
    const { state } = getStatusInfo(stack?.status);
    return {
      kind: 'rejected',
      reason: formatModeRejection({ mode: request.mode, stackName: request.stackName, state }, stack),
    };
  },
};

const runStep = (context: RunContext, snapshot: StackSnapshot, rollbackRequired: boolean): Promise<StepResult> =>
  stepHandlers[snapshot.step](context, { ...snapshot, rollbackRequired });
