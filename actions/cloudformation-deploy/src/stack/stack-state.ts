import type { StackStatus as Status } from '@aws-sdk/client-cloudformation';

export type { Status };

/** State of a stack with regard to the next operation. CloudFormation's 23 statuses map to these. */
export type StackState = 'absent' | 'reviewing' | 'ready' | 'unusable' | 'preserved' | 'stuck' | 'undeletable' | 'busy';

/** Result of the operation that led to a status. */
export type OperationStatus = 'running' | 'succeeded' | 'rolled-back' | 'failed' | 'deleted' | 'none';

/** How a running operation can be stopped: by cancelling it, by deleting the stack, or not at all. */
export type StopMethod = 'cancel' | 'delete' | 'no';

export interface StackStatusInfo {
  readonly state: StackState;
  readonly operationStatus: OperationStatus;
  readonly stopMethod: StopMethod;
  /** Whether the stack has never completed its creation. */
  readonly isCreation: boolean;
}

const defineStatus = (
  state: StackState,
  operationStatus: OperationStatus,
  stopMethod: StopMethod = 'no',
): StackStatusInfo => ({
  state,
  operationStatus,
  stopMethod,
  isCreation: false,
});
const defineCreationStatus = (
  state: StackState,
  operationStatus: OperationStatus,
  stopMethod: StopMethod = 'no',
): StackStatusInfo => ({
  ...defineStatus(state, operationStatus, stopMethod),
  isCreation: true,
});

/** CloudFormation's status names; no other module knows them. Legal operations by status: docs/aws-facts.md §1.2. */
export const stackStatusInfo: Readonly<Record<Status, StackStatusInfo>> = {
  REVIEW_IN_PROGRESS: defineCreationStatus('reviewing', 'none'),
  CREATE_IN_PROGRESS: defineCreationStatus('busy', 'running', 'delete'),
  CREATE_COMPLETE: defineStatus('ready', 'succeeded'),
  CREATE_FAILED: defineCreationStatus('preserved', 'failed'),
  ROLLBACK_IN_PROGRESS: defineCreationStatus('busy', 'running'),
  ROLLBACK_COMPLETE: defineCreationStatus('unusable', 'rolled-back'),
  ROLLBACK_FAILED: defineCreationStatus('unusable', 'failed'),
  UPDATE_IN_PROGRESS: defineStatus('busy', 'running', 'cancel'),
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: defineStatus('busy', 'running'),
  UPDATE_COMPLETE: defineStatus('ready', 'succeeded'),
  UPDATE_FAILED: defineStatus('preserved', 'failed'),
  UPDATE_ROLLBACK_IN_PROGRESS: defineStatus('busy', 'running'),
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: defineStatus('busy', 'running'),
  UPDATE_ROLLBACK_COMPLETE: defineStatus('ready', 'rolled-back'),
  UPDATE_ROLLBACK_FAILED: defineStatus('stuck', 'failed'),
  IMPORT_IN_PROGRESS: defineStatus('busy', 'running'),
  IMPORT_COMPLETE: defineStatus('ready', 'succeeded'),
  IMPORT_ROLLBACK_IN_PROGRESS: defineStatus('busy', 'running'),
  IMPORT_ROLLBACK_COMPLETE: defineStatus('ready', 'rolled-back'),
  IMPORT_ROLLBACK_FAILED: defineStatus('stuck', 'failed'),
  DELETE_IN_PROGRESS: defineStatus('busy', 'running'),
  DELETE_COMPLETE: defineStatus('absent', 'deleted'),
  DELETE_FAILED: defineStatus('undeletable', 'failed'),
};

export const isStatus = (value: string | undefined): value is Status =>
  value !== undefined && Object.hasOwn(stackStatusInfo, value);

const absentStatusInfo: StackStatusInfo = defineStatus('absent', 'none');

/** Information about a status; `undefined` stands for a stack that does not exist. */
export const getStatusInfo = (status: Status | undefined): StackStatusInfo =>
  status === undefined ? absentStatusInfo : stackStatusInfo[status];

/** Status of a stack that exists only for change sets under review. */
export const reviewStatus: Status = 'REVIEW_IN_PROGRESS';

/** Status of a stack that is not found under its ARN any more. */
export const deletedStatus: Status = 'DELETE_COMPLETE';

/** Whether an operation has ended in this status. */
export const isTerminal = (status: Status): boolean =>
  !['running', 'none'].includes(stackStatusInfo[status].operationStatus);

/** The kind of operation that has this running status as its first. */
export const getOperationKind = (status: Status): OperationKind => {
  if (status === 'DELETE_IN_PROGRESS') return 'delete';
  return status.includes('ROLLBACK') ? 'rollback' : 'change';
};

export type OperationKind = 'change' | 'rollback' | 'delete';

/** Results that count as success, by kind of operation. */
export const successStatusesByKind: Readonly<Record<OperationKind, readonly OperationStatus[]>> = {
  change: ['succeeded'],
  rollback: ['rolled-back', 'deleted'],
  delete: ['deleted'],
};
