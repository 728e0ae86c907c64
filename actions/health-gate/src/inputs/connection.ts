import { createHttpProxyInput } from '@aws-delivery/action-kit/inputs/common-inputs';
import { string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Connection';

/** Inputs for the Region, the proxy and the public feed. */
export const connectionInputs = {
  'aws-region': string({
    group,
    help: 'Region of the run; decides the partition, too. Without it: that of the environment.',
  }),
  'http-proxy': createHttpProxyInput(group),
  'public-feed-url': string({
    group,
    default: 'https://health.aws.amazon.com/public/currentevents',
    help: 'Address of the public feed that `public-feed` asks. AWS does not document it: anything unexpected in it is no answer.',
  }),
} as const;
