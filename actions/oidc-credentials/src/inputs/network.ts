import { createHttpProxyInput } from '@aws-delivery/action-kit/inputs/common-inputs';
import { boolean, duration, integer, string } from '@aws-delivery/action-kit/inputs/definition';

const group = 'Network and waiting';

/** Inputs for retries, proxies and endpoints. */
export const networkInputs = {
  timeout: duration({
    group,
    default: 300,
    aliases: { 'action-timeout-s': '%' },
    help: 'How long all attempts may take together; `0` for no limit.',
  }),
  'retry-max-attempts': integer()({
    group,
    default: 12,
    help: 'How often a call is made at most. Only faults that pass by themselves are tried again; a refusal never is.',
  }),
  'disable-retry': boolean({ group, default: false, help: 'Make every call once.' }),
  'special-characters-workaround': boolean({
    group,
    default: false,
    help: 'Assume the role again until the secret key holds letters and digits only, for tools that cannot quote; overrides the two retry inputs.',
  }),
  'http-proxy': createHttpProxyInput(group),
  'no-proxy': string({ group, help: 'Hosts that are reached without the proxy; by default `NO_PROXY`.' }),
  'sts-endpoint': string({ group, help: 'URL of an STS-compatible service, instead of the one of the Region.' }),
} as const;
