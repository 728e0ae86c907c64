import { isRecord } from '@aws-delivery/action-kit/util/is-record';

/** What a token says about itself. Signatures are AWS's to check: this is for people to read. */
export type Claims = Readonly<Record<string, unknown>>;

/** The claims of a JWT; undefined when the text is none. */
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

/** A claim that is a text; undefined where it is absent or something else. */
export const getStringClaim = (claims: Claims, name: string): string | undefined => {
  const value = claims[name];
  return typeof value === 'string' ? value : undefined;
};

/** The audiences, whether the token has one or a list. */
export const getAudiences = ({ aud }: Claims): readonly string[] =>
  (Array.isArray(aud) ? aud : [aud]).filter((audience) => typeof audience === 'string');

/** When the token ends, in milliseconds since the epoch. */
export const getExpiry = ({ exp }: Claims): number | undefined => (typeof exp === 'number' ? exp * 1000 : undefined);
