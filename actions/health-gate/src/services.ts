import { resolveCname } from 'node:dns/promises';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type AwsConfiguration, awsConfiguration, partitionOf, renewExpired } from '@aws-delivery/action-kit/aws';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Host } from '@aws-delivery/action-kit/host';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import { hostNetwork, type Network } from '@aws-delivery/action-kit/network';
import { commentPlace, jobSubject, keepRunComment } from '@aws-delivery/action-kit/run-comment';
import { HealthClient } from '@aws-sdk/client-health';
import type { HealthInputs } from '../action.js';
import { AccountView } from './account-view.js';
import { readFeed } from './feed.js';
import type { DeploymentReader } from './footprint.js';
import { HealthEndpoint, placeOf } from './health-endpoint.js';
import type { Sources } from './lookout.js';
import { OrganizationView } from './organization-view.js';
import type { Request } from './request.js';

/** What this action has to do with. */
export interface Services {
  readonly host: Host;
  readonly sources: (request: Request) => Sources;
  readonly reader: (request: Request) => DeploymentReader;
  /** Keeps the pull-request comment, where one is wanted. */
  readonly comment: (request: Request) => (body: string) => Promise<void>;
  readonly writeFile: (path: string, text: string) => Promise<void>;
}

/** What a test may change. */
export interface Tuning {
  readonly configuration?: (configuration: AwsConfiguration) => AwsConfiguration;
  readonly resolveName?: (name: string) => Promise<readonly string[]>;
}

interface Wiring {
  readonly host: Host;
  readonly network: Network;
  readonly tuning: Tuning;
}

/** The poll looks again: a request that hangs must not take the time of all others. In milliseconds. */
const TIMEOUTS = { connect: 5000, request: 15_000 };

const configure = ({ host, network, tuning }: Wiring, region: string): AwsConfiguration => {
  const { variables, clock, signal } = host;
  const configuration = awsConfiguration({
    region,
    network,
    clock,
    signal,
    action: 'health-gate',
    variables,
  });
  return tuning.configuration?.(configuration) ?? configuration;
};

/** An address or a kind of endpoint that the SDK's pseudo Region does not go together with. */
const isSpecial = (variables: Variables): boolean =>
  ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_HEALTH'].some((name) => Boolean(variables[name])) ||
  ['AWS_USE_FIPS_ENDPOINT', 'AWS_USE_DUALSTACK_ENDPOINT'].some((name) => variables[name]?.toLowerCase() === 'true');

const endpointOf = (wiring: Wiring, { region }: Request): HealthEndpoint =>
  new HealthEndpoint({
    place: placeOf(partitionOf(region), region),
    addressing: isSpecial(wiring.host.variables) ? 'special' : 'plain',
    makeClient: (active) => {
      const client = new HealthClient(configure(wiring, active));
      renewExpired(client);
      return client;
    },
    resolveName: wiring.tuning.resolveName ?? resolveCname,
    log: wiring.host.log,
  });

const MOST_FEED_BYTES = 8 * 1024 * 1024;

const askFeed = async ({ network, host }: Wiring, url: string) => {
  const { status, bytes, from } = await network.request({ url, signal: host.signal, limit: MOST_FEED_BYTES });
  if (status === 200) return readFeed(bytes);
  throw new DeliveryError(status >= 500 ? 'unavailable' : 'unexpected', `${from} answered ${status}`);
};

/** Makes something when it is first needed, and once. */
const lazily = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
};

const sourcesOf = (wiring: Wiring, request: Request): Sources => {
  const { whose, region } = request;
  const endpoint = endpointOf(wiring, request);
  const calendars = lazily(async () => {
    const { ChangeCalendars } = await import('./calendar.js');
    return new ChangeCalendars(configure(wiring, region));
  });
  const alarms = lazily(async () => {
    const { Alarms } = await import('@aws-delivery/alarm/alarms');
    return new Alarms({ region, configure: (place) => configure(wiring, place), input: 'alarms' });
  });
  return {
    health: whose.kind === 'account' ? new AccountView(endpoint) : new OrganizationView(endpoint, whose.accounts),
    readFeed: (url) => askFeed(wiring, url),
    closedCalendars: async (names) => (await calendars()).closed(names),
    ringingAlarms: async (names) =>
      (await (await alarms()).ringing(names)).map((alarm) => ({ kind: 'alarm', ...alarm })),
  };
};

const readerOf = (wiring: Wiring, { region }: Request): DeploymentReader => ({
  readFile: (path) => readFile(path, 'utf8'),
  stackResources: async (stack) => {
    const { listResources } = await import('./stack.js');
    return listResources(configure(wiring, region), stack);
  },
});

const commentFor = ({ host, network }: Wiring, { comment, token }: Request): ReturnType<Services['comment']> => {
  if (comment === 'none') return async () => {};
  const { variables } = host;
  const place = commentPlace({ token, network, variables });
  return (body) => keepRunComment(place, { subject: jobSubject('health-gate', variables), body }, host);
};

/** The services of a run. */
export const createServices = (inputs: HealthInputs, host: Host, tuning: Tuning = {}): Services => {
  const network = hostNetwork(host, { httpProxy: inputs['http-proxy'], timeouts: TIMEOUTS });
  const wiring: Wiring = { host, network, tuning };
  return {
    host,
    sources: (request) => sourcesOf(wiring, request),
    reader: (request) => readerOf(wiring, request),
    comment: (request) => commentFor(wiring, request),
    writeFile: async (path, text) => {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    },
  };
};
