import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { Event, OrganizationEvent, AffectedEntity as WireEntity } from '@aws-sdk/client-health';
import type { Criteria } from './criteria.js';
import type { AffectedEntity, HealthEvent } from './health-event.js';

/** What AWS says of an event. */
export interface Description {
  readonly text: string | undefined;
  readonly zone: string | undefined;
}

/** Descriptions by event ARN, and remarks on those that could not be had. */
export interface Descriptions {
  readonly byArn: ReadonlyMap<string, Description>;
  readonly notices: readonly string[];
}

/** AWS Health as seen from an account or from an organisation. Every answer is complete, or an error. */
export interface HealthView {
  /** All events that may count, each once. */
  listEvents(criteria: Criteria): Promise<readonly HealthEvent[]>;
  describe(events: readonly HealthEvent[]): Promise<Descriptions>;
  /** What the events affect, by event ARN; with a limit, at least that many of all. */
  listEntities(events: readonly HealthEvent[], limit?: number): Promise<ReadonlyMap<string, readonly AffectedEntity[]>>;
}

const toOptional = (value: string | undefined): string | undefined =>
  value === undefined || value === '' ? undefined : value;

/** Throws `unexpected` for an event without an ARN, which could be counted neither once nor at all. */
export const toHealthEvent = (event: Event | OrganizationEvent): HealthEvent => {
  const { arn, service = '', region = '' } = event;
  if (arn === undefined)
    throw new DeliveryError('unexpected', 'AWS Health told of an event without an ARN: try again later');
  return {
    arn,
    service: service.toUpperCase(),
    typeCode: event.eventTypeCode ?? '',
    category: toOptional(event.eventTypeCategory),
    status: toOptional(event.statusCode),
    scope: toOptional(event.eventScopeCode),
    // Without a Region it cannot be ruled out that it is ours.
    region: region === '' ? 'global' : region.toLowerCase(),
    zone: 'availabilityZone' in event ? toOptional(event.availabilityZone) : undefined,
    startsAt: event.startTime?.getTime(),
    endsAt: event.endTime?.getTime(),
    updatedAt: event.lastUpdatedTime?.getTime(),
    actionability: toOptional(event.actionability),
    personas: event.personas ?? [],
  };
};

/** The events of an answer. An answer without the list is no answer: it would pass for "nothing is wrong". */
export const requireEvents = (events: readonly (Event | OrganizationEvent)[] | undefined): readonly HealthEvent[] => {
  if (events !== undefined) return events.map(toHealthEvent);
  throw new DeliveryError('unavailable', 'AWS Health answered without a list of events: try again later');
};

/** Each event once, the newest reading of it where chunks overlap. */
export const dedupeEvents = (events: readonly HealthEvent[]): readonly HealthEvent[] => {
  const byArn = new Map<string, HealthEvent>();
  for (const event of events) {
    const existing = byArn.get(event.arn);
    if (existing === undefined || (event.updatedAt ?? 0) >= (existing.updatedAt ?? 0)) byArn.set(event.arn, event);
  }
  return [...byArn.values()];
};

/** Entities by the ARN of their event; whose they are is of interest in the organisation's view alone. */
export const groupEntitiesByEvent = (
  view: 'account' | 'organization',
  entities: readonly WireEntity[],
): ReadonlyMap<string, readonly AffectedEntity[]> => {
  const byArn = new Map<string, AffectedEntity[]>();
  for (const { eventArn = '', entityValue = '', statusCode, awsAccountId } of entities) {
    const eventEntities = byArn.get(eventArn) ?? [];
    eventEntities.push({
      value: entityValue,
      status: statusCode,
      account: view === 'account' ? undefined : awsAccountId,
    });
    byArn.set(eventArn, eventEntities);
  }
  return byArn;
};
