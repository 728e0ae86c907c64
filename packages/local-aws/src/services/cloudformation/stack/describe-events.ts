import type { Document } from '../../../api-call.js';
import type { TimelineEntry } from '../../../time/timeline.js';
import type { ChangeSet } from '../change-set/change-set.js';
import type { OperationEntry, Stack, StackEvent } from './stack.js';

/** Events of a stack by `at`, newest first, as DescribeStackEvents shows them. */
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

/** How an operation stands by `at`: its stack's last row under it tells. To roll back is what some were asked for. */
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

/** Rows that say why something failed. */
export const isFailure = ({ EventType: type, HookStatus: hook }: Document): boolean =>
  type === 'VALIDATION_ERROR' || type === 'PROVISIONING_ERROR' || hook === 'HOOK_COMPLETE_FAILED';

/** Events as DescribeEvents shows them, newest first; of one operation where its id is given. */
export const listOperationEvents = (stack: Stack, at: number, operationId?: string): readonly Document[] =>
  [...stack.events.listUntil(at)]
    .filter(({ value: snapshot }) => operationId === undefined || snapshot.operation.id === operationId)
    .reverse()
    .map((entry) => describeOperationEvent(stack, entry, at));

/** What early validation found for a change set; aws-facts §1.4. */
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
