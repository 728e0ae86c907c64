import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { BasicCredentials } from './authenticator.js';

/** One registry's entry in the response of GetAuthorizationToken. */
export interface EcrAuthorization {
  /** `user:password` in Base64. */
  readonly authorizationToken?: string | undefined;
  /** URL or host of the registry. */
  readonly proxyEndpoint?: string | undefined;
}

/** A registry's URL, and the credentials that it accepts. */
export interface EcrLogin {
  readonly origin: URL;
  readonly credentials: BasicCredentials;
}

/** Throws `unexpected` when the token or the endpoint is missing or malformed. */
export const parseEcrAuthorization = ({ authorizationToken, proxyEndpoint }: EcrAuthorization): EcrLogin => {
  const [, username, password] =
    /^([^:]+):(.+)$/su.exec(Buffer.from(authorizationToken ?? '', 'base64').toString('utf8')) ?? [];
  const address = /^https?:\/\//u.test(proxyEndpoint ?? '') ? proxyEndpoint : `https://${proxyEndpoint}`;
  if (username === undefined || password === undefined || !address || !URL.canParse(address)) {
    throw new DeliveryError('unexpected', 'the response of GetAuthorizationToken contains no token or no endpoint');
  }
  return { origin: new URL(address), credentials: { username, password } };
};
