import { resolveCname } from 'node:dns/promises';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { readRegularFile } from '@aws-delivery/action-kit/files/regular-file';
import { findCommentTarget, formatJobSubject, publishComment } from '@aws-delivery/action-kit/github/sticky-comment';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { createHostNetwork, type Network } from '@aws-delivery/action-kit/http/network';
import { Probes } from '@aws-delivery/action-kit/probe/probes';
import type { Markdown } from '@aws-delivery/action-kit/report/markdown';
import { createReportName } from '@aws-delivery/action-kit/report/report-name';
import type { TimeZone } from '@aws-delivery/action-kit/schedule/time-zone';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { type AwsClientConfig, type ConfigOverride, createClientConfig } from '@aws-delivery/aws/client-options';
import { renewExpiredCredentials } from '@aws-delivery/aws/credentials';
import { findEndpoint } from '@aws-delivery/aws/endpoint';
import { getPartition } from '@aws-delivery/aws/region';
import { HealthClient } from '@aws-sdk/client-health';
import type { HealthInputs } from '../action.js';
import type { Sources } from './decision/blocker-collector.js';
import type { Blocker } from './decision/observation.js';
import { AccountView } from './events/account-view.js';
import { getEndpointLocation, HealthEndpoint } from './events/health-endpoint.js';
import { OrganizationView } from './events/organization-view.js';
import { parseFeed } from './events/public-feed.js';
import type { Request } from './inputs/parse-request.js';
import { DeploymentWindow, type WindowOptions } from './schedule/deployment-window.js';
import { parseFreezeFile } from './schedule/freeze-file.js';
import type { DeploymentReader } from './scope/deployment-scope.js';

/** Effects of the action. */
export interface Services {
  readonly host: Host;
  readonly createSources: (request: Request) => Sources;
  readonly createDeploymentReader: (request: Request) => DeploymentReader;
  /**
   * Creates or replaces the pull-request comment; does nothing with `comment: none`.
   * @param isEmpty whether there is nothing to report: `comment: changes` then removes the comment
   */
  readonly updateComment: (request: Request, body: Markdown, isEmpty?: boolean) => Promise<void>;
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

const PROBE_TIMEOUT_MS = 10_000;

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

const readWorkspaceFile = async ({ host }: ClientFactoryOptions, path: string): Promise<string> =>
  (await readRegularFile(resolve(host.env['GITHUB_WORKSPACE'] || '.', path))).toString('utf8');

const readFreezeFile = async (clientOptions: ClientFactoryOptions, path: string, timeZone: TimeZone) => {
  const content = await readWorkspaceFile(clientOptions, path).catch((cause) => {
    throw new DeliveryError('not-found', `input 'freeze-file': cannot read '${path}': ${errorMessage(cause)}`, {
      cause,
    });
  });
  return parseFreezeFile(content, path, timeZone);
};

const openWindow = async (clientOptions: ClientFactoryOptions, options: WindowOptions): Promise<DeploymentWindow> => {
  const sources = await Promise.all(
    options.freezeFiles.map((path) => readFreezeFile(clientOptions, path, options.timeZone)),
  );
  return new DeploymentWindow(options, sources);
};

/** Probes each URL until a success or as many consecutive failures as the threshold. */
const listFailedProbes = async (
  { network, host: { clock, signal } }: ClientFactoryOptions,
  { probe }: Request,
): Promise<readonly Blocker[]> => {
  const fetch = (url: string) => network.request({ url, signal, timeout: PROBE_TIMEOUT_MS, plainHttp: 'allow' });
  const blockers = await Promise.all(
    probe.urlProbes.map(async (urlProbe): Promise<readonly Blocker[]> => {
      const options = { ...probe, urlProbes: [urlProbe] };
      const probes = new Probes(options, { fetch, listActiveAlarms: async () => [] }, clock);
      for (let count = 1; ; count += 1) {
        const reason = await probes.check({});
        if (reason === undefined) return [];
        if (count >= probe.failureThreshold) return [{ kind: 'probe', name: urlProbe.url, reason }];
        await clock.sleep(probe.interval, signal);
      }
    }),
  );
  return blockers.flat();
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
  const getWindow = memoize(async () =>
    request.window === undefined ? undefined : openWindow(clientOptions, request.window),
  );
  return {
    health:
      eventScope.kind === 'account' ? new AccountView(endpoint) : new OrganizationView(endpoint, eventScope.accounts),
    readFeed: (url) => fetchFeed(clientOptions, url),
    listGroupInstances: async (groups) => {
      const { listGroupInstances } = await import('./scope/group-instances.js');
      return listGroupInstances(createServiceConfig(clientOptions, region), groups);
    },
    listClosedCalendars: async (names) => (await getCalendars()).listClosed(names),
    listActiveAlarms: async (names) =>
      (await (await getAlarms()).listActive(names)).map((alarm) => ({ kind: 'alarm', ...alarm })),
    listClosedWindows: async (at) => {
      const closure = (await getWindow())?.findClosure(at);
      return closure === undefined ? [] : [{ kind: 'window', name: 'deployment window', ...closure }];
    },
    listFailedProbes: () => listFailedProbes(clientOptions, request),
  };
};

const createDeploymentReader = (clientOptions: ClientFactoryOptions, { region }: Request): DeploymentReader => ({
  readFile: (path) => readWorkspaceFile(clientOptions, path),
  listStackResources: async (stack) => {
    const { listResources } = await import('./scope/stack-resources.js');
    return listResources(createServiceConfig(clientOptions, region), stack);
  },
});

const updateComment = async (
  { host, network }: ClientFactoryOptions,
  inputs: HealthInputs,
  { comment, githubToken, region }: Request,
  { markdown }: Markdown,
  isEmpty = false,
): Promise<void> => {
  const { env } = host;
  const name = createReportName({ action: 'health-gate', inputs, env, subject: [region] });
  const target = findCommentTarget({ token: githubToken, network, env });
  const previousSubject = formatJobSubject('health-gate', env);
  await publishComment(target, { mode: comment, name, previousSubject, body: markdown, isEmpty }, host);
};

/** Creates the services of a run. Clients of optional sources are loaded on first use. */
export const createServices = (inputs: HealthInputs, host: Host, overrides: ServiceOverrides = {}): Services => {
  const network = createHostNetwork(host, { httpProxy: inputs['http-proxy'], timeouts: TIMEOUTS_MS });
  const clientOptions: ClientFactoryOptions = { host, network, overrides };
  return {
    host,
    createSources: (request) => createSources(clientOptions, request),
    createDeploymentReader: (request) => createDeploymentReader(clientOptions, request),
    updateComment: (request, body, isEmpty) => updateComment(clientOptions, inputs, request, body, isEmpty),
    writeFile: async (path, content) => {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    },
  };
};
