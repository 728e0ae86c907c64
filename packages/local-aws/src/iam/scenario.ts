import { z } from 'zod';
import { duration } from '../duration.js';
import { policySchema } from './policy.js';

const policies = z.record(z.string(), policySchema).default({});

const role = z.strictObject({
  trust: policySchema,
  policies,
  boundary: policySchema.optional(),
  maxSessionDuration: duration.default(3_600_000),
  path: z.string().default('/'),
  tags: z.record(z.string(), z.string()).default({}),
});

const user = z.strictObject({
  accessKeys: z.record(z.string(), z.string()),
  policies,
  boundary: policySchema.optional(),
});

const provider = z.strictObject({
  url: z.string(),
  audiences: z.array(z.string()).default(['sts.amazonaws.com']),
  /** A JWK set to verify with; the server's own issuer's keys where left out. */
  keys: z.looseObject({ keys: z.array(z.looseObject({})) }).optional(),
});

/** Who there is: root keys, users, roles (by name, or by ARN where they belong to another account), identity providers. */
export const iamScenario = z.strictObject({
  accessKeys: z.record(z.string(), z.string()).default({ test: 'test' }),
  users: z.record(z.string(), user).default({}),
  roles: z.record(z.string(), role).default({}),
  oidcProviders: z.array(provider).default([]),
});

export type IamScenario = z.output<typeof iamScenario>;
