import type { StackStatus as Status } from '@aws-sdk/client-cloudformation';

export type { Status };

/** What a status means for what can be done next (CloudFormation's 23 statuses fold into these). */
export type StackState = 'absent' | 'reviewing' | 'ready' | 'unusable' | 'preserved' | 'stuck' | 'undeletable' | 'busy';

/** What a status says about the operation that led to it. */
export type OperationStatus = 'running' | 'succeeded' | 'rolled-back' | 'failed' | 'deleted' | 'none';

/** How an operation under way can be stopped: cancelled, by deleting the stack, or not at all. */
export type StopMethod = 'cancel' | 'delete' | 'no';

export interface StackStatusInfo {
  readonly state: StackState;
  readonly operationStatus: OperationStatus;
  readonly stopMethod: StopMethod;
  /** Has the stack never been complete? */
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

/** The only place that knows CloudFormation's status names (what is legal next: aws-facts §1.2). */
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

/** A stack that is not there at all. */
export const absentStatusInfo: StackStatusInfo = defineStatus('absent', 'none');

export const getStatusInfo = (status: Status | undefined): StackStatusInfo =>
  status === undefined ? absentStatusInfo : stackStatusInfo[status];

/** What a stack is in while it exists only for a change set. */
export const reviewStatus: Status = 'REVIEW_IN_PROGRESS';

/** What a stack that can no longer be found under its ARN has come to. */
export const deletedStatus: Status = 'DELETE_COMPLETE';

/** Has an operation ended in this status? */
export const isTerminal = (status: Status): boolean =>
  !['running', 'none'].includes(stackStatusInfo[status].operationStatus);

export const modes = [
  'deploy',
  'preview',
  'create-only',
  'execute',
  'retry',
  'rollback',
  'delete',
  'drift',
  'wait',
] as const;
export type Mode = (typeof modes)[number];

/** What is done next. After `recreate`, `roll-back`, `continue-rollback` and `wait-for-idle` one looks again. */
export type Step =
  | 'create'
  | 'update'
  | 'resume'
  | 'recreate'
  | 'execute'
  | 'retry'
  | 'roll-back'
  | 'continue-rollback'
  | 'delete'
  | 'delete-forcibly'
  | 'detect-drift'
  | 'wait-for-idle'
  | 'attach'
  | 'finish'
  | 'refuse';

/** What the user decides beforehand. `own` stands for an operation that an attempt of this very job started. */
export const policyValues = {
  'on-preserved': ['resume', 'rollback', 'fail'],
  'on-rollback-complete': ['recreate', 'fail'],
  'on-rollback-failed': ['continue', 'fail'],
  'on-conflict': ['wait', 'fail', 'own'],
} as const;
export type PolicyName = keyof typeof policyValues;
export type Policies = { readonly [P in PolicyName]: (typeof policyValues)[P][number] };

/** A step, or the policy that decides it. */
export type Rule =
  | Step
  | { [P in PolicyName]: { readonly by: P; readonly steps: Readonly<Record<Policies[P], Step>> } }[PolicyName];

const onConflict: Rule = {
  by: 'on-conflict',
  steps: { wait: 'wait-for-idle', fail: 'refuse', own: 'wait-for-idle' },
};
const onPreserved: Rule = { by: 'on-preserved', steps: { resume: 'resume', rollback: 'roll-back', fail: 'refuse' } };
const onRollbackComplete: Rule = { by: 'on-rollback-complete', steps: { recreate: 'recreate', fail: 'refuse' } };
const onRollbackFailed: Rule = { by: 'on-rollback-failed', steps: { continue: 'continue-rollback', fail: 'refuse' } };

type RecoveryRow = Readonly<Record<Mode, Rule>>;

/** What each mode does in each situation. The columns `preview` and `create-only` hold no step that changes a resource. */
export const recoveryTable: Readonly<Record<StackState, RecoveryRow>> = {
  absent: {
    deploy: 'create',
    preview: 'create',
    'create-only': 'create',
    execute: 'refuse',
    retry: 'refuse',
    rollback: 'refuse',
    delete: 'finish',
    drift: 'refuse',
    wait: 'refuse',
  },
  reviewing: {
    deploy: 'create',
    preview: 'create',
    'create-only': 'create',
    execute: 'execute',
    retry: 'refuse',
    rollback: 'refuse',
    delete: 'delete',
    drift: 'refuse',
    wait: 'refuse',
  },
  ready: {
    deploy: 'update',
    preview: 'update',
    'create-only': 'update',
    execute: 'execute',
    retry: 'finish',
    rollback: 'finish',
    delete: 'delete',
    drift: 'detect-drift',
    wait: 'finish',
  },
  unusable: {
    deploy: onRollbackComplete,
    preview: 'refuse',
    'create-only': 'refuse',
    execute: 'refuse',
    retry: 'refuse',
    rollback: 'finish',
    delete: 'delete',
    drift: 'refuse',
    wait: 'finish',
  },
  preserved: {
    deploy: onPreserved,
    preview: 'update',
    'create-only': 'update',
    execute: 'execute',
    retry: 'retry',
    rollback: 'roll-back',
    delete: 'delete',
    drift: 'refuse',
    wait: 'finish',
  },
  stuck: {
    deploy: onRollbackFailed,
    preview: 'refuse',
    'create-only': 'refuse',
    execute: 'refuse',
    retry: 'refuse',
    rollback: 'continue-rollback',
    delete: 'delete',
    drift: 'detect-drift',
    wait: 'finish',
  },
  undeletable: {
    deploy: 'refuse',
    preview: 'refuse',
    'create-only': 'refuse',
    execute: 'refuse',
    retry: 'refuse',
    rollback: 'refuse',
    delete: 'delete-forcibly',
    drift: 'refuse',
    wait: 'finish',
  },
  busy: {
    deploy: onConflict,
    preview: onConflict,
    'create-only': onConflict,
    execute: onConflict,
    retry: onConflict,
    rollback: onConflict,
    delete: onConflict,
    drift: onConflict,
    wait: 'attach',
  },
};

export const resolveStep = (rule: Rule, policies: Policies): Step => {
  if (typeof rule === 'string') return rule;
  switch (rule.by) {
    case 'on-preserved':
      return rule.steps[policies[rule.by]];
    case 'on-rollback-complete':
      return rule.steps[policies[rule.by]];
    case 'on-rollback-failed':
      return rule.steps[policies[rule.by]];
    case 'on-conflict':
      return rule.steps[policies[rule.by]];
  }
};

/** The next step for a stack in this status (undefined: no such stack). */
export const decideStep = (status: Status | undefined, mode: Mode, policies: Policies): Step =>
  resolveStep(recoveryTable[getStatusInfo(status).state][mode], policies);

/** What kind of operation a running status stands for when it is the operation's first. */
export const getOperationKind = (status: Status): OperationKind => {
  if (status === 'DELETE_IN_PROGRESS') return 'delete';
  return status.includes('ROLLBACK') ? 'rollback' : 'change';
};

/** The ends that count as success when there is nothing left to do. */
export const successStatusesByMode: Readonly<Record<Mode, readonly OperationStatus[]>> = {
  deploy: ['succeeded'],
  preview: ['succeeded'],
  'create-only': ['succeeded'],
  execute: ['succeeded'],
  retry: ['succeeded'],
  rollback: ['rolled-back', 'deleted'],
  delete: ['deleted', 'none'],
  drift: ['succeeded', 'rolled-back'],
  wait: ['succeeded'],
};

/** What an operation of this kind must end in to have succeeded. */
export type OperationKind = 'change' | 'rollback' | 'delete';
export const successStatusesByKind: Readonly<Record<OperationKind, readonly OperationStatus[]>> = {
  change: ['succeeded'],
  rollback: ['rolled-back', 'deleted'],
  delete: ['deleted'],
};
