import { z } from 'zod';

export const stsScenario = z.strictObject({
  /** Bytes of session policies and tags that fill a session to 100 %; AWS packs them in a way it does not publish. */
  packedSize: z.int().positive().default(2048),
});

export type StsScenario = z.output<typeof stsScenario>;
