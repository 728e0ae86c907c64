import { ExecuteChangeSetCommand } from '@aws-sdk/client-cloudformation';
import type { ExecuteRequest, RecoveryOptions } from '../inputs/request.js';
import type { OperationResult } from '../operation/follow-operation.js';
import { followToCompletion, startOperation, waitUntilVisible } from '../operation/start-operation.js';
import type { CleanupTarget } from '../post/post-state.js';
import { handleOutcome, recordResumption } from '../recovery/failure-handling.js';
import { formatForeignChangeSet } from '../recovery/rejection-messages.js';
import type { Outcome, StepResult } from '../result.js';
import type { RunContext } from '../run-context.js';
import type { Stack } from '../stack/stack.js';
import { getStatusInfo, reviewStatus } from '../stack/stack-state.js';
import type { ChangeSet } from './change-set.js';
import { checkExceptions, checkProtection, readChangeSet } from './guard.js';

/** Options of one ExecuteChangeSet call. */
export interface Execution {
  readonly changeSet: ChangeSet;
  /** Before the execution; undefined if the stack exists only for this change set. */
  readonly stack: Stack | undefined;
  readonly title: string;
  readonly disableRollback: boolean;
  /** The change set has OnStackFailure DELETE, with which DisableRollback must not be set. */
  readonly deletesOnFailure: boolean;
  readonly retainExceptOnCreate: boolean;
  /** Cleanup of a change set that this run created. */
  readonly ownChangeSet?: { readonly cleanupTarget: CleanupTarget; readonly onStartFailure: () => Promise<void> };
}

const getExpectedResourceIds = ({ changes }: ChangeSet): ReadonlySet<string> =>
  new Set(changes.map(({ path }) => path).filter((path) => !path.includes('.')));

/** Executes a change set and follows the operation to its end; with `wait: false`, only until it is visible. */
export const executeChangeSet = async (
  context: RunContext,
  execution: Execution,
): Promise<OperationResult | 'started'> => {
  const { changeSet, stack, disableRollback, retainExceptOnCreate } = execution;
  const started = await startOperation(context, {
    kind: 'change',
    title: execution.title,
    stack: { id: changeSet.stackId, touchedAt: stack?.touchedAt ?? 0, status: stack?.status ?? reviewStatus },
    changeSet,
    expectedResourceIds: getExpectedResourceIds(changeSet),
    ...execution.ownChangeSet,
    // DisableRollback is always set, since its documented default is true (docs/aws-facts.md §1.3).
    start: (ClientRequestToken) =>
      context.cloudFormation.send(
        new ExecuteChangeSetCommand({
          ChangeSetName: changeSet.id,
          // IAM evaluates the call for the stack: the name lets intermediaries authorize it without parsing the ARN.
          StackName: changeSet.stackId,
          ClientRequestToken,
          ...(execution.deletesOnFailure ? {} : { DisableRollback: disableRollback }),
          ...(retainExceptOnCreate ? { RetainExceptOnCreate: true } : {}),
        }),
      ),
  });
  if (context.request.wait) return followToCompletion(context, started);
  await waitUntilVisible(context, started);
  return 'started';
};

/**
 * Outcome of an empty change set. It is a success only for a stack in a complete state: one that stopped at a failure,
 * or was never created, is not in the requested state although CloudFormation has nothing to change.
 */
export const createNoChangesOutcome = (stack: Stack | undefined, failOnEmpty: boolean): Outcome => {
  if (getStatusInfo(stack?.status).state === 'ready') return { kind: 'unchanged', isFailure: failOnEmpty };
  const stackDescription =
    stack === undefined ? 'the stack does not exist' : `stack ${stack.name} is in ${stack.status}`;
  const hint = 'change the template or a parameter, or check the conditions of the template';
  return { kind: 'rejected', reason: `the change set is empty, but ${stackDescription}: ${hint}` };
};

/** A failed creation that this action deletes must not be rolled back by CloudFormation first. */
const shouldPreserveFailure = (
  { onFailure, retryAttempts }: RecoveryOptions,
  changeSet: ChangeSet,
  { status }: Stack,
): boolean =>
  onFailure === 'preserve' ||
  retryAttempts > 0 ||
  (onFailure === 'delete' && getStatusInfo(status).isCreation && !changeSet.deletesOnFailure);

/** Executes a change set that an earlier run created. */
export const executeExistingChangeSet = async (
  context: RunContext<ExecuteRequest>,
  stack: Stack,
): Promise<StepResult> => {
  const { request, changeSets, record } = context;
  const reference = { id: request.changeSetId, stackName: stack.name };
  const options = { protection: request.protection, changeSet: { showValues: request.showValues } };
  const changeSet = await readChangeSet(options, (includeValues) => changeSets.load(reference, includeValues));
  record.changeSet = changeSet;
  // With an ARN, DescribeChangeSet ignores the stack name.
  if (changeSet.stackId !== stack.id) return { kind: 'rejected', reason: formatForeignChangeSet(changeSet, stack) };
  if (changeSet.state === 'empty') return createNoChangesOutcome(stack, request.failOnEmpty);
  if (changeSet.state === 'failed') return { kind: 'change-set-failed', reason: changeSet.reason, findings: [] };
  const unusedException = checkExceptions(request.protection, changeSet, record);
  const rejection = checkProtection(request.protection, changeSet) ?? unusedException;
  if (rejection !== undefined) return rejection;
  const { recovery, settings, retainExceptOnCreate } = request;
  const isResuming = getStatusInfo(stack.status).state === 'preserved';
  if (isResuming) await recordResumption(context, stack);
  const hasReplacement = changeSet.changes.some(({ impact }) => impact === 'replaced');
  const result = await executeChangeSet(context, {
    changeSet,
    stack,
    title: 'change set execution',
    disableRollback: isResuming || (shouldPreserveFailure(recovery, changeSet, stack) && !hasReplacement),
    deletesOnFailure: changeSet.deletesOnFailure,
    retainExceptOnCreate,
  });
  if (result === 'started') return { kind: 'started', label: `execution of change set ${changeSet.name}` };
  return handleOutcome(context, result, { recovery, settings, canRedeploy: false });
};
