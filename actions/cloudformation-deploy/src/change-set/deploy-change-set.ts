import { logList } from '@aws-delivery/action-kit/host/log';
import type { DeployRequest, PreviewRequest, RecoveryOptions } from '../inputs/request.js';
import type { CleanupTarget } from '../post/post-state.js';
import { handleOutcome, recordResumption, retryPreservedFailure } from '../recovery/failure-handling.js';
import { rollBack } from '../recovery/recovery-operations.js';
import type { Continue, Outcome, StepResult } from '../result.js';
import type { RunContext } from '../run-context.js';
import { classifyServiceError } from '../service-error.js';
import type { Stack } from '../stack/stack.js';
import { applySettings, type StackSettings } from '../stack/stack-settings.js';
import type { InvalidStackInputs, StackInputs } from '../template/input-loader.js';
import { type ChangeSet, isChangeSetGone } from './change-set.js';
import { formatChangeLines } from './change-view.js';
import { type ChangeKind, createChangeSetInput, shouldDeleteOnFailure } from './create-change-set-input.js';
import { createNoChangesOutcome, executeChangeSet } from './execute-change-set.js';
import { checkExceptions, checkProtection, readChangeSet } from './guard.js';
import { deleteChangeSetAndStack, findReviewedStack } from './review-stack.js';
import { fetchFindings } from './validation-findings.js';

const changeTitles: Readonly<Record<ChangeKind, string>> = {
  create: 'creation',
  update: 'update',
  resume: 'resumed update',
};

/** The change of a stack, before its change set exists. */
interface ChangePlan {
  readonly stack: Stack | undefined;
  readonly changeKind: ChangeKind;
  /** Keep rollback enabled regardless of `on-failure`: a replacement failed because rollback was disabled. */
  readonly rollbackRequired: boolean;
}

interface ChangeSetPlan extends ChangePlan {
  /** Whether the stack exists only for change sets under review, and is deleted with the last of them. */
  readonly isReviewOnly: boolean;
}

type ChangeContext = RunContext<DeployRequest | PreviewRequest>;

const isDeploy = (context: ChangeContext): context is RunContext<DeployRequest> => context.request.mode === 'deploy';

/** The input `stack-policy` wins over the policy of a template configuration. */
const getSettings = ({ request: { settings }, record }: RunContext<DeployRequest>): StackSettings => ({
  ...settings,
  stackPolicy: settings.stackPolicy ?? record.stackPolicy,
});

/** EXPRESS mode allows no retry after a preserved failure: retries are switched off. */
const getRecovery = ({ request: { recovery, changeSet }, record }: RunContext<DeployRequest>): RecoveryOptions => {
  if (!changeSet.isExpress || recovery.retryAttempts === 0) return recovery;
  record.notes.push('EXPRESS mode does not support retries from the point of failure: retry-attempts is ignored');
  return { ...recovery, retryAttempts: 0 };
};

/** Creates a change set, then executes it (mode deploy) or reports it (modes preview and create-only). */
export const deployChangeSet = async (context: ChangeContext, initialPlan: ChangePlan): Promise<StepResult> => {
  const stackInputs = await loadStackInputs(context, initialPlan);
  if (stackInputs.kind === 'invalid') return { kind: 'invalid', issues: stackInputs.issues };
  // A deployment uses a stack under review as it is, so that it does not wait for its removal.
  const reviewedStack = await findReviewedStack(context, initialPlan.stack, { waitForRemoval: !isDeploy(context) });
  const plan = { ...initialPlan, ...reviewedStack };
  const changeSet = await createChangeSet(context, plan, stackInputs);
  if ('kind' in changeSet) return changeSet;
  context.record.changeSet = changeSet;
  if (plan.changeKind === 'resume') await recordResumption(context, plan.stack);
  if (changeSet.state === 'failed') return handleFailedChangeSet(context, plan, changeSet);
  const { protection } = context.request;
  const unusedException = checkExceptions(protection, changeSet, context.record);
  if (changeSet.state === 'empty') return handleEmptyChangeSet(context, plan, changeSet);
  const rejection = checkProtection(protection, changeSet) ?? unusedException;
  const keepsChangeSet = context.request.mode === 'create-only' || (isDeploy(context) && rejection === undefined);
  if (!keepsChangeSet) await cleanUpChangeSet(context, plan, changeSet);
  if (rejection !== undefined) return rejection;
  return isDeploy(context) ? executeDeployment(context, plan, changeSet) : { kind: 'previewed' };
};

const loadStackInputs = async (
  context: ChangeContext,
  { stack, changeKind }: ChangePlan,
): Promise<StackInputs | InvalidStackInputs> => {
  const { request, record, log } = context;
  // A stack under review has no previous values: its parameters are those of a change set.
  const stackInputs = await context.inputLoader.load(request.stackInputs, changeKind === 'create' ? undefined : stack);
  if (stackInputs.kind === 'invalid') return stackInputs;
  for (const { message, location } of stackInputs.warnings) log.warning(message, location);
  for (const note of stackInputs.notes) log.info(note);
  record.templateFile = stackInputs.templateFile;
  record.template = stackInputs.template;
  record.stackPolicy = stackInputs.stackPolicy;
  return stackInputs;
};

/** Errors that mean that the stack has changed since it was read. */
const STALE_STATE_ERRORS = ['wrong-state', 'no-stack', 'no-change-set'];

