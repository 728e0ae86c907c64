import type { Host } from '@aws-delivery/action-kit/host/host';
import { createHostNetwork, type Network } from '@aws-delivery/action-kit/http/network';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { type AwsClientConfig, createClientConfig } from '@aws-delivery/aws/client-options';
import { findEndpoint } from '@aws-delivery/aws/endpoint';
import { STSClient } from '@aws-sdk/client-sts';
import type { OidcInputs } from '../action.js';
import { readOptionalFile } from './export/private-file.js';
import type { ProcessFiles } from './export/process-command.js';
import { type ParameterStore, SsmParameterStore } from './parameters/parameter-store.js';
import { type Credentials, toSdkIdentity } from './role/credentials.js';
import { type StsApi, StsSdkClient } from './role/sts-api.js';
import { type SecretStore, SecretsManagerStore } from './secrets/fetch-secrets.js';
import type { TokenSource } from './token/credential-source.js';
import { loadDefaultCredentials } from './token/default-credentials.js';
import { fetchToken } from './token/fetch-token.js';
import { IamRoleReader, type RoleReader } from './trust/role-reader.js';

/** Effects for obtaining credentials; all that the credential process needs. */
export interface CredentialServices {
  readonly host: Host;
  readonly stsApi: StsApi;
  readonly fetchToken: (tokenSource: TokenSource) => Promise<string>;
  /** The SDK's default credentials; rejects with `missing` when there are none. */
  readonly getDefaultCredentials: (envKeys: 'used' | 'ignored') => Promise<Credentials>;
  readonly roleReader: RoleReader;
  readonly createSecretStore: (credentials: Credentials) => SecretStore;
  readonly createParameterStore: (credentials: Credentials) => ParameterStore;
}

/** Effects of the action. */
export interface Services extends CredentialServices {
  readonly processFiles: ProcessFiles;
}

/** `endpoint` of a client's configuration; absent when the environment configures none. */
const getEndpointConfig = (service: string, env: Env): { readonly endpoint?: string } => {
  const endpoint = findEndpoint(service, env);
  return endpoint === undefined ? {} : { endpoint };
};

// Short: `withRetry` repeats a failed call, with a new token.
const TIMEOUTS_MS = { connect: 5000, request: 20_000 };

const createConnection = (
  inputs: OidcInputs,
  host: Host,
): { readonly network: Network; readonly commonConfig: AwsClientConfig } => {
  const { env, clock, signal } = host;
  const proxy = { httpProxy: inputs['http-proxy'], noProxy: inputs['no-proxy'] };
  const network = createHostNetwork(host, { ...proxy, timeouts: TIMEOUTS_MS });
  const commonConfig = createClientConfig({
    region: inputs['aws-region'],
    network,
    clock,
    signal,
    action: 'oidc-credentials',
    maxAttempts: 1,
    env,
  });
  return { network, commonConfig };
};

/** The stores retry in the SDK. */
const createStoreFactories = (
  commonConfig: AwsClientConfig,
  env: Env,
): Pick<CredentialServices, 'createSecretStore' | 'createParameterStore'> => {
  const retryingConfig = { ...commonConfig, maxAttempts: 6 };
  return {
    createSecretStore: (credentials) =>
      new SecretsManagerStore(async () => {
        const { SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
        const endpoint = getEndpointConfig('SECRETS_MANAGER', env);
        return new SecretsManagerClient({ ...retryingConfig, ...endpoint, credentials: toSdkIdentity(credentials) });
      }),
    createParameterStore: (credentials) =>
      new SsmParameterStore(async () => {
        const { SSMClient } = await import('@aws-sdk/client-ssm');
        const endpoint = getEndpointConfig('SSM', env);
        return new SSMClient({ ...retryingConfig, ...endpoint, credentials: toSdkIdentity(credentials) });
      }),
  };
};

/** Creates the services of a run; `profile` supplies the default credentials in place of AWS_PROFILE. */
export const createServices = (inputs: OidcInputs, host: Host, profile?: string): CredentialServices => {
  const { env, signal } = host;
  const mask = (secret: string): void => host.mask(secret);
  const { network, commonConfig } = createConnection(inputs, host);
  const customEndpoint = inputs['sts-endpoint'];
  const stsConfig = {
    ...commonConfig,
    ...(customEndpoint === undefined ? getEndpointConfig('STS', env) : { endpoint: customEndpoint }),
  };
  const getDefaultCredentials: CredentialServices['getDefaultCredentials'] = (envKeys) =>
    loadDefaultCredentials({ envKeys, profile, stsConfig, host });
  return {
    host,
    getDefaultCredentials,
    stsApi: new StsSdkClient({
      createClient: (credentials) =>
        new STSClient(
          credentials === undefined ? stsConfig : { ...stsConfig, credentials: toSdkIdentity(credentials) },
        ),
      mask,
      signal,
    }),
    fetchToken: (tokenSource) => fetchToken(tokenSource, { env, network, signal, mask, readFile: readOptionalFile }),
    roleReader: new IamRoleReader({
      getDefaultCredentials: () => getDefaultCredentials('used'),
      createClient: async (credentials) => {
        const { IAMClient } = await import('@aws-sdk/client-iam');
        return new IAMClient({
          ...commonConfig,
          ...getEndpointConfig('IAM', env),
          credentials: toSdkIdentity(credentials),
        });
      },
      debug: (message) => host.log.debug(message),
    }),
    ...createStoreFactories(commonConfig, env),
  };
};
