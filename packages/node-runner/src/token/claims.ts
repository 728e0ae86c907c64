import { z } from 'zod';
import { RunnerError } from '../runner-error.js';
import type { TokenSource } from './token-source.js';

const claimsSchema = z.object({
  iss: z.string().optional(),
  aud: z.union([z.string().transform((audience) => [audience]), z.array(z.string())]).default([]),
  /** Seconds since the epoch. */
  exp: z.number().optional(),
});

export type Claims = z.infer<typeof claimsSchema>;

/** The claims of a token, not verified; undefined if it is not a JSON Web Token. */
const decodeClaims = (token: string): Claims | undefined => {
  try {
    return claimsSchema.parse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')));
  } catch {
    return undefined;
  }
};

const createTokenError = (message: string): RunnerError => new RunnerError('token-unavailable', message);

/**
 * Returns the token if AWS can accept it; the errors of AWS do not say how to correct the configuration.
 * @param now milliseconds since the epoch
 * @throws RunnerError `token-unavailable` if it is not a token, has another audience or is expired
 */
export const checkToken = (token: string, audience: string, source: TokenSource, now: number): string => {
  const claims = decodeClaims(token);
  if (claims === undefined)
    throw createTokenError(`${source.origin} does not contain a JSON Web Token: correct its value`);
  const { aud, exp, iss } = claims;
  if (!aud.includes(audience)) {
    const actual = aud.length === 0 ? 'none' : `'${aud.join("', '")}'`;
    const issuer = iss === undefined ? '' : ` (issuer ${iss})`;
    throw createTokenError(
      `the audience of the token is ${actual}, expected '${audience}'${issuer}: ${source.getAudienceHint(audience, aud)}`,
    );
  }
  if (exp !== undefined && exp * 1000 <= now) {
    const expiredAt = new Date(exp * 1000).toISOString();
    throw createTokenError(
      `the token of ${source.origin} expired at ${expiredAt}, and the host does not issue another: request credentials earlier in the job`,
    );
  }
  return token;
};
