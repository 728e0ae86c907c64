import { createCommentInputs } from '@aws-delivery/action-kit/inputs/common-inputs';
import { string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'What people see';

/** Inputs for the pull-request comment and the evidence file. */
export const reportInputs = {
  ...createCommentInputs({
    group,
    help: 'Keep one pull-request comment up to date with what the gate sees and waits for.',
  }),
  'evidence-file': string({
    group,
    help: 'Where to write what was asked, seen and decided, as JSON for change records. Without it: a file in the runner’s temporary folder.',
  }),
} as const;
