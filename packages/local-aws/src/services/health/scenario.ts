import { z } from 'zod';
import { durationSchema } from '../../time/duration.js';

const entity = z.strictObject({
  value: z.string(),
  status: z.enum(['IMPAIRED', 'UNIMPAIRED', 'UNKNOWN', 'PENDING', 'RESOLVED']).default('IMPAIRED'),
  /** The account it is in; the first of the event's where left out. */
  account: z.string().optional(),
});

const update = z.strictObject({ at: durationSchema, text: z.string() });

const event = z
  .strictObject({
    service: z.string(),
    region: z.string().default('us-east-1'),
    type: z.string().optional(),
    category: z.enum(['issue', 'accountNotification', 'scheduledChange']).default('issue'),
    /** Who sees it: everybody, or the accounts it names (the server's own where it names none). */
    scope: z.enum(['PUBLIC', 'ACCOUNT_SPECIFIC']).default('PUBLIC'),
    accounts: z.array(z.string()).default([]),
    zone: z.string().optional(),
    /** When it starts, counted from the server's start; a scheduled change is upcoming until then. */
    starts: durationSchema.default(0),
    /** How long it has been going on already when the server starts. */
    age: durationSchema.default(0),
    /** When it is over, counted from the server's start; never where left out. */
    ends: durationSchema.optional(),
    text: z.string().default('We are investigating increased error rates.'),
    updates: z.array(update).default([]),
    entities: z.array(entity).default([]),
    actionability: z.string().optional(),
    personas: z.array(z.string()).default([]),
  })
  .transform((value) => ({ ...value, type: value.type ?? `AWS_${value.service}_OPERATIONAL_ISSUE` }));

/** AWS Health: what happens and when, who may ask, and where the service itself is. */
export const healthScenario = z.strictObject({
  /** `none`: the account's support plan has no AWS Health API. */
  plan: z.enum(['business', 'none']).default('business'),
  /** The Region that is active, and how that changes; calls signed for another are refused. */
  active: z.string().default('us-east-1'),
  failovers: z.array(z.strictObject({ at: durationSchema, region: z.string() })).default([]),
  events: z.array(event).default([]),
  /** What the public feed answers with. */
  feed: z.enum(['events', 'html', 'truncated', 'renamed', 'down']).default('events'),
});

export type HealthScenario = z.output<typeof healthScenario>;
export type EventScenario = HealthScenario['events'][number];
