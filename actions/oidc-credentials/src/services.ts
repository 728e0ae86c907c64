import { type AwsConfiguration, awsConfiguration } from '@aws-delivery/action-kit/aws';
import type { Host } from '@aws-delivery/action-kit/host';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import { hostNetwork, type Network } from '@aws-delivery/action-kit/network';
import { STSClient } from '@aws-sdk/client-sts';
import type { OidcInputs } from '../action.js';
import { ambientCredentials } from './ambient.js';
import type { ProcessFiles } from './credential-process.js';
import type { Credentials } from './credentials.js';
import { readText } from './private-file.js';
import { IamRoleReader, type RoleReader } from './role-reader.js';
import { type SecretStore, SecretsManager } from './secrets.js';
import type { TokenOrigin } from './source.js';
import { SecurityTokenService, type TokenService } from './token-service.js';
import { freshToken } from './token-source.js';

/** What it takes to get credentials. */
export interface Connections {
  readonly host: Host;
  readonly sts: TokenService;
  readonly token: (origin: TokenOrigin) => Promise<string>;
  /** Credentials that are in place; rejects where there are none. */
  readonly ambient: (environment: 'used' | 'ignored') => Promise<Credentials>;
  readonly roles: RoleReader;
  readonly secrets: (credentials: Credentials) => SecretStore;
}

/** What it takes to get them and to hand them on. */
export interface Services extends Connections {
  readonly files: ProcessFiles;
}

/** The service's own address, where one is configured: an emulator, a VPC endpoint. */
const endpointOf = (service: string, variables: Variables): { readonly endpoint?: string } => {
  if (variables['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true') return {};
  const endpoint = variables[`AWS_ENDPOINT_URL_${service}`] || variables['AWS_ENDPOINT_URL'];
  return endpoint ? { endpoint } : {};
};

/** Attempts are counted here, since each needs a token of its own; a request that hangs must leave time for another. */
const TIMEOUTS = { connect: 5000, request: 20_000 };

const connection = (
  inputs: OidcInputs,
  host: Host,
): { readonly network: Network; readonly common: AwsConfiguration } => {
  const { variables, clock, signal } = host;
  const proxy = { httpProxy: inputs['http-proxy'], noProxy: inputs['no-proxy'] };
  const network = hostNetwork(host, { ...proxy, timeouts: TIMEOUTS });
  const common = awsConfiguration({
    region: inputs['aws-region'],
    network,
    clock,
    signal,
    action: 'oidc-credentials',
    maxAttempts: 1,
    variables,
  });
  return { network, common };
};

/** The connections of a run; `profile` is where ambient credentials come from, by default AWS_PROFILE's. */
export const connect = (inputs: OidcInputs, host: Host, profile?: string): Connections => {
  const { variables, signal } = host;
  const mask = (secret: string): void => host.mask(secret);
  const { network, common } = connection(inputs, host);
  const custom = inputs['sts-endpoint'];
  const sts = { ...common, ...(custom === undefined ? endpointOf('STS', variables) : { endpoint: custom }) };
  const patient = { ...common, maxAttempts: 6 };
  const ambient: Connections['ambient'] = (environment) => ambientCredentials({ environment, profile, sts, host });
  return {
    host,
    ambient,
    sts: new SecurityTokenService({
      connect: (credentials) =>
        new STSClient(credentials === undefined ? sts : { ...sts, credentials: identityOf(credentials) }),
      mask,
      signal,
    }),
    token: (origin) => freshToken(origin, { variables, network, signal, mask, readFile: readText }),
    roles: new IamRoleReader({
      ambient: () => ambient('used'),
      connect: async (credentials) => {
        const { IAMClient } = await import('@aws-sdk/client-iam');
        return new IAMClient({ ...common, ...endpointOf('IAM', variables), credentials: identityOf(credentials) });
      },
      debug: (text) => host.log.debug(text),
    }),
    secrets: (credentials) =>
      new SecretsManager(async () => {
        const { SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
        const endpoint = endpointOf('SECRETS_MANAGER', variables);
        return new SecretsManagerClient({ ...patient, ...endpoint, credentials: identityOf(credentials) });
      }),
  };
};

/** Credentials as the SDK wants them; without their end, since it would look for newer ones before it. */
const identityOf = ({ accessKeyId, secretAccessKey, sessionToken }: Credentials) => ({
  accessKeyId,
  secretAccessKey,
  ...(sessionToken === undefined ? {} : { sessionToken }),
});
