import { randomInt } from 'node:crypto';
import { tmpdir } from 'node:os';
import { type CommentTarget, findCommentTarget } from '@aws-delivery/action-kit/github/sticky-comment';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { createHostNetwork, type Network } from '@aws-delivery/action-kit/http/network';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { fetchAccountId } from '@aws-delivery/aws/account';
import { type AssumedRole, createRoleProvider } from '@aws-delivery/aws/assume-role';
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

/** Another Region, or a role to assume, for the calls of one stack. */
export interface Connection {
  readonly region: string;
  /** Undefined: the credentials of the step. */
  readonly role: AssumedRole | undefined;
}

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
  /** Proxy and certificates of requests that no AWS client sends. */
  readonly network: Network;
  /** Of all clients, for further ones. */
  readonly configuration: AwsClientConfig;
  /** The role that the clients have assumed; undefined for the credentials of the step. */
  readonly role: AssumedRole | undefined;
  /** The same services with clients of another connection. */
  connect(connection: Connection): Services;
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
  (region: string, role?: AssumedRole): CloudFormationClient => {
    const network = createHostNetwork(host, { httpProxy: host.env['INPUT_HTTP-PROXY'] || undefined });
    const configuration = overrideConfig(createConfiguration(region, network, host));
    return createCloudFormationClient(assumeRole(configuration, role, host));
  };

const assumeRole = (configuration: AwsClientConfig, role: AssumedRole | undefined, host: Host): AwsClientConfig =>
  role === undefined
    ? configuration
    : Object.assign({}, configuration, {
        credentials: createRoleProvider(configuration, role, (secret) => host.mask(secret)),
      });

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
  const base = overrideConfig(createConfiguration(inputs['aws-region'], network, host));
  const comments = findCommentTarget({ token: inputs['github-token'], network, env: host.env });
  logCredentialExpiry(inputs, host);
  const createConnectedServices = (configuration: AwsClientConfig, role: AssumedRole | undefined): Services => {
    const cloudFormation = createCloudFormationClient(configuration);
    return {
      host,
      cloudFormation,
      workspace: getWorkspace(host.env),
      getRegion: () => cloudFormation.config.region(),
      getAccount: () => fetchAccountId(configuration),
      inputLoader: createStackInputLoader(cloudFormation, configuration, host),
      findStackOutputs: createStackOutputFinder(cloudFormation),
      comments,
      random: () => randomInt(2 ** 32) / 2 ** 32,
      network,
      configuration,
      role,
      connect: (connection) => {
        const regional = { ...base, region: connection.region };
        return createConnectedServices(assumeRole(regional, connection.role, host), connection.role);
      },
    };
  };
  return createConnectedServices(base, undefined);
};
