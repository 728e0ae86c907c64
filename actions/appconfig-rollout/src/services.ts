import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { type AwsConfiguration, awsConfiguration, partitionOf } from '@aws-delivery/action-kit/aws';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import { changedFilesIn } from '@aws-delivery/action-kit/git';
import type { Host } from '@aws-delivery/action-kit/host';
import { hostNetwork, type Network } from '@aws-delivery/action-kit/network';
import { type CommentPlace, commentPlace } from '@aws-delivery/action-kit/run-comment';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Inputs } from '../action.js';
import { type AppConfig, CALLS_AT_ONCE, connect } from './appconfig.js';
import { filesIn, repositoryPath } from './files.js';
import { Gate } from './pool.js';
import type { ProbeWays } from './probe.js';
import { type SourceVersions, sourceVersionsOf } from './source-version.js';
import type { Reading } from './wish.js';

/** What this action has to do with. */
export interface Services {
  readonly host: Host;
  readonly appConfig: AppConfig;
  readonly reading: Reading;
  readonly sourceVersions: SourceVersions;
  readonly probeWays: ProbeWays;
  /** `arn:aws:appconfig:eu-west-1:123456789012`, for reading tags. */
  readonly arnPrefix: () => Promise<string>;
  /** Where the comment of this run is kept. */
  readonly comments: CommentPlace;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

/** Changes the settings of every client before it is made. */
export type Tuning = (configuration: AwsConfiguration) => AwsConfiguration;

const asItIs: Tuning = (configuration) => configuration;

interface Wiring {
  readonly region: string | undefined;
  readonly network: Network;
  readonly host: Host;
  readonly tune: Tuning;
}

const configurationOf = ({ region, network, host, tune }: Wiring, maxAttempts?: number): AwsConfiguration => {
  const { variables, clock, signal } = host;
  const attempts = maxAttempts === undefined ? {} : { maxAttempts };
  return tune(
    awsConfiguration({ region, network, clock, signal, action: 'appconfig-rollout', variables, ...attempts }),
  );
};

const connectBy = (wiring: Wiring): AppConfig =>
  connect(configurationOf(wiring), configurationOf(wiring, 1), new Gate(CALLS_AT_ONCE));

/** Connects the post step, which has the inputs of the main step as variables. */
export const connectTo =
  (host: Host, tune: Tuning = asItIs) =>
  (region: string): AppConfig =>
    connectBy({
      region,
      network: hostNetwork(host, { httpProxy: host.variables['INPUT_HTTP-PROXY'] || undefined }),
      host,
      tune,
    });

const probeWaysOf = (wiring: Wiring, region: () => Promise<string>): ProbeWays => ({
  status: async (url) => {
    const { signal } = wiring.host;
    const { status } = await wiring.network.request({ url, signal, timeout: 10_000, plainHttp: 'allow' });
    return status;
  },
  ringing: async (given) => {
    const { Alarms } = await import('@aws-delivery/alarm/alarms');
    const configure = (place: string) => configurationOf({ ...wiring, region: place });
    const ringing = await new Alarms({ region: await region(), configure, input: 'probe-alarms' }).ringing(given);
    return ringing.map(({ name }) => name);
  },
});

const accountOf = async (client: STSClient): Promise<string> => {
  const { Account: account } = await client.send(new GetCallerIdentityCommand({}));
  if (account !== undefined) return account;
  throw new DeliveryError('unexpected', 'GetCallerIdentity named no account');
};

/** The services of a run. */
export const createServices = (inputs: Inputs, host: Host, tune: Tuning = asItIs): Services => {
  const network = hostNetwork(host, { httpProxy: inputs['http-proxy'] });
  const wiring = { region: inputs['aws-region'], network, host, tune };
  const appConfig = connectBy(wiring);
  const workspace = host.variables['GITHUB_WORKSPACE'] || process.cwd();
  return {
    host,
    appConfig,
    reading: {
      files: filesIn(workspace),
      changedFilesIn: (folder) =>
        changedFilesIn({ folder: resolve(workspace, folder), variables: host.variables, signal: host.signal }),
      repositoryPath: (path) => repositoryPath(workspace, path),
    },
    sourceVersions: sourceVersionsOf(configurationOf(wiring)),
    probeWays: probeWaysOf(wiring, appConfig.region),
    arnPrefix: async () => {
      const region = await appConfig.region();
      const account = await accountOf(new STSClient(configurationOf(wiring)));
      return `arn:${partitionOf(region)}:appconfig:${region}:${account}`;
    },
    comments: commentPlace({ token: inputs['github-token'], network, variables: host.variables }),
    random: () => randomInt(2 ** 32) / 2 ** 32,
  };
};
