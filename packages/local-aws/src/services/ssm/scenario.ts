import { z } from 'zod';
import { duration } from '../../duration.js';

const state = z.enum(['OPEN', 'CLOSED']);

/** Change calendars by name: their state at the start, and how it changes, counted from the start. */
export const ssmScenario = z.strictObject({
  calendars: z
    .record(
      z.string(),
      z.strictObject({
        state: state.default('OPEN'),
        changes: z.array(z.strictObject({ at: duration, state })).default([]),
      }),
    )
    .default({}),
});

export type SsmScenario = z.output<typeof ssmScenario>;
