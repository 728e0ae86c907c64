import type { BasicCredentials } from '@aws-delivery/oci/registry/authenticator';
import { type EcrAuthorization, parseEcrAuthorization } from '@aws-delivery/oci/registry/ecr-authorization';
import { findPrivateRegistry } from './ecr-host.js';

/** A registry and its credentials. */
export interface Login {
  /** Host in image names, with an optional port. */
  readonly host: string;
  /** URL that ECR returns for requests. */
  readonly origin: URL;
  readonly account: string | undefined;
  readonly region: string;
  readonly credentials: BasicCredentials;
}

/** Throws `unexpected` when the token or the endpoint is missing or malformed. */
export const parseLogin = (
  authorization: EcrAuthorization,
  { account, region }: { readonly account: string | undefined; readonly region: string },
): Login => {
  const { origin, credentials } = parseEcrAuthorization(authorization);
  return {
    host: origin.host,
    origin,
    account: findPrivateRegistry(origin.host)?.account ?? account,
    region,
    credentials,
  };
};
