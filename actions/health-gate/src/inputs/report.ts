import { createCommentInputs, createHttpProxyInput } from '@aws-delivery/action-kit/inputs/common-inputs';
import { string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'What people see';

/** Inputs of what is shown and kept. */
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

const connection = 'Connection';

/** Inputs that say how AWS is reached. */
export const connectionInputs = {
  'aws-region': string({
    group: connection,
    help: 'Region of the run; decides the partition, too. Without it: that of the environment.',
  }),
  'http-proxy': createHttpProxyInput(connection),
  'public-feed-url': string({
    group: connection,
    default: 'https://health.aws.amazon.com/public/currentevents',
    help: 'Address of the public feed that `public-feed` asks. AWS does not document it: anything unexpected in it is no answer.',
  }),
} as const;
