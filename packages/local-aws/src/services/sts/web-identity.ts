import { compactVerify, createLocalJWKSet, decodeJwt, type JSONWebKeySet, type JWTPayload } from 'jose';
import { z } from 'zod';
import { buildRequestTagKeys } from '../../api-model/service-models.js';
import { createConditionContext } from '../../iam/authorisation.js';
import type { IdentityStore, Provider } from '../../iam/identity.js';
import { type ServiceError, serviceError } from '../../service-error.js';
import type { Issuer } from '../oidc/issuer.js';

/** A verified token and its identity provider. */
export interface WebIdentity {
  readonly provider: Provider;
  readonly claims: JWTPayload;
  readonly audience: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly transitiveTagKeys: readonly string[];
}

const NO_JWT = 'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)';
const NO_KEY =
  "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements";

const invalidTokenError = (message: string): ServiceError => serviceError('InvalidIdentityToken', message);

const decodeToken = (token: string): JWTPayload => {
  try {
    return decodeJwt(token);
  } catch {
    throw invalidTokenError(NO_JWT);
  }
};

const checkSignature = async (token: string, { keys }: Provider, issuer: Issuer): Promise<void> => {
  const keySet = keys ?? (await issuer.getKeys());
  try {
    await compactVerify(token, createLocalJWKSet({ keys: [...keySet.keys] } as JSONWebKeySet));
  } catch {
    throw invalidTokenError(NO_KEY);
  }
};

const checkTimes = ({ exp = 0, nbf = 0 }: JWTPayload, at: number): void => {
  const now = Math.floor(at / 1000);
  if (exp <= now) {
    const message = `Token expired: current date/time ${now} must be before the expiration date/time ${exp}`;
    throw serviceError('ExpiredTokenException', message);
  }
  if (nbf > now) throw invalidTokenError('The ID Token is not yet valid: nbf is in the future');
};

const firstStringSchema = z.union([z.string(), z.array(z.string()).transform(([first = '']) => first)]);

/** Session tags come from a claim of the token: AssumeRoleWithWebIdentity has no Tags parameter. */
const tagsClaimSchema = z
  .object({
    principal_tags: z.record(z.string(), firstStringSchema).default({}),
    transitive_tag_keys: z.array(z.string()).default([]),
  })
  .transform((claim) => ({ tags: claim.principal_tags, transitiveTagKeys: claim.transitive_tag_keys }));

const readTags = ({ 'https://aws.amazon.com/tags': claim = {} }: JWTPayload) => {
  const parsed = tagsClaimSchema.safeParse(claim);
  if (!parsed.success)
    throw invalidTokenError(`The tags of the ID Token are not valid: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
};

export interface VerifyOptions {
  readonly identity: IdentityStore;
  readonly issuer: Issuer;
  /** The account of the role, whose identity providers apply. */
  readonly account: string;
  readonly at: number;
}

/** Verifies a token in STS's order: format, provider, signature, times, audience. @throws ServiceError */
export const verifyToken = async (token: string, options: VerifyOptions): Promise<WebIdentity> => {
  const claims = decodeToken(token);
  const issuer = claims.iss ?? '';
  const provider = options.identity.findProvider(issuer, options.account, options.at);
  if (provider === undefined) throw invalidTokenError(`No OpenIDConnect provider found in your account for ${issuer}`);
  await checkSignature(token, provider, options.issuer);
  checkTimes(claims, options.at);
  const audience = [claims.aud ?? []].flat().find((each) => provider.audiences.includes(each));
  if (audience === undefined) throw invalidTokenError('Incorrect token audience');
  return { provider, claims, audience, ...readTags(claims) };
};

/** Claims that trust policies can use: these for every provider, many more for GitHub's (docs/aws-facts.md §6.2). */
const COMMON_CLAIMS = ['sub', 'aud', 'amr'];
const GITHUB_ISSUER =
  /^(?:token\.actions\.(?:githubusercontent\.com|[^/]+\.ghe\.com)|127\.0\.0\.1:\d+\/_local-aws\/oidc)$/;

/** The condition keys of a federated principal. */
export const buildTrustContext = ({ provider, claims, audience, tags }: WebIdentity, sessionName: string) => {
  const scalars = Object.entries(claims).filter(([name, value]) => {
    const isKnown = COMMON_CLAIMS.includes(name) || GITHUB_ISSUER.test(provider.host);
    return isKnown && ['string', 'number', 'boolean'].includes(typeof value);
  });
  return createConditionContext({
    ...Object.fromEntries(scalars.map(([name, value]) => [`${provider.host}:${name}`, String(value)])),
    [`${provider.host}:aud`]: audience,
    'aws:FederatedProvider': provider.arn,
    'sts:RoleSessionName': sessionName,
    ...buildRequestTagKeys(tags),
  });
};
