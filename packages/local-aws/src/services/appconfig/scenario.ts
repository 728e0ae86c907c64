import { z } from 'zod';
import { durationSchema } from '../../time/duration.js';

/** AppConfig's side of a run; applications, environments and profiles are made by calls. */
export const appConfigScenario = z.strictObject({
  /** Lambda validators by ARN, and what they object to; one that is not here accepts everything. */
  validators: z.record(z.string(), z.array(z.strictObject({ contains: z.string(), reason: z.string() }))).default({}),
  /** How long a rollback takes. */
  rollback: durationSchema.default(0),
  /** For how long a read of its configuration protects an environment and a profile; no protection without it. */
  deletionProtection: durationSchema.optional(),
  /** Quotas, by default those of the service (aws-facts §2.4). */
  limits: z
    .strictObject({
      applications: z.int().default(100),
      environments: z.int().default(20),
      profiles: z.int().default(100),
      strategies: z.int().default(20),
      kilobytes: z.int().default(1024),
    })
    .prefault({}),
});

export type AppConfigScenario = z.output<typeof appConfigScenario>;
