import { createHttpProxyInput } from '@aws-delivery/action-kit/inputs/common-inputs';
import { string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Network';

/** Inputs for the Region, the proxy and the public feed. */
export const connectionInputs = {
  'aws-region': string({
    group,
    help: 'AWS Region of the run. It also determines the partition. When empty, `AWS_REGION` or `AWS_DEFAULT_REGION` from the environment is used.',
  }),
  'http-proxy': createHttpProxyInput(group),
  'public-feed-url': string({
    group,
    default: 'https://health.aws.amazon.com/public/currentevents',
    help: 'URL of the public feed that the policy `public-feed` uses. AWS does not document this feed: unexpected content is treated as unavailable.',
  }),
} as const;
