import { z } from 'zod';
import { durationSchema } from '../../time/duration.js';

/** AppConfig's part of a scenario. Applications, environments and profiles are created by calls. */
export const appConfigScenario = z.strictObject({
  /**
   * Lambda validators by ARN: content with one of the texts is rejected for its reason. A validator without entry
   * accepts everything.
   */
  validators: z.record(z.string(), z.array(z.strictObject({ contains: z.string(), reason: z.string() }))).default({}),
  /** Duration of a rollback. */
  rollback: durationSchema.default(0),
  /** How long reading a configuration protects its environment and profile from deletion; default: no protection. */
  deletionProtection: durationSchema.optional(),
  /** Quotas; the defaults are AWS's (docs/aws-facts.md §2.4). */
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
