import { z } from 'zod';

/** Secrets by name: a string, or an object that is stored as JSON. */
export const secretsManagerScenario = z.record(
  z.string(),
  z.union([z.string(), z.looseObject({}).transform((value) => JSON.stringify(value))]),
);

export type SecretsManagerScenario = z.output<typeof secretsManagerScenario>;
