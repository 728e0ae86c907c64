import { resolveCname } from 'node:dns/promises';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { readRegularFile } from '@aws-delivery/action-kit/files/regular-file';
import { findCommentTarget, formatJobSubject, publishComment } from '@aws-delivery/action-kit/github/sticky-comment';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { createHostNetwork, type Network } from '@aws-delivery/action-kit/http/network';
import type { Markdown } from '@aws-delivery/action-kit/report/markdown';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { type AwsClientConfig, type ConfigOverride, createClientConfig } from '@aws-delivery/aws/client-options';
import { renewExpiredCredentials } from '@aws-delivery/aws/credentials';
import { findEndpoint } from '@aws-delivery/aws/endpoint';
import { getPartition } from '@aws-delivery/aws/region';
import { HealthClient } from '@aws-sdk/client-health';
import type { HealthInputs } from '../action.js';
import type { Sources } from './decision/blocker-collector.js';
import { AccountView } from './events/account-view.js';
import { getEndpointLocation, HealthEndpoint } from './events/health-endpoint.js';
import { OrganizationView } from './events/organization-view.js';
import { parseFeed } from './events/public-feed.js';
import type { Request } from './inputs/parse-request.js';
import type { DeploymentReader } from './scope/deployment-scope.js';

/** Effects of the action. */
export interface Services {
  readonly host: Host;
  readonly createSources: (request: Request) => Sources;
  readonly createDeploymentReader: (request: Request) => DeploymentReader;
  /** Creates or replaces the pull-request comment; does nothing with `comment: none`. */
  readonly updateComment: (request: Request, body: Markdown) => Promise<void>;
  /** Creates missing parent directories. */
  readonly writeFile: (path: string, content: string) => Promise<void>;
}

/** Replacements for tests. */
export interface ServiceOverrides {
  readonly overrideConfig?: ConfigOverride;
  readonly resolveName?: (name: string) => Promise<readonly string[]>;
}

interface ClientFactoryOptions {
  readonly host: Host;
  readonly network: Network;
  readonly overrides: ServiceOverrides;
}

// Short: polling repeats a failed request.
const TIMEOUTS_MS = { connect: 5000, request: 15_000 };

const createServiceConfig = ({ host, network, overrides }: ClientFactoryOptions, region: string): AwsClientConfig => {
  const { env, clock, signal } = host;
  const config = createClientConfig({
    region,
    network,
    clock,
    signal,
    action: 'health-gate',
    env,
  });
  return overrides.overrideConfig?.(config) ?? config;
};

/** Whether an endpoint, FIPS or dual-stack is configured: none of them works with the pseudo Region of the SDK. */
const hasCustomEndpoint = (env: Env): boolean =>
  findEndpoint('HEALTH', env) !== undefined ||
  ['AWS_USE_FIPS_ENDPOINT', 'AWS_USE_DUALSTACK_ENDPOINT'].some((name) => env[name]?.toLowerCase() === 'true');

const createHealthEndpoint = (clientOptions: ClientFactoryOptions, { region }: Request): HealthEndpoint =>
  new HealthEndpoint({
    location: getEndpointLocation(getPartition(region), region),
    addressing: hasCustomEndpoint(clientOptions.host.env) ? 'custom' : 'default',
    createClient: (active) => {
      const client = new HealthClient(createServiceConfig(clientOptions, active));
      renewExpiredCredentials(client);
      return client;
    },
    resolveName: clientOptions.overrides.resolveName ?? resolveCname,
    log: clientOptions.host.log,
  });

const MAX_FEED_BYTES = 8 * 1024 * 1024;

const fetchFeed = async ({ network, host }: ClientFactoryOptions, url: string) => {
  const { status, bytes, source } = await network.request({
    url,
    signal: host.signal,
    maxResponseBytes: MAX_FEED_BYTES,
  });
  if (status === 200) return parseFeed(bytes);
  throw new DeliveryError(status >= 500 ? 'unavailable' : 'unexpected', `${source} returned HTTP ${status}`);
};

/** Creates a value on the first call and returns the same value afterwards. */
const memoize = <T>(create: () => Promise<T>): (() => Promise<T>) => {
  let created: Promise<T> | undefined;
  return () => {
    created ??= create();
    return created;
  };
};

const createSources = (clientOptions: ClientFactoryOptions, request: Request): Sources => {
  const { eventScope, region } = request;
  const endpoint = createHealthEndpoint(clientOptions, request);
  const getCalendars = memoize(async () => {
    const { ChangeCalendarReader } = await import('./schedule/change-calendar.js');
    return new ChangeCalendarReader({
      region,
      configure: (calendarRegion) => createServiceConfig(clientOptions, calendarRegion),
    });
  });
  const getAlarms = memoize(async () => {
    const { AlarmReader } = await import('@aws-delivery/aws/alarms');
    return new AlarmReader({
      region,
      configure: (alarmRegion) => createServiceConfig(clientOptions, alarmRegion),
      input: 'alarms',
    });
  });
  return {
    health:
      eventScope.kind === 'account' ? new AccountView(endpoint) : new OrganizationView(endpoint, eventScope.accounts),
    readFeed: (url) => fetchFeed(clientOptions, url),
    listClosedCalendars: async (names) => (await getCalendars()).listClosed(names),
    listActiveAlarms: async (names) =>
      (await (await getAlarms()).listActive(names)).map((alarm) => ({ kind: 'alarm', ...alarm })),
  };
};

const createDeploymentReader = (clientOptions: ClientFactoryOptions, { region }: Request): DeploymentReader => ({
  readFile: async (path) =>
    (await readRegularFile(resolve(clientOptions.host.env['GITHUB_WORKSPACE'] || '.', path))).toString('utf8'),
  listStackResources: async (stack) => {
    const { listResources } = await import('./scope/stack-resources.js');
    return listResources(createServiceConfig(clientOptions, region), stack);
  },
});

const updateComment = async (
  { host, network }: ClientFactoryOptions,
  { comment, githubToken }: Request,
  { markdown }: Markdown,
): Promise<void> => {
  if (comment === 'none') return;
  const { env } = host;
  const target = findCommentTarget({ token: githubToken, network, env });
  await publishComment(target, { subject: formatJobSubject('health-gate', env), body: markdown }, host);
};

/** Creates the services of a run. Clients of optional sources are loaded on first use. */
export const createServices = (inputs: HealthInputs, host: Host, overrides: ServiceOverrides = {}): Services => {
  const network = createHostNetwork(host, { httpProxy: inputs['http-proxy'], timeouts: TIMEOUTS_MS });
  const clientOptions: ClientFactoryOptions = { host, network, overrides };
  return {
    host,
    createSources: (request) => createSources(clientOptions, request),
    createDeploymentReader: (request) => createDeploymentReader(clientOptions, request),
    updateComment: (request, body) => updateComment(clientOptions, request, body),
    writeFile: async (path, content) => {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    },
  };
};
