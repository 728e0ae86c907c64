import { randomInt } from 'node:crypto';
import { type AwsConfiguration, awsConfiguration, expiryRemark, renewExpired } from '@aws-delivery/action-kit/aws';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Host } from '@aws-delivery/action-kit/host';
import { createNetwork } from '@aws-delivery/action-kit/network';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Inputs } from '../action.js';
import { type CloudFormation, namingErrors } from './cloudformation.js';
import { createMaterialSource, type MaterialSource } from './material.js';

/** What this action has to do with. */
export interface Services {
  readonly host: Host;
  readonly cloudFormation: CloudFormation;
  readonly region: () => Promise<string>;
  /** The caller's account. */
  readonly account: () => Promise<string>;
  readonly material: MaterialSource;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

/** Changes the settings of every client before it is made. */
export type Tuning = (configuration: AwsConfiguration) => AwsConfiguration;

interface Connection {
  readonly region: string | undefined;
  readonly httpProxy: string | undefined;
}

const configurationOf = ({ region, httpProxy }: Connection, host: Host): AwsConfiguration => {
  const { variables, clock, signal } = host;
  const network = createNetwork({ httpProxy, variables });
  for (const secret of network.secrets) host.mask(secret);
  const userAgent = [['aws-delivery-actions', '1.0.0'], ['cloudformation-deploy']] as const;
  return awsConfiguration({ region, network, clock, signal, userAgent, variables });
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
  (region: string): CloudFormationClient =>
    connect(tune(configurationOf({ region, httpProxy: host.variables['INPUT_HTTP-PROXY'] || undefined }, host)));

/** The services of a run. */
export const createServices = (
  inputs: Inputs,
  host: Host,
  tune: Tuning = (configuration) => configuration,
): Services => {
  const connection = { region: inputs['aws-region'], httpProxy: inputs['http-proxy'] };
  const configuration = tune(configurationOf(connection, host));
  const cloudFormation = connect(configuration);
  const remark = expiryRemark(host.variables, host.clock.now(), host.clock.now() + inputs.timeout * 1000);
  if (remark !== undefined) host.log.warning(remark);
  return {
    host,
    cloudFormation,
    region: () => cloudFormation.config.region(),
    account: () => accountOf(new STSClient(configuration)),
    material: createMaterialSource(host.variables['GITHUB_WORKSPACE'] ?? process.cwd()),
    random: () => randomInt(2 ** 32) / 2 ** 32,
  };
};
