import { choice, string } from '@aws-delivery/action-kit/definition';

const group = 'What people see';

/** Inputs of what is shown and kept. */
export const reportInputs = {
  comment: choice(
    'none',
    'summary',
  )({
    group,
    default: 'none',
    help: 'Keep one pull-request comment up to date with what the gate sees and waits for.',
  }),
  'github-token': string({
    group,
    secret: true,
    github: '${{ github.token }}',
    help: 'Token for the comment; needs `pull-requests: write`.',
  }),
  'evidence-file': string({
    group,
    help: 'Where to write what was asked, seen and decided, as JSON for change records. Without it: a file in the runner’s temporary folder.',
  }),
} as const;

const connection = 'Connection';

/** Inputs that say how AWS is reached. */
export const connectionInputs = {
  'aws-region': string({
    group: connection,
    help: 'Region of the run; decides the partition, too. Without it: that of the environment.',
  }),
  'http-proxy': string({
    group: connection,
    secret: true,
    help: 'Proxy for every request; by default `HTTPS_PROXY` or `HTTP_PROXY`.',
  }),
  'public-feed-url': string({
    group: connection,
    default: 'https://health.aws.amazon.com/public/currentevents',
    help: 'Address of the public feed that `public-feed` asks. AWS does not document it: anything unexpected in it is no answer.',
  }),
} as const;
