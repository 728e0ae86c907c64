import type { Ecr } from './ecr.js';
import type { CredentialSource } from './oci/authenticator.js';
import { Authenticator } from './oci/authenticator.js';
import { BlobLedger } from './oci/blob-ledger.js';
import type { Exchange } from './oci/exchange.js';
import type { Patience } from './oci/patience.js';
import { RegistryClient } from './oci/registry-client.js';
import type { Login } from './registry-login.js';

/** A registry that is pushed to. */
export interface Registry {
  readonly login: Login;
  /** ECR's API where the registry is; undefined for ECR Public. */
  readonly ecr: Ecr | undefined;
  readonly client: RegistryClient;
  readonly patience: Patience;
  readonly ledger: BlobLedger;
  /** Logs in anew. */
  readonly renew: () => Promise<Login>;
}

export interface Connection {
  readonly exchange: Exchange;
  readonly patience: Patience;
}

export interface RegistryOptions extends Connection {
  readonly login: Login;
  readonly ecr: Ecr | undefined;
  readonly endpoint: URL | undefined;
  /** Logs in anew, where a push outlives its token or its session. */
  readonly renew: () => Promise<Login>;
}

/** Connects a registry, with credentials that are renewed when they are turned down. */
export const connectRegistry = ({ login, ecr, endpoint, renew, exchange, patience }: RegistryOptions): Registry => {
  const credentials: CredentialSource = async (mode) => (mode === 'any' ? login : await renew()).credentials;
  const authenticator = new Authenticator({
    credentials,
    exchange,
    scheme: ecr === undefined ? 'ask' : 'basic',
  });
  const origin = endpoint ?? login.origin;
  const client = new RegistryClient({ origin, exchange, authenticator, patience, access: 'pull,push' });
  return { login, ecr, client, patience, ledger: new BlobLedger(client), renew };
};
