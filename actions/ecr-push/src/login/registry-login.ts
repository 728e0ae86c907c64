import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { BasicCredentials } from '@aws-delivery/oci/registry/authenticator';
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

/** One account's entry in the response of GetAuthorizationToken. */
export interface Authorization {
  readonly authorizationToken?: string | undefined;
  readonly proxyEndpoint?: string | undefined;
}

/** Throws `unexpected` when the token or the endpoint is missing or malformed. */
export const parseLogin = (
  { authorizationToken, proxyEndpoint }: Authorization,
  { account, region }: { readonly account: string | undefined; readonly region: string },
): Login => {
  const [, username, password] =
    /^([^:]+):(.+)$/su.exec(Buffer.from(authorizationToken ?? '', 'base64').toString('utf8')) ?? [];
  const address = /^https?:\/\//u.test(proxyEndpoint ?? '') ? proxyEndpoint : `https://${proxyEndpoint}`;
  if (username === undefined || password === undefined || !address || !URL.canParse(address)) {
    throw new DeliveryError('unexpected', 'the response of GetAuthorizationToken contains no token or no endpoint');
  }
  const origin = new URL(address);
  return {
    host: origin.host,
    origin,
    account: findPrivateRegistry(origin.host)?.account ?? account,
    region,
    credentials: { username, password },
  };
};
