import { createCommentInputs, createReportNameInputs } from '@aws-delivery/action-kit/inputs/common-inputs';
import { string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Reporting';

/** Inputs for the pull-request comment and the evidence file. */
export const reportInputs = {
  ...createCommentInputs({
    group,
    help: '`summary`: create one pull request comment with the result of the gate and keep it up to date while the step waits.',
  }),
  ...createReportNameInputs(group),
  'evidence-file': string({
    group,
    help: 'Path of the JSON file for change records, which contains the request, the observations and the decision. When empty, the file is created in the temporary directory of the runner.',
  }),
} as const;
