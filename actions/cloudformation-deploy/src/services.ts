import { randomInt } from 'node:crypto';
import { tmpdir } from 'node:os';
import { type CommentTarget, findCommentTarget } from '@aws-delivery/action-kit/github/sticky-comment';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { createHostNetwork, type Network } from '@aws-delivery/action-kit/http/network';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { fetchAccountId } from '@aws-delivery/aws/account';
import {
  type AwsClientConfig,
  type ConfigOverride,
  createClientConfig,
  keepConfig,
} from '@aws-delivery/aws/client-options';
import { checkCredentialExpiry, renewExpiredCredentials } from '@aws-delivery/aws/credentials';
import { findEndpoint } from '@aws-delivery/aws/endpoint';
import { createS3 } from '@aws-delivery/aws/s3/s3-client';
import { CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import type { Inputs } from '../action.js';
import { addErrorMiddleware, type CloudFormation } from './cloudformation-client.js';
import { InputLoader } from './template/input-loader.js';

/** What this action has to do with. */
export interface Services {
  readonly host: Host;
  readonly cloudFormation: CloudFormation;
  readonly getRegion: () => Promise<string>;
  /** Folder that relative paths start from. */
  readonly workspace: string;
  /** The caller's account. */
  readonly getAccount: () => Promise<string>;
  readonly inputLoader: InputLoader;
  /** Where the comment of this run is kept. */
  readonly comments: CommentTarget;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

/** Enough to outlast the throttling of an account in which fifty deploys have begun at once: about a minute and a half. */
const MAX_ATTEMPTS = 10;

const createConfiguration = (region: string | undefined, network: Network, host: Host): AwsClientConfig => {
  const { env, clock, signal } = host;
  const attempts = env['AWS_MAX_ATTEMPTS'] ? {} : { maxAttempts: MAX_ATTEMPTS };
  return createClientConfig({ region, network, clock, signal, action: 'cloudformation-deploy', env, ...attempts });
};

/** A client of CloudFormation whose errors name the operation, and which outlives a session that can be renewed. */
export const createCloudFormationClient = (configuration: AwsClientConfig): CloudFormationClient => {
  const client = new CloudFormationClient(configuration);
  addErrorMiddleware(client);
  renewExpiredCredentials(client);
  return client;
};

/** Connects the post step, which has the inputs of the main step as variables. */
export const createClientFactory =
  (host: Host, overrideConfig: ConfigOverride = keepConfig) =>
  (region: string): CloudFormationClient => {
    const network = createHostNetwork(host, { httpProxy: host.env['INPUT_HTTP-PROXY'] || undefined });
    return createCloudFormationClient(overrideConfig(createConfiguration(region, network, host)));
  };

const getWorkspace = (env: Env): string => env['GITHUB_WORKSPACE'] || process.cwd();

/** What template and parameters are made of: the workspace, S3, and what the stack has. */
const createStackInputLoader = (
  client: CloudFormationClient,
  configuration: AwsClientConfig,
  host: Host,
): InputLoader => {
  const { env, clock, signal } = host;
  // Emulators and VPC endpoints have no host name per bucket.
  const forcePathStyle = findEndpoint('S3', env) !== undefined;
  return new InputLoader({
    clock,
    signal,
    workspace: getWorkspace(env),
    tempDirectory: env['RUNNER_TEMP'] || tmpdir(),
    getRegion: () => client.config.region(),
    getAccount: () => fetchAccountId(configuration),
    getS3: (region) =>
      createS3({ ...configuration, forcePathStyle, ...(region === undefined ? {} : { region }) }, signal),
    fetchPreviousTemplate: async (StackName) => {
      const { TemplateBody: body } = await client.send(
        new GetTemplateCommand({ StackName, TemplateStage: 'Original' }),
      );
      return body ?? '';
    },
    mask: (secret) => host.mask(secret),
  });
};

const SHORT_MODES: readonly Inputs['mode'][] = ['preview', 'create-only', 'drift'];

/** Says beforehand where a wait may outlive its credentials; what does not wait for an operation is over soon. */
const logCredentialExpiry = ({ mode, wait, timeout }: Inputs, { env, clock, log }: Host): void => {
  if (!wait || SHORT_MODES.includes(mode)) return;
  const notice = checkCredentialExpiry(env, clock.now(), clock.now() + timeout * 1000);
  if (notice !== undefined) log.info(notice);
};

/** The services of a run. */
export const createServices = (inputs: Inputs, host: Host, overrideConfig: ConfigOverride = keepConfig): Services => {
  const network = createHostNetwork(host, { httpProxy: inputs['http-proxy'] });
  const configuration = overrideConfig(createConfiguration(inputs['aws-region'], network, host));
  const cloudFormation = createCloudFormationClient(configuration);
  const getRegion = () => cloudFormation.config.region();
  const getAccount = () => fetchAccountId(configuration);
  logCredentialExpiry(inputs, host);
  return {
    host,
    cloudFormation,
    workspace: getWorkspace(host.env),
    getRegion,
    getAccount,
    inputLoader: createStackInputLoader(cloudFormation, configuration, host),
    comments: findCommentTarget({ token: inputs['github-token'], network, env: host.env }),
    random: () => randomInt(2 ** 32) / 2 ** 32,
  };
};
