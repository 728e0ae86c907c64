import {
  DescribeAffectedEntitiesCommand,
  DescribeEventDetailsCommand,
  DescribeEventsCommand,
  type EventFilter,
} from '@aws-sdk/client-health';
import type { Criteria } from './criteria.js';
import type { AffectedEntity, HealthEvent } from './event.js';
import type { HealthEndpoint } from './health-endpoint.js';
import { chunks, eventFilters, MOST_ARNS } from './health-filter.js';
import {
  type Description,
  type Descriptions,
  entitiesByEvent,
  type HealthView,
  listedEvents,
  onceEach,
} from './health-view.js';

const PAGE = 100;

/** AWS Health as one account sees it. */
export class AccountView implements HealthView {
  constructor(private readonly endpoint: HealthEndpoint) {}

  async events(criteria: Criteria): Promise<readonly HealthEvent[]> {
    const found: HealthEvent[] = [];
    for (const filter of eventFilters(criteria)) for (const event of await this.eventsOf(filter)) found.push(event);
    return onceEach(found);
  }

  async describe(events: readonly HealthEvent[]): Promise<Descriptions> {
    const byArn = new Map<string, Description>();
    const remarks: string[] = [];
    for (const eventArns of this.partsOf(events)) {
      const answer = await this.endpoint.call((client) => client.send(new DescribeEventDetailsCommand({ eventArns })));
      for (const { event, eventDescription } of answer.successfulSet ?? []) {
        const text = eventDescription?.latestDescription;
        byArn.set(event?.arn ?? '', { text, zone: event?.availabilityZone });
      }
      for (const { eventArn, errorMessage } of answer.failedSet ?? [])
        remarks.push(`no details of ${eventArn}: ${errorMessage}`);
    }
    return { byArn, remarks };
  }

  async entities(
    events: readonly HealthEvent[],
    limit?: number,
  ): Promise<ReadonlyMap<string, readonly AffectedEntity[]>> {
    const parts = this.partsOf(events);
    const found = [];
    for (const eventArns of parts) {
      const entities = await this.endpoint.collect(async (client, nextToken) => {
        const command = new DescribeAffectedEntitiesCommand({ filter: { eventArns }, maxResults: PAGE, nextToken });
        const answer = await client.send(command);
        return { items: answer.entities ?? [], next: answer.nextToken };
      }, limit);
      for (const entity of entities) found.push(entity);
    }
    return entitiesByEvent('account', found);
  }

  private eventsOf(filter: EventFilter): Promise<HealthEvent[]> {
    return this.endpoint.collect(async (client, nextToken) => {
      const answer = await client.send(new DescribeEventsCommand({ filter, maxResults: PAGE, nextToken }));
      return { items: listedEvents(answer.events), next: answer.nextToken };
    });
  }

  private partsOf(events: readonly HealthEvent[]): string[][] {
    return events.length === 0 ? [] : chunks(events, MOST_ARNS).map((part) => part.map(({ arn }) => arn));
  }
}
