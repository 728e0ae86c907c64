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
  type Descriptions,
  dedupeEvents,
  groupEntitiesByEvent,
  type HealthView,
  mergeDescriptions,
  PAGE_SIZE,
  requireEvents,
} from './health-view.js';

const chunkArns = (events: readonly HealthEvent[]): string[][] =>
  splitIntoChunks(events, MAX_FILTER_ARNS).map((chunk) => chunk.map(({ arn }) => arn));

/** AWS Health from the view of one account. */
export class AccountView implements HealthView {
  constructor(private readonly endpoint: HealthEndpoint) {}

  async listEvents(criteria: Criteria): Promise<readonly HealthEvent[]> {
    const found: HealthEvent[] = [];
    for (const filter of buildEventFilters(criteria))
      for (const event of await this.fetchEvents(filter)) found.push(event);
    return dedupeEvents(found);
  }

  async describe(events: readonly HealthEvent[]): Promise<Descriptions> {
    const responses = [];
    for (const eventArns of chunkArns(events)) {
      const command = new DescribeEventDetailsCommand({ eventArns });
      responses.push(await this.endpoint.call((client) => client.send(command)));
    }
    return mergeDescriptions(responses);
  }

  async listEntities(
    events: readonly HealthEvent[],
    limit?: number,
  ): Promise<ReadonlyMap<string, readonly AffectedEntity[]>> {
    const found = [];
    for (const eventArns of chunkArns(events)) {
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
}
