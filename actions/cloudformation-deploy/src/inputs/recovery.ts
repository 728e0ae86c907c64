import { boolean, choice, duration, integer, list } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Failure handling';

export const recoveryInputs = {
  'on-failure': choice(
    'rollback',
    'preserve',
    'delete',
  )({
    group,
    default: 'rollback',
    help: '`rollback` rolls back to the last stable state. `preserve` keeps resources that were provisioned successfully, so that a later deploy or `mode: retry` can resume from there. `delete` deletes a stack whose creation failed; a failed update is rolled back.',
    aliases: { 'disable-rollback': { true: 'preserve' } },
  }),
  'retry-attempts': integer({ min: 0, max: 10 })({
    group,
    default: 0,
    help: 'Maximum number of retries from the point of failure. The action retries only if all root causes are transient. `on-failure` applies when no retry is left or possible.',
  }),
  'retry-pause': duration({
    group,
    default: 15,
    help: 'Delay before the first retry. It doubles with each further retry, up to 5m. If permissions have not propagated yet, it starts at 30s or more.',
  }),
  'on-preserved': choice(
    'resume',
    'rollback',
    'fail',
  )({
    group,
    default: 'resume',
    help: 'What to do if the stack is in CREATE_FAILED or UPDATE_FAILED: `resume` from the point of failure, `rollback` and then deploy, or `fail`.',
  }),
  'on-rollback-complete': choice(
    'recreate',
    'fail',
  )({
    group,
    default: 'recreate',
    help: 'What to do if the creation of the stack was rolled back, after which it can only be deleted. `recreate` deletes and recreates the stack unless it has termination protection; `fail` fails the step.',
  }),
  'on-rollback-failed': choice(
    'continue',
    'fail',
  )({
    group,
    default: 'continue',
    help: 'What to do if the stack is in UPDATE_ROLLBACK_FAILED: `continue` the rollback and then deploy, or `fail`.',
  }),
  'resources-to-skip': list({
    group,
    default: [],
    help: 'Resources to skip when the rollback of an update is continued. For nested stacks, use `Nested.LogicalId`.',
  }),
  'force-rollback': boolean({
    group,
    default: false,
    help: 'Skip all resources that fail when the rollback of an update is continued. Cannot be combined with `resources-to-skip`.',
  }),
  'on-conflict': choice(
    'wait',
    'fail',
    'stop',
  )({
    group,
    default: 'wait',
    help: 'What to do if another operation is in progress on the stack: `wait` until it ends, or `fail`. On a stack set, `stop` stops the other operation. The action always waits for an operation that an earlier attempt of the same job started.',
  }),
  'conflict-timeout': duration({
    group,
    default: 3600,
    help: 'Maximum time to wait for the other operation.',
  }),
  'retain-resources': list({
    group,
    default: [],
    help: 'Resources to retain when `mode: delete` deletes a stack in DELETE_FAILED.',
  }),
  'force-delete': boolean({
    group,
    default: false,
    help: 'In `mode: delete`, force the deletion of a stack in DELETE_FAILED. Resources that cannot be deleted are retained.',
  }),
} as const;
