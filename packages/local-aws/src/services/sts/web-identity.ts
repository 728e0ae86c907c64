import { compactVerify, createLocalJWKSet, decodeJwt, type JSONWebKeySet, type JWTPayload } from 'jose';
import { contextOf } from '../../iam/authorisation.js';
import type { Identity, Provider } from '../../iam/identity.js';
import type { Issuer } from '../oidc/issuer.js';
import { refused } from './session-request.js';

/** A verified token and the provider that vouches for it. */
export interface WebIdentity {
  readonly provider: Provider;
  readonly claims: JWTPayload;
  readonly audience: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly transitiveTagKeys: readonly string[];
}

const decode = (token: string): JWTPayload => {
  try {
    return decodeJwt(token);
  } catch {
    throw refused(
      'InvalidIdentityToken',
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    );
  }
};

const checkSignature = async (token: string, { keys }: Provider, issuer: Issuer): Promise<void> => {
  const set = keys ?? (await issuer.keys());
  try {
    await compactVerify(token, createLocalJWKSet({ keys: [...set.keys] } as JSONWebKeySet));
  } catch {
    throw refused(
      'InvalidIdentityToken',
      "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements",
    );
  }
};

const checkTimes = ({ exp = 0, nbf = 0 }: JWTPayload, at: number): void => {
  const now = Math.floor(at / 1000);
  if (exp <= now) {
    const text = `Token expired: current date/time ${now} must be before the expiration date/time ${exp}`;
    throw refused('ExpiredTokenException', text);
  }
  if (nbf > now) throw refused('InvalidIdentityToken', 'The ID Token is not yet valid: nbf is in the future');
};

const TAGS = 'https://aws.amazon.com/tags';

/** Session tags travel in a claim of the token: AssumeRoleWithWebIdentity has no Tags parameter. */
const readTags = (claims: JWTPayload): Pick<WebIdentity, 'tags' | 'transitiveTagKeys'> => {
  const claim = claims[TAGS];
  if (typeof claim !== 'object' || claim === null) return { tags: {}, transitiveTagKeys: [] };
  const principal = 'principal_tags' in claim ? claim.principal_tags : {};
  const transitive = 'transitive_tag_keys' in claim ? claim.transitive_tag_keys : [];
  const tags = Object.entries(typeof principal === 'object' && principal !== null ? principal : {});
  return {
    tags: Object.fromEntries(
      tags.map(([key, value]) => [key, Array.isArray(value) ? String(value[0]) : String(value)]),
    ),
    transitiveTagKeys: Array.isArray(transitive) ? transitive.map(String) : [],
  };
};

export interface VerifyOptions {
  readonly identity: Identity;
  readonly issuer: Issuer;
  /** The account of the role: its providers are asked. */
  readonly account: string;
  readonly at: number;
}

/** Verifies a token in STS's order: form, provider, signature, times, audience. Throws `Refused` as STS answers. */
export const verifyToken = async (token: string, options: VerifyOptions): Promise<WebIdentity> => {
  const claims = decode(token);
  const issuer = claims.iss ?? '';
  const provider = options.identity.provider(issuer, options.account);
  if (provider === undefined) {
    throw refused('InvalidIdentityToken', `No OpenIDConnect provider found in your account for ${issuer}`);
  }
  await checkSignature(token, provider, options.issuer);
  checkTimes(claims, options.at);
  const audience = [claims.aud ?? []].flat().find((each) => provider.audiences.includes(each));
  if (audience === undefined) throw refused('InvalidIdentityToken', 'Incorrect token audience');
  return { provider, claims, audience, ...readTags(claims) };
};

/** Claims that trust policies may name: three for every provider, many for GitHub's (aws-facts §6.2). */
const COMMON = ['sub', 'aud', 'amr'];
const GITHUB = /^(?:token\.actions\.(?:githubusercontent\.com|[^/]+\.ghe\.com)|127\.0\.0\.1:\d+\/_local-aws\/oidc)$/;

/** The condition keys of a federated caller. */
export const trustContext = ({ provider, claims, audience, tags }: WebIdentity, sessionName: string) => {
  const scalars = Object.entries(claims).filter(([name, value]) => {
    const known = COMMON.includes(name) || GITHUB.test(provider.host);
    return known && ['string', 'number', 'boolean'].includes(typeof value);
  });
  return contextOf({
    ...Object.fromEntries(scalars.map(([name, value]) => [`${provider.host}:${name}`, String(value)])),
    [`${provider.host}:aud`]: audience,
    'aws:FederatedProvider': provider.arn,
    'sts:RoleSessionName': sessionName,
    ...(Object.keys(tags).length > 0 && { 'aws:TagKeys': Object.keys(tags) }),
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
  });
};
