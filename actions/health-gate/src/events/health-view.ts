import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type {
  DescribeEventDetailsResponse,
  Event,
  OrganizationEvent,
  AffectedEntity as WireEntity,
} from '@aws-sdk/client-health';
import type { Criteria } from './criteria.js';
import type { AffectedEntity, HealthEvent } from './health-event.js';

/** Items requested per page of a list. */
export const PAGE_SIZE = 100;

/** Details of an event. */
export interface Description {
  readonly text: string | undefined;
  readonly zone: string | undefined;
}

/** Descriptions by event ARN, and notices about missing ones. */
export interface Descriptions {
  readonly byArn: ReadonlyMap<string, Description>;
  readonly notices: readonly string[];
}

/** AWS Health from the view of an account or an organisation. Methods return complete results or throw. */
export interface HealthView {
  /** All events that may match the criteria, without duplicates. */
  listEvents(criteria: Criteria): Promise<readonly HealthEvent[]>;
  describe(events: readonly HealthEvent[]): Promise<Descriptions>;
  /** Affected entities by event ARN; with a limit, at least that many in total. */
  listEntities(events: readonly HealthEvent[], limit?: number): Promise<ReadonlyMap<string, readonly AffectedEntity[]>>;
}

const toOptional = (value: string | undefined): string | undefined =>
  value === undefined || value === '' ? undefined : value;

/**
 * Converts an event of the API.
 * @throws DeliveryError `unexpected` for an event without an ARN, its identity
 */
const toHealthEvent = (event: Event | OrganizationEvent): HealthEvent => {
  const { arn, service = '', region = '' } = event;
  if (arn === undefined)
    throw new DeliveryError('unexpected', 'AWS Health returned an event without an ARN: try again later');
  return {
    arn,
    service: service.toUpperCase(),
    typeCode: event.eventTypeCode ?? '',
    category: toOptional(event.eventTypeCategory),
    status: toOptional(event.statusCode),
    scope: toOptional(event.eventScopeCode),
    // An event without a Region may affect any Region.
    region: region === '' ? 'global' : region.toLowerCase(),
    zone: 'availabilityZone' in event ? toOptional(event.availabilityZone) : undefined,
    startsAt: event.startTime?.getTime(),
    endsAt: event.endTime?.getTime(),
    updatedAt: event.lastUpdatedTime?.getTime(),
    actionability: toOptional(event.actionability),
    personas: event.personas ?? [],
  };
};

/**
 * The events of a response.
 * @throws DeliveryError `unavailable` for a response without the list, which would pass as "no events"
 */
export const requireEvents = (events: readonly (Event | OrganizationEvent)[] | undefined): readonly HealthEvent[] => {
  if (events !== undefined) return events.map(toHealthEvent);
  throw new DeliveryError('unavailable', 'AWS Health returned no list of events: try again later');
};

/** Removes duplicates from overlapping filters; keeps the newest update of an event. */
export const dedupeEvents = (events: readonly HealthEvent[]): readonly HealthEvent[] => {
  const byArn = new Map<string, HealthEvent>();
  for (const event of events) {
    const existing = byArn.get(event.arn);
    if (existing === undefined || (event.updatedAt ?? 0) >= (existing.updatedAt ?? 0)) byArn.set(event.arn, event);
  }
  return [...byArn.values()];
};

/** Merges responses of DescribeEventDetails or its counterpart for organisations. */
export const mergeDescriptions = (
  responses: readonly Pick<DescribeEventDetailsResponse, 'successfulSet' | 'failedSet'>[],
): Descriptions => {
  const byArn = new Map<string, Description>();
  for (const { event, eventDescription } of responses.flatMap(({ successfulSet }) => successfulSet ?? []))
    byArn.set(event?.arn ?? '', { text: eventDescription?.latestDescription, zone: event?.availabilityZone });
  const failures = responses.flatMap(({ failedSet }) => failedSet ?? []);
  return {
    byArn,
    notices: failures.map(({ eventArn, errorMessage }) => `Details of ${eventArn} are not available: ${errorMessage}`),
  };
};

/** Groups entities by the ARN of their event; sets the account in the view of an organisation only. */
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
