import { z } from 'zod';
import { durationSchema } from '../../time/duration.js';

/** Claims of GitHub's tokens and any others; `sub` is derived from them unless it is given. */
export const claimsSchema = z.record(z.string(), z.union([z.string(), z.boolean(), z.number(), z.looseObject({})]));

export type Claims = z.output<typeof claimsSchema>;

/** The OIDC issuer's part of a scenario: GitHub's, or another CI system's. */
export const oidcScenario = z.strictObject({
  /** `local` is the server's own address, where the discovery document can be fetched. */
  issuer: z.string().default('https://token.actions.githubusercontent.com'),
  /** `immutable` adds ids to the names, as GitHub does for repositories created since 15 July 2026. */
  subject: z.enum(['name', 'immutable']).default('name'),
  lifetime: durationSchema.default(300_000),
  claims: claimsSchema.default({}),
});

export type OidcScenario = z.output<typeof oidcScenario>;
