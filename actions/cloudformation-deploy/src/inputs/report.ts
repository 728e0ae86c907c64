import { createCommentInputs, createHttpProxyInput } from '@aws-delivery/action-kit/inputs/common-inputs';
import { boolean, list, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'What people see';

export const reportInputs = {
  ...createCommentInputs({
    group,
    help: 'Keep one pull-request comment up to date with what the change set would do.',
  }),
  'show-values': boolean({
    group,
    default: false,
    help: 'Show values of properties: before and after in a change set, expected and actual in `mode: drift`. Off, since they may hold secrets.',
  }),
  'mask-outputs': list({
    group,
    default: [],
    help: 'Names of stack outputs whose values are secret; `*` at the end stands for any text.',
  }),
} as const;

const connection = 'Connection';

export const connectionInputs = {
  'aws-region': string({
    group: connection,
    help: 'Region of the stack. Without it: that of the environment.',
  }),
  'http-proxy': createHttpProxyInput(connection),
} as const;
