import { z } from 'zod';
import { durationSchema } from '../../time/duration.js';

const state = z.enum(['OPEN', 'CLOSED']);

/** Systems Manager's part of a scenario. */
export const ssmScenario = z.strictObject({
  /** Parameters by name: a value of type String, or a value with its type. */
  parameters: z
    .record(
      z.string(),
      z.union([
        z.string().transform((value) => ({ type: 'String' as const, value })),
        z.strictObject({ type: z.enum(['String', 'StringList', 'SecureString']), value: z.string() }),
      ]),
    )
    .default({}),
  /** Default versions of documents, by name. */
  documents: z.record(z.string(), z.string()).default({}),
  /**
   * Change calendars by name: initial state and changes, with times from the server's start, or an iCalendar document.
   */
  calendars: z
    .record(
      z.string(),
      z.strictObject({
        state: state.default('OPEN'),
        changes: z.array(z.strictObject({ at: durationSchema, state })).default([]),
        icalendar: z.string().optional(),
      }),
    )
    .default({}),
});

export type SsmScenario = z.output<typeof ssmScenario>;
