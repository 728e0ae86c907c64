import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { createChangedFilesLister } from '@aws-delivery/action-kit/git/run-git';
import { type CommentTarget, findCommentTarget } from '@aws-delivery/action-kit/github/sticky-comment';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { createHostNetwork, type Network } from '@aws-delivery/action-kit/http/network';
import type { ProbeClients } from '@aws-delivery/action-kit/probe/probes';
import { Semaphore } from '@aws-delivery/action-kit/util/concurrency';
import { fetchAccountId } from '@aws-delivery/aws/account';
import {
  type AwsClientConfig,
  type ConfigOverride,
  createClientConfig,
  keepConfig,
} from '@aws-delivery/aws/client-options';
import { getPartition } from '@aws-delivery/aws/region';
import type { Inputs } from '../action.js';
import { type AppConfig, CALL_CONCURRENCY, createAppConfigClient } from './appconfig/client.js';
import type { Workspace } from './desired/desired-configuration.js';
import { createWorkspaceFiles, toRepositoryPath } from './desired/workspace-files.js';
import { createSourceVersionReader, type SourceVersionReader } from './plan/source-version.js';

export interface Services {
  readonly host: Host;
  readonly appConfig: AppConfig;
  readonly workspace: Workspace;
  readonly readSourceVersion: SourceVersionReader;
  readonly probeClients: ProbeClients;
  /** `arn:aws:appconfig:eu-west-1:123456789012`, for reading tags. Calls STS. */
  readonly getArnPrefix: () => Promise<string>;
  readonly comments: CommentTarget;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

interface ClientFactoryOptions {
  readonly region: string | undefined;
  readonly network: Network;
  readonly host: Host;
  readonly overrideConfig: ConfigOverride;
}

const buildClientConfig = (
  { region, network, host, overrideConfig }: ClientFactoryOptions,
  maxAttempts?: number,
): AwsClientConfig => {
  const { env, clock, signal } = host;
  const attempts = maxAttempts === undefined ? {} : { maxAttempts };
  return overrideConfig(
    createClientConfig({ region, network, clock, signal, action: 'appconfig-rollout', env, ...attempts }),
  );
};

const createAppConfig = (options: ClientFactoryOptions): AppConfig =>
  createAppConfigClient(buildClientConfig(options), buildClientConfig(options, 1), new Semaphore(CALL_CONCURRENCY));

/** Creates clients for the post step, which has the inputs of the main step as environment variables. */
export const createAppConfigFactory =
  (host: Host, overrideConfig: ConfigOverride = keepConfig) =>
  (region: string): AppConfig =>
    createAppConfig({
      region,
      network: createHostNetwork(host, { httpProxy: host.env['INPUT_HTTP-PROXY'] || undefined }),
      host,
      overrideConfig,
    });

const createProbeClients = (options: ClientFactoryOptions, region: () => Promise<string>): ProbeClients => ({
  fetch: (url) => options.network.request({ url, signal: options.host.signal, timeout: 10_000, plainHttp: 'allow' }),
  listActiveAlarms: async (alarms) => {
    const { AlarmReader } = await import('@aws-delivery/aws/alarms');
    const configure = (alarmRegion: string) => buildClientConfig({ ...options, region: alarmRegion });
    const active = await new AlarmReader({ region: await region(), configure, input: 'probe-alarms' }).listActive(
      alarms,
    );
    return active.map(({ name }) => name);
  },
});

export const createServices = (inputs: Inputs, host: Host, overrideConfig: ConfigOverride = keepConfig): Services => {
  const network = createHostNetwork(host, { httpProxy: inputs['http-proxy'] });
  const options = { region: inputs['aws-region'], network, host, overrideConfig };
  const appConfig = createAppConfig(options);
  const workspaceDirectory = host.env['GITHUB_WORKSPACE'] || process.cwd();
  return {
    host,
    appConfig,
    workspace: {
      files: createWorkspaceFiles(workspaceDirectory),
      listChangedFiles: (directory, revision) =>
        createChangedFilesLister({
          directory: resolve(workspaceDirectory, directory),
          env: host.env,
          signal: host.signal,
        })(revision),
      toRepositoryPath: (path) => toRepositoryPath(workspaceDirectory, path),
    },
    readSourceVersion: createSourceVersionReader(buildClientConfig(options)),
    probeClients: createProbeClients(options, appConfig.region),
    getArnPrefix: async () => {
      const region = await appConfig.region();
      const accountId = await fetchAccountId(buildClientConfig(options));
      return `arn:${getPartition(region)}:appconfig:${region}:${accountId}`;
    },
    comments: findCommentTarget({ token: inputs['github-token'], network, env: host.env }),
    random: () => randomInt(2 ** 32) / 2 ** 32,
  };
};
