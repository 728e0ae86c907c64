import type { CredentialSource } from '@aws-delivery/oci/registry/authenticator';
import { Authenticator } from '@aws-delivery/oci/registry/authenticator';
import { BlobCache } from '@aws-delivery/oci/registry/blob-cache';
import { RegistryClient } from '@aws-delivery/oci/registry/registry-client';
import type { RetryPolicy } from '@aws-delivery/oci/registry/retry';
import type { HttpTransport } from '@aws-delivery/oci/registry/transport';
import type { EcrApi } from '../ecr-api.js';
import { parseEcrHost } from './ecr-host.js';
import type { Login } from './registry-login.js';

/** A connected registry. */
export interface Registry {
  readonly login: Login;
  /** ECR's API in the registry's Region; undefined for ECR Public. */
  readonly ecr: EcrApi | undefined;
  readonly client: RegistryClient;
  readonly retry: RetryPolicy;
  readonly blobCache: BlobCache;
  /** Gets a new login. */
  readonly renew: () => Promise<Login>;
  /** Undefined except for ECR Public. */
  readonly createPublicRepository: CreatePublicRepository | undefined;
}

/** Creates a repository of ECR Public and returns its URI; undefined when it exists already. Throws DeliveryError. */
export type CreatePublicRepository = (
  name: string,
  tags: Readonly<Record<string, string>>,
) => Promise<string | undefined>;

export interface Connection {
  readonly transport: HttpTransport;
  readonly retry: RetryPolicy;
}

export interface ConnectOptions extends Connection {
  readonly login: Login;
  readonly ecr: EcrApi | undefined;
  readonly endpoint: URL | undefined;
  readonly createPublicRepository?: CreatePublicRepository;
  /** Gets a new login when the token expires during a push. */
  readonly renew: () => Promise<Login>;
}

/** Whether a host is that of a registry of this run: ECR's `proxyEndpoint`, or the input `registry-endpoint`. */
export const hasHost = ({ login, client }: Registry, host: string): boolean =>
  login.host === host || client.origin.host === host;

/** The login under the registry's own host, and under the host of `registry-endpoint` if that is another one. */
export const listLogins = ({ login, client }: Registry): readonly Login[] =>
  client.origin.host === login.host ? [login] : [login, { ...login, host: client.origin.host }];

/** Whether ECR's credentials may be sent to a token server that a registry names. */
export const isTrustedTokenServer = (url: URL, registry: URL): boolean =>
  url.origin === registry.origin || parseEcrHost(url.host) !== undefined;

/** Creates the client of a registry, which renews its credentials when they are rejected. */
export const connectRegistry = (options: ConnectOptions): Registry => {
  const { login, ecr, endpoint, renew, transport, retry, createPublicRepository } = options;
  const getCredentials: CredentialSource = async (forceRenewal) => (forceRenewal ? await renew() : login).credentials;
  const origin = endpoint ?? login.origin;
  const authenticator = new Authenticator({
    getCredentials,
    transport,
    scheme: ecr === undefined ? 'challenge' : 'basic',
    isTrusted: (url) => isTrustedTokenServer(url, origin),
  });
  const client = new RegistryClient({ origin, transport, authenticator, retry, access: 'pull,push' });
  return { login, ecr, client, retry, blobCache: new BlobCache(client), renew, createPublicRepository };
};
