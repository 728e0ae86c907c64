import { createCommentInputs, createHttpProxyInput } from '@aws-delivery/action-kit/inputs/common-inputs';
import { string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'What people see';

export const reportInputs = {
  ...createCommentInputs({
    group,
    help: 'Keep one pull-request comment up to date with what a preview shows or a rollout did.',
  }),
} as const;

const connection = 'Connection';

export const connectionInputs = {
  'aws-region': string({
    group: connection,
    help: 'Region of AppConfig. Without it: that of the environment.',
  }),
  'http-proxy': createHttpProxyInput(connection),
} as const;
