import { z } from 'zod';

export const stsScenario = z.strictObject({
  /**
   * Bytes of session policies and tags that correspond to a PackedPolicySize of 100 %; AWS does not publish its
   * packing.
   */
  packedSize: z.int().positive().default(2048),
});

export type StsScenario = z.output<typeof stsScenario>;
