import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { Credentials } from '@aws-delivery/oci/registry/authenticator';

/** A registry and how to get in. */
export interface Login {
  /** Its own name, which images are called by: host, with its port where it has one. */
  readonly host: string;
  /** Where it is reached, as ECR says. */
  readonly origin: URL;
  readonly account: string | undefined;
  readonly region: string;
  readonly credentials: Credentials;
}

/** One account's word of GetAuthorizationToken. */
export interface Authorization {
  readonly authorizationToken?: string | undefined;
  readonly proxyEndpoint?: string | undefined;
}

const ECR_HOST = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\./u;

/** Account and Region of a private registry, from its name; undefined for any other host. */
export const parseRegistryHost = (host: string): { readonly account: string; readonly region: string } | undefined => {
  const [, account, region] = ECR_HOST.exec(host) ?? [];
  return account === undefined || region === undefined ? undefined : { account, region };
};

/** The login that an authorization is. Throws `unexpected` where it is not what it should be. */
export const parseLogin = (
  { authorizationToken, proxyEndpoint }: Authorization,
  { account, region }: { readonly account: string | undefined; readonly region: string },
): Login => {
  const [, username, password] =
    /^([^:]+):(.+)$/su.exec(Buffer.from(authorizationToken ?? '', 'base64').toString('utf8')) ?? [];
  const address = /^https?:\/\//u.test(proxyEndpoint ?? '') ? proxyEndpoint : `https://${proxyEndpoint}`;
  if (username === undefined || password === undefined || !address || !URL.canParse(address)) {
    throw new DeliveryError('unexpected', 'GetAuthorizationToken answered without a token or without an address');
  }
  const origin = new URL(address);
  const parsedHost = parseRegistryHost(origin.host);
  return {
    host: origin.host,
    origin,
    account: parsedHost?.account ?? account,
    region,
    credentials: { username, password },
  };
};
