import { choice, string } from '@aws-delivery/action-kit/definition';

const group = 'What people see';

export const reportInputs = {
  comment: choice(
    'none',
    'summary',
  )({
    group,
    default: 'none',
    help: 'Keep one pull-request comment up to date with what a preview shows or a rollout did.',
  }),
  'github-token': string({
    group,
    secret: true,
    github: '${{ github.token }}',
    help: 'Token for the comment; needs `pull-requests: write`.',
  }),
} as const;

const connection = 'Connection';

export const connectionInputs = {
  'aws-region': string({
    group: connection,
    help: 'Region of AppConfig. Without it: that of the environment.',
  }),
  'http-proxy': string({
    group: connection,
    help: 'Proxy for calls to AWS and probes. Without it: `HTTPS_PROXY` and `NO_PROXY` of the environment.',
  }),
} as const;
