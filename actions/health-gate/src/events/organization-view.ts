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
import { buildOrganizationFilters, MAX_FILTER_ARNS, splitIntoChunks } from './event-filter.js';
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

/** Stands for what could not be told of an account: it may be anything, ours too. */
const createUnknownEntity = ({
  eventArn,
  awsAccountId,
}: OrganizationAffectedEntitiesErrorItem): AffectedWireEntity => ({
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

  async listEvents(criteria: Criteria): Promise<readonly HealthEvent[]> {
    const found: HealthEvent[] = [];
    for (const filter of buildOrganizationFilters(criteria, this.accounts)) {
      for (const event of await this.fetchEvents(filter)) found.push(event);
    }
    return dedupeEvents(found);
  }

  /** AWS describes an account's event for one account at a time; the first affected one speaks for all. */
  async describe(events: readonly HealthEvent[]): Promise<Descriptions> {
    const accountFilters = await this.buildAllAccountFilters(events, 1);
    const byArn = new Map<string, Description>();
    const notices: string[] = [];
    for (const chunk of this.chunkFilters(accountFilters)) {
      const response = await this.endpoint.call((client) =>
        client.send(new DescribeEventDetailsForOrganizationCommand({ organizationEventDetailFilters: chunk })),
      );
      for (const { event, eventDescription } of response.successfulSet ?? []) {
        byArn.set(event?.arn ?? '', { text: eventDescription?.latestDescription, zone: event?.availabilityZone });
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
    const accountFilters = await this.buildAllAccountFilters(events);
    const found = [];
    for (const chunk of this.chunkFilters(accountFilters)) {
      const entities = await this.endpoint.collect(async (client, nextToken) => {
        const command = new DescribeAffectedEntitiesForOrganizationCommand({
          organizationEntityFilters: chunk,
          maxResults: PAGE_SIZE,
          nextToken,
        });
        const response = await client.send(command);
        return {
          items: [...(response.entities ?? []), ...(response.failedSet ?? []).map(createUnknownEntity)],
          next: response.nextToken,
        };
      }, limit);
      for (const entity of entities) found.push(entity);
    }
    return groupEntitiesByEvent('organization', found);
  }

  private fetchEvents(filter: OrganizationEventFilter): Promise<HealthEvent[]> {
    return this.endpoint.collect(async (client, nextToken) => {
      const response = await client.send(
        new DescribeEventsForOrganizationCommand({ filter, maxResults: PAGE_SIZE, nextToken }),
      );
      return { items: requireEvents(response.events), next: response.nextToken };
    });
  }

  /** The events, each with at most so many of the accounts it affects; one after the other, since AWS counts calls. */
  private async buildAllAccountFilters(
    events: readonly HealthEvent[],
    maxAccounts = Infinity,
  ): Promise<EventAccountFilter[]> {
    const found: EventAccountFilter[] = [];
    for (const event of events) found.push(...(await this.buildAccountFilters(event)).slice(0, maxAccounts));
    return found;
  }

  /** The event with each account it affects; a public event with none. */
  private async buildAccountFilters({ arn, scope }: HealthEvent): Promise<EventAccountFilter[]> {
    if (scope === 'PUBLIC') return [{ eventArn: arn }];
    const accounts = await this.endpoint.collect(async (client, nextToken) => {
      const command = new DescribeAffectedAccountsForOrganizationCommand({
        eventArn: arn,
        maxResults: PAGE_SIZE,
        nextToken,
      });
      const response = await client.send(command);
      return { items: response.affectedAccounts ?? [], next: response.nextToken };
    });
    return accounts
      .filter((account) => this.accounts.length === 0 || this.accounts.includes(account))
      .map((awsAccountId) => ({ eventArn: arn, awsAccountId }));
  }

  private chunkFilters(filters: readonly EventAccountFilter[]): EventAccountFilter[][] {
    return filters.length === 0 ? [] : splitIntoChunks(filters, MAX_FILTER_ARNS).map((chunk) => [...chunk]);
  }
}
