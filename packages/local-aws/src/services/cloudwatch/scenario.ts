import { z } from 'zod';
import { durationSchema } from '../../time/duration.js';

const state = z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']);

/** Alarms by name: initial state and changes, with times from the server's start. */
export const cloudwatchScenario = z.strictObject({
  alarms: z
    .record(
      z.string(),
      z.strictObject({
        kind: z.enum(['metric', 'composite']).default('metric'),
        state: state.default('OK'),
        reason: z.string().default('Threshold Crossed'),
        changes: z
          .array(z.strictObject({ at: durationSchema, state, reason: z.string().default('Threshold Crossed') }))
          .default([]),
      }),
    )
    .default({}),
});

export type CloudWatchScenario = z.output<typeof cloudwatchScenario>;
