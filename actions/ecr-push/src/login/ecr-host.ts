import { isLoopback } from '@aws-delivery/action-kit/http/proxy';

/** The registry that a host name of ECR belongs to. */
export type EcrHost =
  | { readonly kind: 'private'; readonly account: string; readonly region: string }
  | { readonly kind: 'public' };

/** Account and Region of a private registry. */
export interface PrivateRegistry {
  readonly account: string;
  readonly region: string;
}

// docs/aws-facts.md §10, "ECR hosts", with the DNS suffixes of all partitions (@aws-sdk/core, partitions.json).
const REGION = String.raw`[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}`;
const DNS_SUFFIXES = [
  'amazonaws.com',
  'amazonaws.com.cn',
  'amazonaws.eu',
  'c2s.ic.gov',
  'sc2s.sgov.gov',
  'cloud.adc-e.uk',
  'csp.hci.ic.gov',
];
const DUAL_STACK_SUFFIXES = ['on.aws', 'on.amazonwebservices.com.cn', 'on.amazonwebservices.eu'];

const buildPattern = (service: string, suffixes: readonly string[]): RegExp =>
  new RegExp(
    `^(\\d{12})\\.${service}(?:-fips)?\\.(${REGION})\\.(?:${suffixes.join('|').replaceAll('.', '\\.')})$`,
    'u',
  );

const PRIVATE_HOSTS = [buildPattern('dkr\\.ecr', DNS_SUFFIXES), buildPattern('dkr-ecr', DUAL_STACK_SUFFIXES)];
const PUBLIC_HOSTS = ['public.ecr.aws', 'ecr-public.aws.com'];

const normalizeHost = (host: string): string => host.toLowerCase().replace(/:443$/u, '');

/** The registry of a host whose whole name is one of ECR's; undefined for every other host. */
export const parseEcrHost = (host: string): EcrHost | undefined => {
  const name = normalizeHost(host);
  if (PUBLIC_HOSTS.includes(name)) return { kind: 'public' };
  for (const pattern of PRIVATE_HOSTS) {
    const [, account, region] = pattern.exec(name) ?? [];
    if (account !== undefined && region !== undefined) return { kind: 'private', account, region };
  }
  return undefined;
};

/**
 * The registry that a loopback name of an emulator, `123456789012.dkr.ecr.eu-west-1.localhost:4566`, may belong to. It
 * is only a candidate: a login may be sent there if GetAuthorizationToken returns this host as its `proxyEndpoint`.
 */
const parseLoopbackHost = (host: string): PrivateRegistry | undefined => {
  const [, account, region] = /^(\d{12})\.dkr[.-]ecr\.([a-z0-9-]+)\.[a-z.]*localhost(?::\d+)?$/u.exec(host) ?? [];
  if (account === undefined || region === undefined || !isLoopback(host.replace(/:\d+$/u, ''))) return undefined;
  return { account, region };
};

/** Account and Region of a private registry's host, or of the candidate that a loopback name is. */
export const findPrivateRegistry = (host: string): PrivateRegistry | undefined => {
  const parsedHost = parseEcrHost(host);
  return parsedHost?.kind === 'private' ? parsedHost : parseLoopbackHost(host);
};
