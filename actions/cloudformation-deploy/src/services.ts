import { randomInt } from 'node:crypto';
import { tmpdir } from 'node:os';
import { type AwsConfiguration, awsConfiguration, expiryRemark, renewExpired } from '@aws-delivery/action-kit/aws';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Host } from '@aws-delivery/action-kit/host';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import { hostNetwork, type Network } from '@aws-delivery/action-kit/network';
import { type CommentPlace, commentPlace } from '@aws-delivery/action-kit/run-comment';
import { createS3 } from '@aws-delivery/artifact/s3-client';
import { CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Inputs } from '../action.js';
import { type CloudFormation, namingErrors } from './cloudformation.js';
import type { MaterialSource } from './material.js';
import { createPreparation } from './preparation.js';

/** What this action has to do with. */
export interface Services {
  readonly host: Host;
  readonly cloudFormation: CloudFormation;
  readonly region: () => Promise<string>;
  /** Folder that relative paths start from. */
  readonly workspace: string;
  /** The caller's account. */
  readonly account: () => Promise<string>;
  readonly material: MaterialSource;
  /** Where the comment of this run is kept. */
  readonly comments: CommentPlace;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

/** Changes the settings of every client before it is made. */
export type Tuning = (configuration: AwsConfiguration) => AwsConfiguration;

/** Enough to outlast the throttling of an account in which fifty deploys have begun at once: about a minute and a half. */
const MOST_ATTEMPTS = 10;

const configurationOf = (region: string | undefined, network: Network, host: Host): AwsConfiguration => {
  const { variables, clock, signal } = host;
  const attempts = variables['AWS_MAX_ATTEMPTS'] ? {} : { maxAttempts: MOST_ATTEMPTS };
  return awsConfiguration({ region, network, clock, signal, action: 'cloudformation-deploy', variables, ...attempts });
};

const accountOf = async (client: STSClient): Promise<string> => {
  const { Account: account } = await client.send(new GetCallerIdentityCommand({}));
  if (account !== undefined) return account;
  throw new DeliveryError('unexpected', 'GetCallerIdentity named no account');
};

/** A client of CloudFormation whose errors name the operation, and which outlives a session that can be renewed. */
export const connect = (configuration: AwsConfiguration): CloudFormationClient => {
  const client = new CloudFormationClient(configuration);
  namingErrors(client);
  renewExpired(client);
  return client;
};

/** Connects the post step, which has the inputs of the main step as variables. */
export const connectTo =
  (host: Host, tune: Tuning = (configuration) => configuration) =>
  (region: string): CloudFormationClient => {
    const network = hostNetwork(host, { httpProxy: host.variables['INPUT_HTTP-PROXY'] || undefined });
    return connect(tune(configurationOf(region, network, host)));
  };

/** An emulator or a VPC endpoint has no host name for each bucket. */
const hasOwnEndpoint = (variables: Variables): boolean =>
  Boolean(variables['AWS_ENDPOINT_URL_S3'] || variables['AWS_ENDPOINT_URL']);

const workspaceOf = (variables: Variables): string => variables['GITHUB_WORKSPACE'] || process.cwd();

/** What template and parameters are made of: the workspace, S3, and what the stack has. */
const materialFrom = (client: CloudFormationClient, configuration: AwsConfiguration, host: Host): MaterialSource => {
  const { variables, clock, signal } = host;
  const forcePathStyle = hasOwnEndpoint(variables);
  return createPreparation({
    clock,
    signal,
    workspace: workspaceOf(variables),
    temporary: variables['RUNNER_TEMP'] || tmpdir(),
    region: () => client.config.region(),
    account: () => accountOf(new STSClient(configuration)),
    s3: (region) => createS3({ ...configuration, forcePathStyle, ...(region === undefined ? {} : { region }) }, signal),
    previousTemplate: async (StackName) => {
      const { TemplateBody: body } = await client.send(
        new GetTemplateCommand({ StackName, TemplateStage: 'Original' }),
      );
      return body ?? '';
    },
    mask: (secret) => host.mask(secret),
  });
};

const BRIEF: readonly Inputs['mode'][] = ['preview', 'create-only', 'drift'];

/** Says beforehand where a wait may outlive its credentials; what does not wait for an operation is over soon. */
const remarkExpiry = ({ mode, wait, timeout }: Inputs, { variables, clock, log }: Host): void => {
  if (!wait || BRIEF.includes(mode)) return;
  const remark = expiryRemark(variables, clock.now(), clock.now() + timeout * 1000);
  if (remark !== undefined) log.info(remark);
};

/** The services of a run. */
export const createServices = (
  inputs: Inputs,
  host: Host,
  tune: Tuning = (configuration) => configuration,
): Services => {
  const network = hostNetwork(host, { httpProxy: inputs['http-proxy'] });
  const configuration = tune(configurationOf(inputs['aws-region'], network, host));
  const cloudFormation = connect(configuration);
  const region = () => cloudFormation.config.region();
  const account = () => accountOf(new STSClient(configuration));
  remarkExpiry(inputs, host);
  return {
    host,
    cloudFormation,
    workspace: workspaceOf(host.variables),
    region,
    account,
    material: materialFrom(cloudFormation, configuration, host),
    comments: commentPlace({ token: inputs['github-token'], network, variables: host.variables }),
    random: () => randomInt(2 ** 32) / 2 ** 32,
  };
};
