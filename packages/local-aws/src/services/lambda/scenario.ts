import { z } from 'zod';

const responseSchema = z.strictObject({
  /** Name or ARN of the function; may contain `*`. */
  function: z.string().default('*'),
  /** Path of the request; may contain `*`. */
  path: z.string().startsWith('/').default('/*'),
  status: z.int().min(200).max(599).default(200),
  contentType: z.string().default('application/json'),
  body: z.string().default(''),
});

/** Lambda's part of a scenario: responses of function URLs, because no function is run. The first match applies. */
export const lambdaScenario = z.strictObject({ responses: z.array(responseSchema).default([]) });

export type LambdaScenario = z.output<typeof lambdaScenario>;
