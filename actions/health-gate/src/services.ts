import { resolveCname } from 'node:dns/promises';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type AwsConfiguration, awsConfiguration, partitionOf, renewExpired } from '@aws-delivery/action-kit/aws';
import { isCode } from '@aws-delivery/action-kit/aws-error';
import { type CommentOutcome, keepComment } from '@aws-delivery/action-kit/comment';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import { githubComments, pullRequestIn } from '@aws-delivery/action-kit/github-comments';
import type { Host } from '@aws-delivery/action-kit/host';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import { createNetwork, type Network } from '@aws-delivery/action-kit/network';
import { HealthClient } from '@aws-sdk/client-health';
import type { HealthInputs } from '../action.js';
import { AccountView } from './account-view.js';
import { alarmNameIn, ringingAlarms } from './alarm.js';
import { closedCalendars } from './calendar.js';
import { readFeed } from './feed.js';
import type { DeploymentReader, StackResource } from './footprint.js';
import { HealthEndpoint, placeOf } from './health-endpoint.js';
import type { Hold } from './look.js';
import type { Sources } from './lookout.js';
import { OrganizationView } from './organization-view.js';
import type { Request } from './request.js';

/** What this action has to do with. */
export interface Services {
  readonly host: Host;
  readonly sources: (request: Request) => Sources;
  readonly reader: (request: Request) => DeploymentReader;
  /** Keeps the pull-request comment; undefined where the run is about no pull request, or has no token. */
  readonly comment: (request: Request) => ((body: string) => Promise<CommentOutcome>) | undefined;
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

const configure = ({ host, network, tuning }: Wiring, region: string): AwsConfiguration => {
  const { variables, clock, signal } = host;
  const userAgent = [['aws-delivery-actions', '1.0.0'], ['health-gate']] as const;
  const configuration = awsConfiguration({ region, network, clock, signal, userAgent, variables });
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

const askCalendars = async (wiring: Wiring, region: string, names: readonly string[]): Promise<readonly Hold[]> => {
  const { SSMClient } = await import('@aws-sdk/client-ssm');
  const client = new SSMClient(configure(wiring, region));
  renewExpired(client);
  return closedCalendars(client, names);
};

const askAlarms = async (wiring: Wiring, region: string, given: readonly string[]): Promise<readonly Hold[]> => {
  const { CloudWatchClient } = await import('@aws-sdk/client-cloudwatch');
  const alarms = given.map((text) => alarmNameIn(text, region));
  const holds: Hold[] = [];
  for (const place of new Set(alarms.map((alarm) => alarm.region))) {
    const client = new CloudWatchClient(configure(wiring, place));
    renewExpired(client);
    const names = alarms.filter((alarm) => alarm.region === place).map(({ name }) => name);
    holds.push(...(await ringingAlarms(client, names)));
  }
  return holds;
};

const MOST_FEED_BYTES = 8 * 1024 * 1024;

const askFeed = async ({ network, host }: Wiring, url: string) => {
  const { status, bytes, from } = await network.request({ url, signal: host.signal, limit: MOST_FEED_BYTES });
  if (status === 200) return readFeed(bytes);
  throw new DeliveryError(status >= 500 ? 'unavailable' : 'unexpected', `${from} answered ${status}`);
};

const stackResources = async (wiring: Wiring, region: string, stack: string): Promise<readonly StackResource[]> => {
  const { CloudFormationClient, ListStackResourcesCommand } = await import('@aws-sdk/client-cloudformation');
  const client = new CloudFormationClient(configure(wiring, region));
  const found: StackResource[] = [];
  let token: string | undefined;
  do {
    const page = await client
      .send(new ListStackResourcesCommand({ StackName: stack, NextToken: token }))
      .catch((cause) => {
        if (!isCode(cause, 'ValidationError')) throw cause;
        const message = `input 'stack-name': there is no stack '${stack}' in ${region}: give the 'template' of a stack that is yet to be created`;
        throw new DeliveryError('not-found', message, { cause });
      });
    for (const { ResourceType: type = '', PhysicalResourceId: physicalId } of page.StackResourceSummaries ?? []) {
      found.push({ type, physicalId });
    }
    token = page.NextToken;
  } while (token !== undefined);
  return found;
};

const commentFor = ({ host, network }: Wiring, { comment, token }: Request): ReturnType<Services['comment']> => {
  const { variables, redactor } = host;
  const pullRequest = pullRequestIn(variables);
  if (comment === 'none' || pullRequest === undefined || token === undefined) return undefined;
  const comments = githubComments({ network, token, variables, pullRequest });
  const subject = `health-gate ${variables['GITHUB_WORKFLOW'] ?? ''} ${variables['GITHUB_JOB'] ?? ''}`;
  return (body) => keepComment({ comments, subject, body: redactor.redact(body) });
};

/** The services of a run. */
export const createServices = (inputs: HealthInputs, host: Host, tuning: Tuning = {}): Services => {
  const network = createNetwork({ httpProxy: inputs['http-proxy'], variables: host.variables });
  for (const secret of network.secrets) host.mask(secret);
  const wiring: Wiring = { host, network, tuning };
  return {
    host,
    sources: (request) => {
      const { whose, region } = request;
      const endpoint = endpointOf(wiring, request);
      return {
        health: whose.kind === 'account' ? new AccountView(endpoint) : new OrganizationView(endpoint, whose.accounts),
        readFeed: (url) => askFeed(wiring, url),
        closedCalendars: (names) => askCalendars(wiring, region, names),
        ringingAlarms: (names) => askAlarms(wiring, region, names),
      };
    },
    reader: ({ region }) => ({
      readFile: (path) => readFile(path, 'utf8'),
      stackResources: (stack) => stackResources(wiring, region, stack),
    }),
    comment: (request) => commentFor(wiring, request),
    writeFile: async (path, text) => {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    },
  };
};
