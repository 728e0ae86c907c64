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
import { checkCredentialExpiry } from '@aws-delivery/aws/credentials';
import { findEndpoint } from '@aws-delivery/aws/endpoint';
import { createS3 } from '@aws-delivery/aws/s3/s3-client';
import { type CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import type { Inputs } from '../action.js';
import { type CloudFormation, createCloudFormationClient } from './cloudformation-client.js';
import type { FindStackOutputs } from './parameters/stack-output-references.js';
import { findStack, getOutputs } from './stack/stack.js';
import { InputLoader } from './template/input-loader.js';

/** AWS clients and other effects of a run. */
export interface Services {
  readonly host: Host;
  readonly cloudFormation: CloudFormation;
  readonly getRegion: () => Promise<string>;
  /** Base directory of relative paths. */
  readonly workspace: string;
  /** Account id of the caller. */
  readonly getAccount: () => Promise<string>;
  readonly inputLoader: InputLoader;
  readonly findStackOutputs: FindStackOutputs;
  /** The pull request to comment on. */
  readonly comments: CommentTarget;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

/** Enough for about 90 seconds of throttling, which an account shows when fifty deployments start at once. */
const MAX_ATTEMPTS = 10;

const createConfiguration = (region: string | undefined, network: Network, host: Host): AwsClientConfig => {
  const { env, clock, signal } = host;
  const attempts = env['AWS_MAX_ATTEMPTS'] ? {} : { maxAttempts: MAX_ATTEMPTS };
  return createClientConfig({ region, network, clock, signal, action: 'cloudformation-deploy', env, ...attempts });
};

/** Creates the client of the post step, which reads the inputs of the main step from environment variables. */
export const createClientFactory =
  (host: Host, overrideConfig: ConfigOverride = keepConfig) =>
  (region: string): CloudFormationClient => {
    const network = createHostNetwork(host, { httpProxy: host.env['INPUT_HTTP-PROXY'] || undefined });
    return createCloudFormationClient(overrideConfig(createConfiguration(region, network, host)));
  };

const getWorkspace = (env: Env): string => env['GITHUB_WORKSPACE'] || process.cwd();

const createStackOutputFinder =
  (client: CloudFormation): FindStackOutputs =>
  async (stackName) =>
    getOutputs(await findStack(client, stackName));

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
    findStackOutputs: createStackOutputFinder(client),
    mask: (secret) => host.mask(secret),
  });
};

const SHORT_MODES: readonly Inputs['mode'][] = ['preview', 'create-only', 'drift'];

/** Logs a notice if the credentials may expire before the timeout. Modes that follow no operation end soon. */
const logCredentialExpiry = ({ mode, wait, timeout }: Inputs, { env, clock, log }: Host): void => {
  if (!wait || SHORT_MODES.includes(mode)) return;
  const notice = checkCredentialExpiry(env, clock.now(), clock.now() + timeout * 1000);
  if (notice !== undefined) log.info(notice);
};

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
    findStackOutputs: createStackOutputFinder(cloudFormation),
    comments: findCommentTarget({ token: inputs['github-token'], network, env: host.env }),
    random: () => randomInt(2 ** 32) / 2 ** 32,
  };
};
