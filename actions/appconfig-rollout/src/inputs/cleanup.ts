import { choice, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Revert and cleanup';

export const revertInputs = {
  'run-id': string({
    group,
    help: 'ID of the run whose deployments `mode: revert` reverts. Default: the latest run of this action in each environment. AppConfig can revert a deployment within 72 hours of its completion.',
  }),
} as const;

export const cleanupInputs = {
  cleanup: choice(
    'absent',
    'all',
  )({
    group,
    default: 'absent',
    help: 'What `mode: cleanup` deletes. `absent`: resources that this action created and that are no longer in the tree. `all`: all resources that this action created for the tenants of the tree.',
  }),
  confirm: string({
    group,
    help: 'Confirms `mode: cleanup`. The value must be the same as that of `cleanup`. If empty, nothing is deleted: the step lists the resources that would be deleted, and fails if there are any.',
  }),
} as const;
