import { z } from 'zod';
import { durationSchema } from '../../time/duration.js';

const entity = z.strictObject({
  value: z.string(),
  status: z.enum(['IMPAIRED', 'UNIMPAIRED', 'UNKNOWN', 'PENDING', 'RESOLVED']).default('IMPAIRED'),
  /** Account of the entity; default: the event's first account. */
  account: z.string().optional(),
});

const update = z.strictObject({ at: durationSchema, text: z.string() });

const event = z
  .strictObject({
    service: z.string(),
    region: z.string().default('us-east-1'),
    type: z.string().optional(),
    category: z.enum(['issue', 'accountNotification', 'scheduledChange']).default('issue'),
    /** Visible to all accounts or to `accounts` (default: the server's account). */
    scope: z.enum(['PUBLIC', 'ACCOUNT_SPECIFIC']).default('PUBLIC'),
    accounts: z.array(z.string()).default([]),
    zone: z.string().optional(),
    /** Start, from the server's start; a scheduled change is upcoming until then. */
    starts: durationSchema.default(0),
    /** How long before the server's start it began. */
    age: durationSchema.default(0),
    /** End, from the server's start; default: never. */
    ends: durationSchema.optional(),
    text: z.string().default('We are investigating increased error rates.'),
    updates: z.array(update).default([]),
    entities: z.array(entity).default([]),
    actionability: z.string().optional(),
    personas: z.array(z.string()).default([]),
  })
  .transform((value) => ({ ...value, type: value.type ?? `AWS_${value.service}_OPERATIONAL_ISSUE` }));

/** AWS Health's part of a scenario: events, support plan, active Region and public feed. */
export const healthScenario = z.strictObject({
  /** `none`: the account's support plan does not include the AWS Health API. */
  plan: z.enum(['business', 'none']).default('business'),
  /** The active Region; calls signed for another Region are rejected. `failovers` change it. */
  active: z.string().default('us-east-1'),
  failovers: z.array(z.strictObject({ at: durationSchema, region: z.string() })).default([]),
  events: z.array(event).default([]),
  /** Content of the public feed: events, or a defect. */
  feed: z.enum(['events', 'html', 'truncated', 'renamed', 'down']).default('events'),
});

export type HealthScenario = z.output<typeof healthScenario>;
export type EventScenario = HealthScenario['events'][number];
