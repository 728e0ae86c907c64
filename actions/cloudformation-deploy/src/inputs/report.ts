import {
  createCommentInputs,
  createHttpProxyInput,
  createReportNameInputs,
} from '@aws-delivery/action-kit/inputs/common-inputs';
import { boolean, list, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Reporting';

export const reportInputs = {
  ...createCommentInputs({
    group,
    help: '`summary` adds a pull request comment that shows the changes in the change set. Later runs update the same comment.',
  }),
  ...createReportNameInputs(group),
  'show-values': boolean({
    group,
    default: false,
    help: 'Show property values: before and after in a change set, expected and actual in `mode: drift`. These values may contain secrets.',
  }),
  'mask-outputs': list({
    group,
    default: [],
    help: 'Names of stack outputs whose values are masked in the log and the summary. A trailing `*` matches any suffix.',
  }),
} as const;

const connection = 'Network';

export const connectionInputs = {
  'aws-region': string({
    group: connection,
    help: 'AWS Region of the stack. Default: the Region configured in the environment.',
  }),
  'http-proxy': createHttpProxyInput(connection),
} as const;
