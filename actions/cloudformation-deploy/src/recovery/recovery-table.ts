import { getStatusInfo, type OperationStatus, type StackState, type Status } from '../stack/stack-state.js';

/** Modes of the action, without their aliases. */
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

/** The next step. After `recreate`, `roll-back`, `continue-rollback` and `wait-for-idle` the stack is read again. */
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
  | 'force-delete'
  | 'detect-drift'
  | 'wait-for-idle'
  | 'attach'
  | 'no-action'
  | 'reject';

/** A step in words: `continue rollback`. */
export const formatStep = (step: Step): string => step.replaceAll('-', ' ');

/** Policy inputs and their values. `own` stands for an operation that an attempt of the same job started. */
export const policyValues = {
  'on-preserved': ['resume', 'rollback', 'fail'],
  'on-rollback-complete': ['recreate', 'fail'],
  'on-rollback-failed': ['continue', 'fail'],
  'on-conflict': ['wait', 'fail', 'own'],
} as const;
export type PolicyName = keyof typeof policyValues;
export type Policies = { readonly [P in PolicyName]: (typeof policyValues)[P][number] };

/** A policy, and the step for each of its values. */
interface PolicyRule {
  readonly by: PolicyName;
  readonly steps: Readonly<Record<string, Step>>;
  readonly resolve: (policies: Policies) => Step;
}

/** A step, or the policy that decides it. */
export type Rule = Step | PolicyRule;

const definePolicyRule = <P extends PolicyName>(by: P, steps: Readonly<Record<Policies[P], Step>>): PolicyRule => ({
  by,
  steps,
  resolve: (policies) => steps[policies[by]],
});

const onConflict = definePolicyRule('on-conflict', { wait: 'wait-for-idle', fail: 'reject', own: 'wait-for-idle' });
const onPreserved = definePolicyRule('on-preserved', { resume: 'resume', rollback: 'roll-back', fail: 'reject' });
const onRollbackComplete = definePolicyRule('on-rollback-complete', { recreate: 'recreate', fail: 'reject' });
const onRollbackFailed = definePolicyRule('on-rollback-failed', { continue: 'continue-rollback', fail: 'reject' });

type RecoveryRow = Readonly<Record<Mode, Rule>>;

/** The step for each stack state and mode. No step of `preview` and `create-only` changes a resource. */
export const recoveryTable: Readonly<Record<StackState, RecoveryRow>> = {
  absent: {
    deploy: 'create',
    preview: 'create',
    'create-only': 'create',
    execute: 'reject',
    retry: 'reject',
    rollback: 'reject',
    delete: 'no-action',
    drift: 'reject',
    wait: 'reject',
  },
  reviewing: {
    deploy: 'create',
    preview: 'create',
    'create-only': 'create',
    execute: 'execute',
    retry: 'reject',
    rollback: 'reject',
    delete: 'delete',
    drift: 'reject',
    wait: 'reject',
  },
  ready: {
    deploy: 'update',
    preview: 'update',
    'create-only': 'update',
    execute: 'execute',
    retry: 'no-action',
    rollback: 'no-action',
    delete: 'delete',
    drift: 'detect-drift',
    wait: 'no-action',
  },
  unusable: {
    deploy: onRollbackComplete,
    preview: 'reject',
    'create-only': 'reject',
    execute: 'reject',
    retry: 'reject',
    rollback: 'no-action',
    delete: 'delete',
    drift: 'reject',
    wait: 'no-action',
  },
  preserved: {
    deploy: onPreserved,
    preview: 'update',
    'create-only': 'update',
    execute: 'execute',
    retry: 'retry',
    rollback: 'roll-back',
    delete: 'delete',
    drift: 'reject',
    wait: 'no-action',
  },
  stuck: {
    deploy: onRollbackFailed,
    preview: 'reject',
    'create-only': 'reject',
    execute: 'reject',
    retry: 'reject',
    rollback: 'continue-rollback',
    delete: 'delete',
    drift: 'detect-drift',
    wait: 'no-action',
  },
  undeletable: {
    deploy: 'reject',
    preview: 'reject',
    'create-only': 'reject',
    execute: 'reject',
    retry: 'reject',
    rollback: 'reject',
    delete: 'force-delete',
    drift: 'reject',
    wait: 'no-action',
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

/** The next step for a stack in this status; `undefined` stands for a stack that does not exist. */
export const decideStep = (status: Status | undefined, mode: Mode, policies: Policies): Step => {
  const rule = recoveryTable[getStatusInfo(status).state][mode];
  return typeof rule === 'string' ? rule : rule.resolve(policies);
};

/** Results of the last operation that count as success when a mode has nothing to do. */
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
