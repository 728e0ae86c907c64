import { z } from 'zod';
import { durationSchema, HOUR_MS } from '../time/duration.js';
import { policySchema } from './policy.js';

const policiesSchema = z.record(z.string(), policySchema).default({});

const roleSchema = z.strictObject({
  trust: policySchema,
  policies: policiesSchema,
  boundary: policySchema.optional(),
  maxSessionDuration: durationSchema.default(HOUR_MS),
  path: z.string().default('/'),
  tags: z.record(z.string(), z.string()).default({}),
});

const userSchema = z.strictObject({
  accessKeys: z.record(z.string(), z.string()),
  policies: policiesSchema,
  boundary: policySchema.optional(),
});

const providerSchema = z.strictObject({
  url: z.string(),
  audiences: z.array(z.string()).default(['sts.amazonaws.com']),
  /** JWK set for verifying tokens; default: the keys of the server's own issuer. */
  keys: z.looseObject({ keys: z.array(z.looseObject({})) }).optional(),
});

/** Root keys, users, roles (by name, or by ARN for another account) and identity providers. */
export const iamScenario = z.strictObject({
  accessKeys: z.record(z.string(), z.string()).default({ test: 'test' }),
  users: z.record(z.string(), userSchema).default({}),
  roles: z.record(z.string(), roleSchema).default({}),
  oidcProviders: z.array(providerSchema).default([]),
});

export type IamScenario = z.output<typeof iamScenario>;
