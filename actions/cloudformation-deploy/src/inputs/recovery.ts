import { boolean, choice, duration, integer, list } from '@aws-delivery/action-kit/inputs/definition';

const group = 'When it fails';

export const recoveryInputs = {
  'on-failure': choice(
    'rollback',
    'preserve',
    'delete',
  )({
    group,
    default: 'rollback',
    help: '`rollback` goes back to the last stable state; `preserve` keeps what succeeded, so that a later deploy or `mode: retry` goes on from there; `delete` deletes a stack that could not be created (an update is rolled back).',
    aliases: { 'disable-rollback': { true: 'preserve' } },
  }),
  'retry-attempts': integer({ min: 0, max: 10 })({
    group,
    default: 0,
    help: 'How often to retry from the point of failure when all root causes are of the kind that passes. Then `on-failure` applies.',
  }),
  'retry-pause': duration({
    group,
    default: 15,
    help: 'Pause before the first retry; the following ones are twice as long each, at least 30s for permissions that are still spreading, at most 5m.',
  }),
  'on-preserved': choice(
    'resume',
    'rollback',
    'fail',
  )({
    group,
    default: 'resume',
    help: 'A stack in CREATE_FAILED or UPDATE_FAILED: go on from where it stopped, roll it back first, or fail.',
  }),
  'on-rollback-complete': choice(
    'recreate',
    'fail',
  )({
    group,
    default: 'recreate',
    help: 'A stack whose creation was rolled back can only be deleted: delete and create it anew, or fail. Termination protection is respected.',
  }),
  'on-rollback-failed': choice(
    'continue',
    'fail',
  )({
    group,
    default: 'continue',
    help: 'A stack in UPDATE_ROLLBACK_FAILED: continue its rollback, then go on; or fail.',
  }),
  'resources-to-skip': list({
    group,
    default: [],
    help: 'Resources that a continued rollback leaves as they are (`Nested.LogicalId` in nested stacks).',
  }),
  'force-rollback': boolean({
    group,
    default: false,
    help: 'Let a continued rollback skip whatever fails. Excludes `resources-to-skip`.',
  }),
  'on-conflict': choice(
    'wait',
    'fail',
  )({
    group,
    default: 'wait',
    help: 'Another operation is running on the stack: wait for its end, or fail. One that an earlier attempt of this job started is always followed.',
  }),
  'conflict-timeout': duration({
    group,
    default: 3600,
    help: 'How long to wait for that other operation.',
  }),
  'retain-resources': list({
    group,
    default: [],
    help: 'In `mode: delete` on a stack in DELETE_FAILED: resources to leave behind.',
  }),
  'force-delete': boolean({
    group,
    default: false,
    help: 'In `mode: delete` on a stack in DELETE_FAILED: delete it and leave behind whatever cannot be deleted.',
  }),
} as const;
