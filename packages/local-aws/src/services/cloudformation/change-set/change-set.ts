import type { Document } from '../../../api-call.js';
import type { Timeline } from '../../../time/timeline.js';
import type { StackDeployment } from '../operation/engine.js';
import type { Inputs } from '../operation-inputs.js';
import type { ValidationFinding } from '../resource/resource-rules.js';
import type { Stack } from '../stack/stack.js';
import type { ResourceChange } from './stack-comparison.js';

export interface ChangeSetSnapshot {
  readonly status: string;
  readonly execution: string;
  readonly reason?: string | undefined;
}

/** A change set: its input, the deployment it would execute and the resulting changes. */
export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly stack: Stack;
  readonly createdAt: number;
  readonly input: Inputs['CreateChangeSet'];
  /** The deployment that executing it starts. */
  readonly deployment: StackDeployment;
  readonly changes: readonly ResourceChange[];
  readonly findings: readonly ValidationFinding[];
  /** Change sets of nested stacks, by logical id. */
  readonly nested: ReadonlyMap<string, ChangeSet>;
  readonly parentId: string | undefined;
  readonly rootId: string | undefined;
  readonly snapshots: Timeline<ChangeSetSnapshot>;
}

const NO_CHANGES_REASON =
  "The submitted information didn't contain changes. Submit different information to create a change set.";
const NO_CHANGES_AFTER_TRANSFORM_REASON = 'No updates are to be performed.';

/** Why the creation of a change set fails; undefined if it succeeds (docs/aws-facts.md §1.4, §1.5). */
export const findFailureReason = (
  isEmpty: boolean,
  transforms: readonly string[],
  findings: readonly ValidationFinding[],
): string | undefined => {
  if (findings.length > 0) {
    const names = [...new Set(findings.map(({ name }) => `AWS::EarlyValidation::${name}`))].join(', ');
    return `The following hook(s)/validation failed: [${names}]. To troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information.`;
  }
  if (!isEmpty) return undefined;
  return transforms.length > 0 ? NO_CHANGES_AFTER_TRANSFORM_REASON : NO_CHANGES_REASON;
};

/** Members of a change set that all responses share. */
export const summarizeChangeSet = (
  { id, name, stack, createdAt, input, parentId, rootId }: ChangeSet,
  snapshot: ChangeSetSnapshot,
): Document => ({
  ChangeSetId: id,
  ChangeSetName: name,
  StackId: stack.identity.id,
  StackName: stack.identity.name,
  Status: snapshot.status,
  ExecutionStatus: snapshot.execution,
  StatusReason: snapshot.reason,
  CreationTime: new Date(createdAt),
  Description: input.Description,
  IncludeNestedStacks: input.IncludeNestedStacks,
  ParentChangeSetId: parentId,
  RootChangeSetId: rootId,
});

const SUCCESS_STATUSES = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE']);

/** Whether an operation has started on the stack since; its older change sets are then obsolete. */
const hasStackChanged = (stack: Stack, since: number, at: number): boolean =>
  stack.snapshots
    .listUntil(at)
    .some((entry) => entry.at > since && /(CREATE|UPDATE|ROLLBACK)_IN_PROGRESS$/.test(entry.value.status));

/**
 * State of a change set at `at`; undefined before its creation and after its deletion. The result of its execution
 * comes from its stack.
 */
export const getChangeSetSnapshot = (
  { snapshots, stack, createdAt }: ChangeSet,
  at: number,
): ChangeSetSnapshot | undefined => {
  const entry = snapshots.findLatest(at);
  // Deleting a stack deletes its change sets.
  const isDeleted = [entry?.value.status, stack.getSnapshot(at)?.status].includes('DELETE_COMPLETE');
  if (entry === undefined || isDeleted) return undefined;
  const isObsolete = entry.value.execution === 'AVAILABLE' && hasStackChanged(stack, createdAt, at);
  if (isObsolete) return { ...entry.value, execution: 'OBSOLETE' };
  if (entry.value.execution !== 'EXECUTE_IN_PROGRESS') return entry.value;
  const end = stack.snapshots
    .listUntil(at)
    .find((later) => later.at >= entry.at && !later.value.status.endsWith('_IN_PROGRESS'));
  if (end === undefined) return entry.value;
  return { ...entry.value, execution: SUCCESS_STATUSES.has(end.value.status) ? 'EXECUTE_COMPLETE' : 'EXECUTE_FAILED' };
};
