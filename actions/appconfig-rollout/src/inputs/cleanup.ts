import { choice, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Taking back and cleaning up';

export const revertInputs = {
  'run-id': string({
    group,
    help: 'In `mode: revert`: the run whose deployments are taken back. Without it: in each environment the latest one of this action. AppConfig allows it for 72 hours.',
  }),
} as const;

export const cleanupInputs = {
  cleanup: choice(
    'absent',
    'all',
  )({
    group,
    default: 'absent',
    help: 'In `mode: cleanup`: remove what this action made and the tree has no more, or all it made for the tree’s tenants.',
  }),
  confirm: string({
    group,
    help: 'In `mode: cleanup`: the word of `cleanup` again. Without it nothing is removed, only shown.',
  }),
} as const;
