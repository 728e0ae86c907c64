import {
  DescribeAffectedEntitiesCommand,
  DescribeEventDetailsCommand,
  DescribeEventsCommand,
  type EventFilter,
} from '@aws-sdk/client-health';
import type { Criteria } from './criteria.js';
import { buildEventFilters, MAX_FILTER_ARNS, splitIntoChunks } from './event-filter.js';
import type { HealthEndpoint } from './health-endpoint.js';
import type { AffectedEntity, HealthEvent } from './health-event.js';
import {
  type Description,
  type Descriptions,
  dedupeEvents,
  groupEntitiesByEvent,
  type HealthView,
  requireEvents,
} from './health-view.js';

const PAGE_SIZE = 100;

/** AWS Health as one account sees it. */
export class AccountView implements HealthView {
  constructor(private readonly endpoint: HealthEndpoint) {}

  async listEvents(criteria: Criteria): Promise<readonly HealthEvent[]> {
    const found: HealthEvent[] = [];
    for (const filter of buildEventFilters(criteria))
      for (const event of await this.fetchEvents(filter)) found.push(event);
    return dedupeEvents(found);
  }

  async describe(events: readonly HealthEvent[]): Promise<Descriptions> {
    const byArn = new Map<string, Description>();
    const notices: string[] = [];
    for (const eventArns of this.chunkArns(events)) {
      const response = await this.endpoint.call((client) =>
        client.send(new DescribeEventDetailsCommand({ eventArns })),
      );
      for (const { event, eventDescription } of response.successfulSet ?? []) {
        const text = eventDescription?.latestDescription;
        byArn.set(event?.arn ?? '', { text, zone: event?.availabilityZone });
      }
      for (const { eventArn, errorMessage } of response.failedSet ?? [])
        notices.push(`no details of ${eventArn}: ${errorMessage}`);
    }
    return { byArn, notices };
  }

  async listEntities(
    events: readonly HealthEvent[],
    limit?: number,
  ): Promise<ReadonlyMap<string, readonly AffectedEntity[]>> {
    const arnChunks = this.chunkArns(events);
    const found = [];
    for (const eventArns of arnChunks) {
      const entities = await this.endpoint.collect(async (client, nextToken) => {
        const command = new DescribeAffectedEntitiesCommand({
          filter: { eventArns },
          maxResults: PAGE_SIZE,
          nextToken,
        });
        const response = await client.send(command);
        return { items: response.entities ?? [], next: response.nextToken };
      }, limit);
      for (const entity of entities) found.push(entity);
    }
    return groupEntitiesByEvent('account', found);
  }

  private fetchEvents(filter: EventFilter): Promise<HealthEvent[]> {
    return this.endpoint.collect(async (client, nextToken) => {
      const response = await client.send(new DescribeEventsCommand({ filter, maxResults: PAGE_SIZE, nextToken }));
      return { items: requireEvents(response.events), next: response.nextToken };
    });
  }

  private chunkArns(events: readonly HealthEvent[]): string[][] {
    return events.length === 0
      ? []
      : splitIntoChunks(events, MAX_FILTER_ARNS).map((chunk) => chunk.map(({ arn }) => arn));
  }
}
