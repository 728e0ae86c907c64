import { z } from 'zod';
import { durationSchema, HOUR_MS } from '../../time/duration.js';

/** ECR Public: repositories by their names with the alias, `alias/app`. It is reached as `public.ecr.localhost`. */
export const ecrPublicScenario = z.strictObject({
  repositories: z.array(z.string()).default([]),
  tokenLifetime: durationSchema.default(12 * HOUR_MS),
});

export type EcrPublicScenario = z.output<typeof ecrPublicScenario>;