const createChangeSet = async (
  context: ChangeContext,
  { stack, changeKind, isReviewOnly }: ChangeSetPlan,
  stackInputs: StackInputs,
): Promise<ChangeSet | StepResult> => {
  const { request, tokens, postState, log } = context;
  const input = createChangeSetInput({ request, stackInputs, stack, changeKind, token: tokens.create() });
  const cleanupTarget = { stack: input.StackName, changeSet: input.ChangeSetName, isReviewOnly };
  postState.save({ kind: 'change-set', cleanupTarget });
  try {
    return await log.group(`Change set ${input.ChangeSetName}`, async () => {
      const changeSet = await readChangeSet(request, (includeValues) =>
        context.changeSets.create(input, includeValues),
      );
      logList(log, formatChangeLines(changeSet));
      return changeSet;
    });
  } catch (error) {
    if (stack !== undefined && classifyServiceError(error) === 'do-nothing') {
      return rollBackFirst(context, stack, 'a stack that was created with OnFailure DO_NOTHING cannot be resumed');
    }
    // Concurrent runs: the last preview deletes a stack under review, and an execution deletes all change sets.
    if (!isChangeSetGone(error) && !STALE_STATE_ERRORS.includes(classifyServiceError(error) ?? '')) throw error;
    await deleteChangeSetAndStack({ ...context, token: tokens.create() }, cleanupTarget);
    return { kind: 'conflict', error };
  }
};

/** The first change set of a stack under review creates the stack. */
const toCleanupTarget = ({ stack, isReviewOnly }: ChangeSetPlan, { id, stackId }: ChangeSet): CleanupTarget => ({
  stack: stackId,
  changeSet: id,
  isReviewOnly: isReviewOnly || stackId !== stack?.id,
});

/** Deletes the change set, and the stack if it exists only for change sets under review. */
const cleanUpChangeSet = async (context: ChangeContext, plan: ChangeSetPlan, changeSet: ChangeSet): Promise<void> => {
  await deleteChangeSetAndStack({ ...context, token: context.tokens.create() }, toCleanupTarget(plan, changeSet));
  context.postState.clear();
};

const handleFailedChangeSet = async (
  context: ChangeContext,
  plan: ChangeSetPlan,
  changeSet: ChangeSet,
): Promise<Outcome> => {
  const findings = await fetchFindings(context.cloudFormation, changeSet.id);
  const { mode, changeSet: changeSetOptions } = context.request;
  if (mode === 'preview' || !changeSetOptions.keepFailedChangeSet) await cleanUpChangeSet(context, plan, changeSet);
  return { kind: 'change-set-failed', reason: changeSet.reason, findings };
};

const handleEmptyChangeSet = async (
  context: ChangeContext,
  plan: ChangeSetPlan,
  changeSet: ChangeSet,
): Promise<Outcome | Continue> => {
  await cleanUpChangeSet(context, plan, changeSet);
  const { stack, changeKind } = plan;
  const { failOnEmpty } = context.request.changeSet;
  if (!isDeploy(context)) return { kind: 'unchanged', isFailure: failOnEmpty };
  // Without changes, a preserved failure is retried; it is never a success.
  if (changeKind === 'resume' && stack !== undefined) return retryPreservedFailure(context, stack);
  if (changeKind === 'update' && stack !== undefined) {
    context.record.stack = await applySettings(context.cloudFormation, stack, getSettings(context));
  }
  return createNoChangesOutcome(stack, failOnEmpty);
};

/** Rolls back a preserved failure that CloudFormation cannot resume; the deployment then starts again. */
const rollBackFirst = async (context: ChangeContext, stack: Stack, reason: string): Promise<Outcome | Continue> => {
  const message = `Rolling back first: ${reason}`;
  context.record.notes.push(message);
  context.log.info(message);
  const rollbackResult = await rollBack(context, stack);
  return rollbackResult.succeeded
    ? { kind: 'continue' }
    : { kind: 'failed', operationResult: rollbackResult, stateAfterFailure: 'The rollback failed.' };
};

const executeDeployment = async (
  context: RunContext<DeployRequest>,
  plan: ChangeSetPlan,
  changeSet: ChangeSet,
): Promise<Outcome | Continue> => {
  const { stack, changeKind, rollbackRequired } = plan;
  const { changeSet: changeSetOptions } = context.request;
  const settings = getSettings(context);
  const recovery = getRecovery(context);
  const hasReplacement = changeSet.changes.some(({ impact }) => impact === 'replaced');
  if (hasReplacement && changeKind === 'resume' && stack !== undefined) {
    return rollBackFirst(context, stack, 'a preserved failure cannot be resumed with a replacement');
  }
  const preservesFailure = changeKind === 'resume' || recovery.onFailure === 'preserve' || recovery.retryAttempts > 0;
  if (preservesFailure && hasReplacement) {
    context.record.notes.push(
      'The change set replaces a resource: rollback stays enabled, and a failure is not preserved',
    );
  }
  const result = await executeChangeSet(context, {
    changeSet,
    stack,
    title: changeTitles[changeKind],
    disableRollback: preservesFailure && !hasReplacement && !rollbackRequired,
    deletesOnFailure: shouldDeleteOnFailure(context.request, changeKind),
    retainExceptOnCreate: changeSetOptions.retainExceptOnCreate,
    ownChangeSet: {
      cleanupTarget: toCleanupTarget(plan, changeSet),
      onStartFailure: () => cleanUpChangeSet(context, plan, changeSet),
    },
  });
  if (result === 'started') return { kind: 'started', label: `execution of change set ${changeSet.name}` };
  return handleOutcome(context, result, { recovery, settings, canRedeploy: !rollbackRequired });
};
