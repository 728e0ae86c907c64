import { z } from 'zod';
import { durationSchema } from '../../time/duration.js';

const state = z.enum(['OPEN', 'CLOSED']);

/** What Systems Manager has at the start. */
export const ssmScenario = z.strictObject({
  /** Parameters by name: their values. */
  parameters: z.record(z.string(), z.string()).default({}),
  /** Documents by name: their default versions. */
  documents: z.record(z.string(), z.string()).default({}),
  /** Change calendars by name: their state at the start, and how it changes, counted from the start. */
  calendars: z
    .record(
      z.string(),
      z.strictObject({
        state: state.default('OPEN'),
        changes: z.array(z.strictObject({ at: durationSchema, state })).default([]),
      }),
    )
    .default({}),
});

export type SsmScenario = z.output<typeof ssmScenario>;
