import type { CredentialSource } from '@aws-delivery/oci/registry/authenticator';
import { Authenticator } from '@aws-delivery/oci/registry/authenticator';
import { BlobCache } from '@aws-delivery/oci/registry/blob-cache';
import { RegistryClient } from '@aws-delivery/oci/registry/registry-client';
import type { RetryPolicy } from '@aws-delivery/oci/registry/retry';
import type { HttpTransport } from '@aws-delivery/oci/registry/transport';
import type { EcrApi } from '../ecr-api.js';
import type { Login } from './registry-login.js';

/** A registry that is pushed to. */
export interface Registry {
  readonly login: Login;
  /** ECR's API where the registry is; undefined for ECR Public. */
  readonly ecr: EcrApi | undefined;
  readonly client: RegistryClient;
  readonly retry: RetryPolicy;
  readonly blobCache: BlobCache;
  /** Logs in anew. */
  readonly renew: () => Promise<Login>;
}

export interface Connection {
  readonly transport: HttpTransport;
  readonly retry: RetryPolicy;
}

export interface ConnectOptions extends Connection {
  readonly login: Login;
  readonly ecr: EcrApi | undefined;
  readonly endpoint: URL | undefined;
  /** Logs in anew, where a push outlives its token or its session. */
  readonly renew: () => Promise<Login>;
}

/** Connects a registry, with credentials that are renewed when they are turned down. */
export const connectRegistry = ({ login, ecr, endpoint, renew, transport, retry }: ConnectOptions): Registry => {
  const getCredentials: CredentialSource = async (forceRenewal) => (forceRenewal ? await renew() : login).credentials;
  const authenticator = new Authenticator({
    getCredentials,
    transport,
    scheme: ecr === undefined ? 'challenge' : 'basic',
  });
  const origin = endpoint ?? login.origin;
  const client = new RegistryClient({ origin, transport, authenticator, retry, access: 'pull,push' });
  return { login, ecr, client, retry, blobCache: new BlobCache(client), renew };
};
