import { z } from 'zod';
import { durationSchema, HOUR_MS } from '../../time/duration.js';

/** ECR Public's part of a scenario: repositories by alias and name, `alias/app`. The host is `public.ecr.localhost`. */
export const ecrPublicScenario = z.strictObject({
  repositories: z.array(z.string()).default([]),
  tokenLifetime: durationSchema.default(12 * HOUR_MS),
});

export type EcrPublicScenario = z.output<typeof ecrPublicScenario>;
