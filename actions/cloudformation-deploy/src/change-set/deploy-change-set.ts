import type { RunContext } from '../context.js';
import type { DeployRequest, PreviewRequest, RecoveryOptions } from '../inputs/request.js';
import type { CleanupTarget } from '../post/post-state.js';
import { handleOutcome, recordResumption, retryPreservedFailure } from '../recovery/failure-handling.js';
import { rollBack } from '../recovery/recovery-operations.js';
import type { Continue, Outcome, StepResult } from '../result.js';
import { classifyServiceError } from '../service-error.js';
import type { Stack } from '../stack/stack.js';
import { applySettings, type StackSettings } from '../stack/stack-settings.js';
import type { InvalidStackInputs, StackInputs } from '../template/input-loader.js';
import { type ChangeSet, isChangeSetGone } from './change-set.js';
import { formatChangeLines } from './change-view.js';
import { type ChangeKind, createChangeSetInput, shouldDeleteOnFailure } from './create-change-set-input.js';
import { createNoChangesOutcome, executeChangeSet } from './execute-change-set.js';
import { checkProtection } from './guard.js';
import { deleteChangeSetAndStack, findReviewedStack } from './review-stack.js';
import { fetchFindings } from './validation-findings.js';

const changeTitles: Readonly<Record<ChangeKind, string>> = {
  create: 'creation',
  update: 'update',
  resume: 'resumed update',
};

interface ChangePlan {
  readonly stack: Stack | undefined;
  readonly changeKind: ChangeKind;
  /** Roll back whatever the policies say: a replacement has been refused. */
  readonly rollbackRequired: boolean;
}

/** With what becomes of the stack when the change set is not executed. */
interface ChangeSetPlan extends ChangePlan {
  readonly isReviewOnly: boolean;
}

type ChangeContext = RunContext<DeployRequest | PreviewRequest>;

const isDeploy = (context: ChangeContext): context is RunContext<DeployRequest> => context.request.mode === 'deploy';

/** A stack policy given as an input wins over one that came with a file of parameters. */
const getSettings = ({ request: { settings }, record }: RunContext<DeployRequest>): StackSettings => ({
  ...settings,
  stackPolicy: settings.stackPolicy ?? record.stackPolicy,
});

/** EXPRESS allows no retry after a preserved failure, so that nothing is preserved for one. */
const getRecovery = ({ request: { recovery, changeSet }, record }: RunContext<DeployRequest>): RecoveryOptions => {
  if (!changeSet.isExpress || recovery.retryAttempts === 0) return recovery;
  record.notes.push('EXPRESS mode allows no retry from the point of failure: retry-attempts is not applied');
  return { ...recovery, retryAttempts: 0 };
};

/** Creates a change set and does with it what the mode asks for. */
export const deployChangeSet = async (context: ChangeContext, initialPlan: ChangePlan): Promise<StepResult> => {
  const stackInputs = await prepareStackInputs(context, initialPlan);
  if (stackInputs.kind === 'invalid') return { kind: 'invalid', issues: stackInputs.issues };
  // A deploy takes such a stack as it is: it is going to make something of it.
  const reviewedStack = await findReviewedStack(context, initialPlan.stack, !isDeploy(context));
  const plan = { ...initialPlan, ...reviewedStack };
  const changeSet = await createChangeSet(context, plan, stackInputs);
  return isStepResult(changeSet) ? changeSet : handleChangeSet(context, plan, changeSet);
};

const isStepResult = (result: ChangeSet | StepResult): result is StepResult => 'kind' in result;

const handleChangeSet = async (
  context: ChangeContext,
  plan: ChangeSetPlan,
  changeSet: ChangeSet,
): Promise<Outcome | Continue> => {
  context.record.changeSet = changeSet;
  if (plan.changeKind === 'resume') await recordResumption(context, plan.stack);
  if (changeSet.state === 'failed') return handleFailedChangeSet(context, plan, changeSet);
  if (changeSet.state === 'empty') return handleEmptyChangeSet(context, plan, changeSet);
  const rejection = checkProtection(context.request.protection, changeSet);
  if (!isDeploy(context)) {
    if (context.request.mode === 'preview') await cleanUpChangeSet(context, plan, changeSet);
    return rejection ?? { kind: 'previewed' };
  }
  if (rejection !== undefined) {
    await cleanUpChangeSet(context, plan, changeSet);
    return rejection;
  }
  return executeDeployment(context, plan, changeSet);
};

const prepareStackInputs = async (
  context: ChangeContext,
  { stack, changeKind }: ChangePlan,
): Promise<StackInputs | InvalidStackInputs> => {
  const { request, record, log } = context;
  // The parameters of a change set under review are nobody's previous values.
  const stackInputs = await context.inputLoader.load(request.stackInputs, changeKind === 'create' ? undefined : stack);
  if (stackInputs.kind === 'invalid') return stackInputs;
  for (const note of stackInputs.notes) log.info(note);
  record.templateFile = stackInputs.templateFile;
  record.template = stackInputs.template;
  record.stackPolicy = stackInputs.stackPolicy;
  return stackInputs;
};

/** Refusals that say that the stack is no longer as it was when it was looked at. */
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
    return await log.group(`change set ${input.ChangeSetName}`, async () => {
      const changeSet = await context.changeSets.create(input, request.changeSet.showValues);
      for (const line of formatChangeLines(changeSet)) log.info(line);
      return changeSet;
    });
  } catch (error) {
    if (stack !== undefined && classifyServiceError(error) === 'do-nothing') {
      return rollBackFirst(context, stack, 'a stack that was created with on-failure DO_NOTHING cannot be resumed');
    }
    // Others work on the stack too: the last preview takes a stack under review with it, an execution all change sets.
    if (!isChangeSetGone(error) && !STALE_STATE_ERRORS.includes(classifyServiceError(error) ?? '')) throw error;
    await deleteChangeSetAndStack({ ...context, token: tokens.create() }, cleanupTarget);
    return { kind: 'conflict', error };
  }
};

/** Whoever makes the first change set of a stack under review has made the stack. */
const toCleanupTarget = ({ stack, isReviewOnly }: ChangeSetPlan, { id, stackId }: ChangeSet): CleanupTarget => ({
  stack: stackId,
  changeSet: id,
  isReviewOnly: isReviewOnly || stackId !== stack?.id,
});

/** Removes the change set, and the stack too where it exists only for such. */
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
  // A preserved failure that nothing was changed about is a retry, never a success.
  if (changeKind === 'resume' && stack !== undefined) return retryPreservedFailure(context, stack);
  if (changeKind === 'update' && stack !== undefined) {
    context.record.stack = await applySettings(context.cloudFormation, stack, getSettings(context));
  }
  return createNoChangesOutcome(stack, failOnEmpty);
};

/** What is done where CloudFormation does not go on from a preserved failure. */
const rollBackFirst = async (context: ChangeContext, stack: Stack, reason: string): Promise<Outcome | Continue> => {
  const message = `${reason}: rolling back first`;
  context.record.notes.push(message);
  context.log.info(message);
  const rollbackResult = await rollBack(context, stack);
  return rollbackResult.succeeded
    ? { kind: 'continue' }
    : { kind: 'failed', operationResult: rollbackResult, stateAfterFailure: 'the rollback failed' };
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
    context.record.notes.push('the change replaces a resource: rollback stays enabled, nothing can be preserved');
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
  if (result === 'started') return { kind: 'started', label: changeSet.name };
  return handleOutcome(context, result, { recovery, settings, canRedeploy: !rollbackRequired });
};
