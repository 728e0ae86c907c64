import { TemplateError } from '@aws-delivery/template/error';
import { ResourceCreation } from '../resource/create-resources.js';
import { ResourceDeletion } from '../resource/delete-resources.js';
import type { ResourceVersion, StableState } from '../stack/stack.js';
import type { StackOutput } from '../template/resolved-template.js';
import { Rollback } from './rollback.js';
import {
  type Alarm,
  type DeploymentKind,
  describeFailures,
  type OperationOutcome,
  type RollbackOptions,
  type StackOperation,
} from './stack-operation.js';

export const DEFAULT_ROLLBACK_OPTIONS: RollbackOptions = { skip: new Set(), force: false, retainExceptOnCreate: false };

const evaluateOutputs = ({ eventLog: { stack } }: StackOperation): readonly StackOutput[] | string => {
  const versions = stack.getFinalVersions();
  try {
    return stack.getFinalSnapshot().deployed.resolvedTemplate.evaluateOutputs((logicalId) => versions.get(logicalId));
  } catch (error) {
    if (error instanceof TemplateError) return error.message;
    throw error;
  }
};

/** Plans resources and outputs. Does not plan the final status of the stack. */
export const planDeployment = (stackOperation: StackOperation, startAt: number, alarm?: Alarm): OperationOutcome => {
  const outcome = new ResourceCreation(stackOperation).plan(startAt, alarm);
  if (describeFailures(outcome) !== undefined) return outcome;
  const outputs = evaluateOutputs(stackOperation);
  if (typeof outputs === 'string') return { ...outcome, cause: outputs };
  const { deployed } = stackOperation.eventLog.stack.getFinalSnapshot();
  stackOperation.eventLog.updateStack(outcome.end, {
    deployed: { ...deployed, outputs, imports: [...deployed.resolvedTemplate.imports] },
  });
  return outcome;
};

/** Resources to delete after an update: removed from the template, or replaced. */
const findObsoleteResources = ({ eventLog: { stack } }: StackOperation) => {
  const { stable, deployed } = stack.getFinalSnapshot();
  const isDeclared = ({ resource }: ResourceVersion) => deployed.resolvedTemplate.resources.has(resource.logicalId);
  const versions = stack.getFinalVersions();
  const replaced = [...(stable?.resources.values() ?? [])].filter((previous) => {
    const current = versions.get(previous.resource.logicalId);
    return isDeclared(previous) && current !== undefined && current.physicalId !== previous.physicalId;
  });
  return { replaced, removed: [...versions.values()].filter((version) => !isDeclared(version)) };
};

/** Marks resources that could not be deleted as DELETE_SKIPPED: a failed cleanup does not fail the update. */
const skipFailedDeletions = ({ eventLog }: StackOperation, { end, failures }: OperationOutcome): number => {
  for (const { logicalId } of failures) {
    const snapshot = eventLog.stack.getFinalResource(logicalId);
    if (snapshot !== undefined) eventLog.updateResource(end, { ...snapshot, status: 'DELETE_SKIPPED' });
  }
  return end;
};

