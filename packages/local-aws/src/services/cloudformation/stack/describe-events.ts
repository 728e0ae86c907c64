import type { Document } from '../../../api-call.js';
import type { TimelineEntry } from '../../../time/timeline.js';
import type { ChangeSet } from '../change-set/change-set.js';
import type { OperationEntry, Stack, StackEvent } from './stack.js';

/** Events of a stack up to `at` in the format of DescribeStackEvents, newest first. */
export const describeEvents = (stack: Stack, at: number): readonly Document[] =>
  [...stack.events.listUntil(at)].reverse().map((entry) => describeEvent(stack, entry));

const describeEvent = (
  { identity }: Stack,
  { at, value: { id, operation, members } }: TimelineEntry<StackEvent>,
): Document => ({
  ...members,
  StackId: identity.id,
  StackName: identity.name,
  EventId: id,
  Timestamp: new Date(at),
  OperationId: operation.id,
  ClientRequestToken: operation.token,
});

/**
 * Status of an operation at `at`, from its last stack event. A rollback is a success only for operations that roll
 * back.
 */
const getOperationStatus = (stack: Stack, { id, type }: OperationEntry, at: number): string => {
  const rows = stack.events.listUntil(at).filter(({ value: snapshot }) => snapshot.operation.id === id);
  const last = rows.findLast(({ value: snapshot }) => snapshot.members['PhysicalResourceId'] === stack.identity.id);
  const status = String(last?.value.members['ResourceStatus']);
  if (status.endsWith('_IN_PROGRESS')) return 'IN_PROGRESS';
  const isRolledBack = status.endsWith('ROLLBACK_COMPLETE') && !type.endsWith('ROLLBACK');
  return isRolledBack || status.endsWith('_FAILED') ? 'FAILED' : 'SUCCEEDED';
};

const describeOperationEvent = (stack: Stack, entry: TimelineEntry<StackEvent>, at: number): Document => {
  const { operation, members } = entry.value;
  const isStack = members['PhysicalResourceId'] === stack.identity.id;
  const type =
    members['HookType'] === undefined ? (isStack ? 'STACK_EVENT' : 'PROGRESS_EVENT') : 'HOOK_INVOCATION_ERROR';
  const isError = !isStack && String(members['ResourceStatus']).endsWith('_FAILED');
  return {
    ...describeEvent(stack, entry),
    OperationType: operation.type,
    OperationStatus: isStack ? getOperationStatus(stack, operation, at) : undefined,
    EventType: isError ? 'PROVISIONING_ERROR' : type,
  };
};

/** Whether an event explains a failure. */
export const isFailure = ({ EventType: type, HookStatus: hook }: Document): boolean =>
  type === 'VALIDATION_ERROR' || type === 'PROVISIONING_ERROR' || hook === 'HOOK_COMPLETE_FAILED';

/** Events in the format of DescribeEvents, newest first; only those of one operation if its id is given. */
export const listOperationEvents = (stack: Stack, at: number, operationId?: string): readonly Document[] =>
  [...stack.events.listUntil(at)]
    .filter(({ value: snapshot }) => operationId === undefined || snapshot.operation.id === operationId)
    .reverse()
    .map((entry) => describeOperationEvent(stack, entry, at));

/** Findings of early validation for a change set as events (docs/aws-facts.md §1.4). */
export const listChangeSetEvents = ({ stack, findings, createdAt, deployment }: ChangeSet): readonly Document[] =>
  findings.map(({ logicalId, type, name, reason, path }, index) => ({
    EventId: `${deployment.operation.id}-${index}`,
    StackId: stack.identity.id,
    OperationId: deployment.operation.id,
    OperationType: 'CREATE_CHANGESET',
    OperationStatus: 'FAILED',
    EventType: 'VALIDATION_ERROR',
    LogicalResourceId: logicalId,
    PhysicalResourceId: '',
    ResourceType: type,
    Timestamp: new Date(createdAt),
    ValidationFailureMode: 'FAIL',
    ValidationName: name,
    ValidationStatus: 'FAILED',
    ValidationStatusReason: reason,
    ValidationPath: path === undefined ? undefined : `/Resources/${logicalId}/Properties/${path.replaceAll('.', '/')}`,
  }));
