import type { Document } from '../../call.js';
import type { Entry } from '../../timeline.js';
import type { ChangeSet } from './change-set.js';
import type { Operation, Stack, StackEvent } from './stack.js';

/** Events of a stack by `at`, newest first, as DescribeStackEvents shows them. */
export const describeEvents = (stack: Stack, at: number): readonly Document[] =>
  [...stack.events.until(at)].reverse().map((entry) => plain(stack, entry));

const plain = ({ identity }: Stack, { at, fact: { id, operation, members } }: Entry<StackEvent>): Document => ({
  ...members,
  StackId: identity.id,
  StackName: identity.name,
  EventId: id,
  Timestamp: new Date(at),
  OperationId: operation.id,
  ClientRequestToken: operation.token,
});

/** How an operation stands by `at`: its stack's last row under it tells. To roll back is what some were asked for. */
const progressOf = (stack: Stack, { id, type }: Operation, at: number): string => {
  const rows = stack.events.until(at).filter(({ fact }) => fact.operation.id === id);
  const last = rows.findLast(({ fact }) => fact.members['PhysicalResourceId'] === stack.identity.id);
  const status = String(last?.fact.members['ResourceStatus']);
  if (status.endsWith('_IN_PROGRESS')) return 'IN_PROGRESS';
  const isRolledBack = status.endsWith('ROLLBACK_COMPLETE') && !type.endsWith('ROLLBACK');
  return isRolledBack || status.endsWith('_FAILED') ? 'FAILED' : 'SUCCEEDED';
};

const operationEvent = (stack: Stack, entry: Entry<StackEvent>, at: number): Document => {
  const { operation, members } = entry.fact;
  const isStack = members['PhysicalResourceId'] === stack.identity.id;
  const type =
    members['HookType'] === undefined ? (isStack ? 'STACK_EVENT' : 'PROGRESS_EVENT') : 'HOOK_INVOCATION_ERROR';
  const isError = !isStack && String(members['ResourceStatus']).endsWith('_FAILED');
  return {
    ...plain(stack, entry),
    OperationType: operation.type,
    OperationStatus: isStack ? progressOf(stack, operation, at) : undefined,
    EventType: isError ? 'PROVISIONING_ERROR' : type,
  };
};

/** Rows that say why something failed. */
export const isFailure = ({ EventType: type, HookStatus: hook }: Document): boolean =>
  type === 'VALIDATION_ERROR' || type === 'PROVISIONING_ERROR' || hook === 'HOOK_COMPLETE_FAILED';

/** Events as DescribeEvents shows them, newest first; of one operation where its id is given. */
export const operationEvents = (stack: Stack, at: number, operationId?: string): readonly Document[] =>
  [...stack.events.until(at)]
    .filter(({ fact }) => operationId === undefined || fact.operation.id === operationId)
    .reverse()
    .map((entry) => operationEvent(stack, entry, at));

/** What early validation found for a change set; aws-facts §1.4. */
export const changeSetEvents = ({ stack, findings, createdAt, order }: ChangeSet): readonly Document[] =>
  findings.map(({ logicalId, type, name, reason, path }, index) => ({
    EventId: `${order.operation.id}-${index}`,
    StackId: stack.identity.id,
    OperationId: order.operation.id,
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
