import { isRecord } from '@aws-delivery/action-kit/util/is-record';

/** Claims of a token, for messages; AWS verifies the signature. */
export type Claims = Readonly<Record<string, unknown>>;

/** Parses the claims of a JWT; undefined for any other text. */
export const parseClaims = (token: string): Claims | undefined => {
  const [, payload, signature] = token.split('.');
  if (payload === undefined || signature === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return isRecord(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
};

/** A claim of type string; undefined for a missing one or another type. */
export const getStringClaim = (claims: Claims, name: string): string | undefined => {
  const value = claims[name];
  return typeof value === 'string' ? value : undefined;
};

/** The audiences, from a single value or a list. */
export const getAudiences = ({ aud }: Claims): readonly string[] =>
  (Array.isArray(aud) ? aud : [aud]).filter((audience) => typeof audience === 'string');

/** Expiration in milliseconds since the epoch. */
export const getExpiry = ({ exp }: Claims): number | undefined => (typeof exp === 'number' ? exp * 1000 : undefined);
