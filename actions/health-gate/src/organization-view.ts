import {
  type AffectedEntity as AffectedWireEntity,
  DescribeAffectedAccountsForOrganizationCommand,
  DescribeAffectedEntitiesForOrganizationCommand,
  DescribeEventDetailsForOrganizationCommand,
  DescribeEventsForOrganizationCommand,
  type EventAccountFilter,
  type OrganizationAffectedEntitiesErrorItem,
  type OrganizationEventFilter,
} from '@aws-sdk/client-health';
import type { Criteria } from './criteria.js';
import type { AffectedEntity, HealthEvent } from './event.js';
import type { HealthEndpoint } from './health-endpoint.js';
import { chunks, MOST_ARNS, organizationFilters } from './health-filter.js';
import {
  type Description,
  type Descriptions,
  entitiesByEvent,
  type HealthView,
  listedEvents,
  onceEach,
} from './health-view.js';

const PAGE = 100;

/** Stands for what could not be told of an account: it may be anything, ours too. */
const unknownEntity = ({ eventArn, awsAccountId }: OrganizationAffectedEntitiesErrorItem): AffectedWireEntity => ({
  eventArn,
  awsAccountId,
  entityValue: 'UNKNOWN',
});

/** AWS Health as an organisation's management account or delegated administrator sees it. */
export class OrganizationView implements HealthView {
  constructor(
    private readonly endpoint: HealthEndpoint,
    private readonly accounts: readonly string[],
  ) {}

  async events(criteria: Criteria): Promise<readonly HealthEvent[]> {
    const found: HealthEvent[] = [];
    for (const filter of organizationFilters(criteria, this.accounts)) {
      for (const event of await this.eventsOf(filter)) found.push(event);
    }
    return onceEach(found);
  }

  /** AWS describes an account's event for one account at a time; the first affected one speaks for all. */
  async describe(events: readonly HealthEvent[]): Promise<Descriptions> {
    const asked = await this.filtersOfAll(events, 1);
    const byArn = new Map<string, Description>();
    const remarks: string[] = [];
    for (const part of this.partsOf(asked)) {
      const answer = await this.endpoint.call((client) =>
        client.send(new DescribeEventDetailsForOrganizationCommand({ organizationEventDetailFilters: part })),
      );
      for (const { event, eventDescription } of answer.successfulSet ?? []) {
        byArn.set(event?.arn ?? '', { text: eventDescription?.latestDescription, zone: event?.availabilityZone });
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
    const asked = await this.filtersOfAll(events);
    const found = [];
    for (const part of this.partsOf(asked)) {
      const entities = await this.endpoint.collect(async (client, nextToken) => {
        const command = new DescribeAffectedEntitiesForOrganizationCommand({
          organizationEntityFilters: part,
          maxResults: PAGE,
          nextToken,
        });
        const answer = await client.send(command);
        return {
          items: [...(answer.entities ?? []), ...(answer.failedSet ?? []).map(unknownEntity)],
          next: answer.nextToken,
        };
      }, limit);
      for (const entity of entities) found.push(entity);
    }
    return entitiesByEvent('organization', found);
  }

  private eventsOf(filter: OrganizationEventFilter): Promise<HealthEvent[]> {
    return this.endpoint.collect(async (client, nextToken) => {
      const answer = await client.send(
        new DescribeEventsForOrganizationCommand({ filter, maxResults: PAGE, nextToken }),
      );
      return { items: listedEvents(answer.events), next: answer.nextToken };
    });
  }

  /** The events, each with at most so many of the accounts it affects; one after the other, since AWS counts calls. */
  private async filtersOfAll(events: readonly HealthEvent[], accounts = Infinity): Promise<EventAccountFilter[]> {
    const found: EventAccountFilter[] = [];
    for (const event of events) found.push(...(await this.filtersOf(event)).slice(0, accounts));
    return found;
  }

  /** The event with each account it affects; a public event with none. */
  private async filtersOf({ arn, scope }: HealthEvent): Promise<EventAccountFilter[]> {
    if (scope === 'PUBLIC') return [{ eventArn: arn }];
    const accounts = await this.endpoint.collect(async (client, nextToken) => {
      const command = new DescribeAffectedAccountsForOrganizationCommand({
        eventArn: arn,
        maxResults: PAGE,
        nextToken,
      });
      const answer = await client.send(command);
      return { items: answer.affectedAccounts ?? [], next: answer.nextToken };
    });
    return accounts
      .filter((account) => this.accounts.length === 0 || this.accounts.includes(account))
      .map((awsAccountId) => ({ eventArn: arn, awsAccountId }));
  }

  private partsOf(filters: readonly EventAccountFilter[]): EventAccountFilter[][] {
    return filters.length === 0 ? [] : chunks(filters, MOST_ARNS).map((part) => [...part]);
  }
}
