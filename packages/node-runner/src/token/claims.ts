import { z } from 'zod';
import { RunnerError } from '../runner-error.js';
import type { TokenSource } from './token-source.js';

const schema = z.object({
  iss: z.string().optional(),
  aud: z.union([z.string().transform((audience) => [audience]), z.array(z.string())]).default([]),
  /** Seconds since the epoch. */
  exp: z.number().optional(),
});

export type Claims = z.infer<typeof schema>;

/** The claims of a token, unverified: who gets it verifies it. Undefined for what is no JSON Web Token. */
export const claimsOf = (token: string): Claims | undefined => {
  try {
    return schema.parse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')));
  } catch {
    return undefined;
  }
};

const refuse = (message: string): RunnerError => new RunnerError('token-unavailable', message);

/**
 * The token, if it can serve: AWS would refuse it otherwise in words that do not tell what to change.
 * @param now milliseconds since the epoch
 * @throws RunnerError `token-unavailable` for what is no token, has another audience or is over
 */
export const checkToken = (token: string, audience: string, source: TokenSource, now: number): string => {
  const claims = claimsOf(token);
  if (claims === undefined) throw refuse(`${source.origin} holds no JSON Web Token: correct what is put there`);
  const { aud, exp, iss } = claims;
  if (!aud.includes(audience)) {
    const has = aud.length === 0 ? 'none' : `'${aud.join("', '")}'`;
    const issuer = iss === undefined ? '' : ` (issuer ${iss})`;
    throw refuse(`the token's audience is ${has}, not '${audience}'${issuer}: ${source.remedy(audience, aud)}`);
  }
  if (exp !== undefined && exp * 1000 <= now) {
    const over = new Date(exp * 1000).toISOString();
    throw refuse(
      `the token of ${source.origin} was valid until ${over}, and this host mints no other: get credentials earlier in the job`,
    );
  }
  return token;
};