/** Plans cleanup and final status of a successful deployment, and records the state that later rollbacks restore. */
export const completeDeployment = (stackOperation: StackOperation, kind: DeploymentKind, startAt: number): number => {
  const { eventLog, nestedStacks } = stackOperation;
  const { stack } = eventLog;
  if (kind === 'UPDATE' && stack.getFinalSnapshot().status !== 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS') {
    eventLog.logStackStatus(startAt, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
  }
  const { replaced, removed } = findObsoleteResources(stackOperation);
  const end = Math.max(
    startAt,
    new ResourceDeletion(stackOperation, { obeyPolicies: true, replaced: true }).plan(replaced, startAt).end,
    skipFailedDeletions(
      stackOperation,
      new ResourceDeletion(stackOperation, { obeyPolicies: true }).plan(removed, startAt),
    ),
    ...[...stack.getFinalVersions().values()].flatMap(({ nested }) =>
      nested === undefined ? [] : [nestedStacks.completeStack(nested, startAt)],
    ),
  );
  const stable = { deployed: stack.getFinalSnapshot().deployed, resources: stack.getFinalVersions() };
  // A nested stack has logged its completion before the root completes.
  if (stack.getFinalSnapshot().status === `${kind}_COMPLETE`) eventLog.updateStack(end, { stable });
  else eventLog.logStackStatus(end, `${kind}_COMPLETE`, undefined, { stable });
  return end;
};

/** Rolls back a creation: deletes all resources except retained ones. */
const planCreationRollback = (
  stackOperation: StackOperation,
  startAt: number,
  reason: string,
  options: RollbackOptions,
): OperationOutcome => {
  const { eventLog } = stackOperation;
  eventLog.logStackStatus(startAt, 'ROLLBACK_IN_PROGRESS', reason);
  const outcome = new Rollback(stackOperation, options).deleteAdded(
    undefined,
    eventLog.stack.getFinalVersions(),
    startAt,
  );
  const failure = describeFailures(outcome);
  const deployed = { ...eventLog.stack.getFinalSnapshot().deployed, outputs: [] };
  eventLog.logStackStatus(outcome.end, failure === undefined ? 'ROLLBACK_COMPLETE' : 'ROLLBACK_FAILED', failure, {
    deployed,
  });
  return outcome;
};

/** Rolls back an update to the last stable state. */
const planUpdateRollback = (
  stackOperation: StackOperation,
  startAt: number,
  reason: string,
  stable: StableState,
  options: RollbackOptions,
): OperationOutcome => {
  const { eventLog } = stackOperation;
  const { deployed } = stable;
  eventLog.logStackStatus(startAt, 'UPDATE_ROLLBACK_IN_PROGRESS', reason);
  const added = eventLog.stack.getFinalVersions();
  const rollback = new Rollback(stackOperation, options);
  const outcome = rollback.restoreStack(stable, startAt);
  const failure = describeFailures(outcome);
  if (failure !== undefined) {
    eventLog.logStackStatus(outcome.end, 'UPDATE_ROLLBACK_FAILED', failure);
    return outcome;
  }
  eventLog.logStackStatus(outcome.end, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', undefined, { deployed });
  const { end } = rollback.deleteAdded(stable, added, outcome.end);
  const resources = eventLog.stack.getFinalVersions();
  eventLog.logStackStatus(end, 'UPDATE_ROLLBACK_COMPLETE', undefined, { stable: { deployed, resources } });
  return { ...outcome, end };
};

/** Rolls back to the last stable state; deletes all resources if there was none. */
export const planRollback = (
  stackOperation: StackOperation,
  startAt: number,
  reason: string,
  options = DEFAULT_ROLLBACK_OPTIONS,
): OperationOutcome => {
  const { stable } = stackOperation.eventLog.stack.getFinalSnapshot();
  if (stable !== undefined) return planUpdateRollback(stackOperation, startAt, reason, stable, options);
  return planCreationRollback(stackOperation, startAt, reason, options);
};

/** Plans the deletion of a stack, except for resources with the logical ids in `retain`. */
export const planDeletion = (
  stackOperation: StackOperation,
  startAt: number,
  reason: string,
  retain: ReadonlySet<string> = new Set(),
): OperationOutcome => {
  const { eventLog } = stackOperation;
  eventLog.logStackStatus(startAt, 'DELETE_IN_PROGRESS', reason);
  const outcome = new ResourceDeletion(stackOperation, { obeyPolicies: true, retain }).plan(
    [...eventLog.stack.getFinalVersions().values()],
    startAt,
  );
  const failure = describeFailures(outcome);
  if (failure === undefined)
    eventLog.logStackStatus(outcome.end, 'DELETE_COMPLETE', undefined, { deletedAt: outcome.end });
  else eventLog.logStackStatus(outcome.end, 'DELETE_FAILED', failure);
  return outcome;
};
