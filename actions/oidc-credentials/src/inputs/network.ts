import { createHttpProxyInput } from '@aws-delivery/action-kit/inputs/common-inputs';
import { boolean, duration, integer, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Retries and network';

/** Inputs for retries, proxies and endpoints. */
export const networkInputs = {
  timeout: duration({
    group,
    default: 300,
    aliases: { 'action-timeout-s': '%' },
    help: 'Time limit for all attempts together. `0` means no limit.',
  }),
  'retry-max-attempts': integer()({
    group,
    default: 12,
    help: 'Maximum number of attempts for each call. Only transient errors are retried; a denied request is not.',
  }),
  'disable-retry': boolean({ group, default: false, help: 'Make only one attempt for each call.' }),
  'special-characters-workaround': boolean({
    group,
    default: false,
    help: 'Assume the role repeatedly until the secret access key contains only letters and digits, for tools that cannot handle special characters. Overrides `retry-max-attempts` and `disable-retry`.',
  }),
  'http-proxy': createHttpProxyInput(group),
  'no-proxy': string({
    group,
    help: 'Hosts to connect to without the proxy. When empty, the environment variable `NO_PROXY` is used.',
  }),
  'sts-endpoint': string({
    group,
    help: 'URL of an STS-compatible service. When empty, the STS endpoint of the Region is used.',
  }),
} as const;
