import { boolean, choice, list, string } from '@aws-delivery/action-kit/definition';

const group = 'What people see';

export const reportInputs = {
  comment: choice(
    'none',
    'summary',
  )({
    group,
    default: 'none',
    help: 'Keep one pull-request comment up to date with what the change set would do.',
  }),
  'github-token': string({
    group,
    secret: true,
    github: '${{ github.token }}',
    help: 'Token for the comment; needs `pull-requests: write`.',
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
  'http-proxy': string({
    group: connection,
    help: 'Proxy for calls to AWS. Without it: `HTTPS_PROXY` and `NO_PROXY` of the environment.',
  }),
} as const;
