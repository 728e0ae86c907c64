import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { Credentials } from '@aws-delivery/oci/registry/authenticator';

/** A registry and its credentials. */
export interface Login {
  /** Host in image names, with an optional port. */
  readonly host: string;
  /** URL that ECR returns for requests. */
  readonly origin: URL;
  readonly account: string | undefined;
  readonly region: string;
  readonly credentials: Credentials;
}

/** One account's entry in the response of GetAuthorizationToken. */
export interface Authorization {
  readonly authorizationToken?: string | undefined;
  readonly proxyEndpoint?: string | undefined;
}

const ECR_HOST = /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\./u;

/** Account and Region of a private ECR registry; undefined for other hosts. */
export const parseRegistryHost = (host: string): { readonly account: string; readonly region: string } | undefined => {
  const [, account, region] = ECR_HOST.exec(host) ?? [];
  return account === undefined || region === undefined ? undefined : { account, region };
};

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
  const parsedHost = parseRegistryHost(origin.host);
  return {
    host: origin.host,
    origin,
    account: parsedHost?.account ?? account,
    region,
    credentials: { username, password },
  };
};
