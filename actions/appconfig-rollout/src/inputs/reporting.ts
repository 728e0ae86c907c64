import {
  createCommentInputs,
  createHttpProxyInput,
  createReportNameInputs,
} from '@aws-delivery/action-kit/inputs/common-inputs';
import { string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Reporting';

export const reportInputs = {
  ...createCommentInputs({
    group,
    help: '`summary` adds a pull request comment with the result of the run. Later runs update the same comment.',
  }),
  ...createReportNameInputs(group),
} as const;

const connection = 'Network';

export const connectionInputs = {
  'aws-region': string({
    group: connection,
    help: 'AWS Region of AppConfig. Default: the Region configured in the environment.',
  }),
  'http-proxy': createHttpProxyInput(connection),
} as const;
