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
  type Descriptions,
  dedupeEvents,
  groupEntitiesByEvent,
  type HealthView,
  mergeDescriptions,
  PAGE_SIZE,
  requireEvents,
} from './health-view.js';

/** Placeholder for an account whose entities could not be read: they may include ours. */
const createUnknownEntity = ({
  eventArn,
  awsAccountId,
}: OrganizationAffectedEntitiesErrorItem): AffectedWireEntity => ({
  eventArn,
  awsAccountId,
  entityValue: 'UNKNOWN',
});

/** AWS Health from the view of an organisation's management account or delegated administrator. */
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

  /** AWS returns the details of an account event per account; those of the first affected account are used. */
  async describe(events: readonly HealthEvent[]): Promise<Descriptions> {
    const accountFilters = await this.buildAllAccountFilters(events, 1);
    const responses = [];
    for (const chunk of splitIntoChunks(accountFilters, MAX_FILTER_ARNS)) {
      const command = new DescribeEventDetailsForOrganizationCommand({ organizationEventDetailFilters: [...chunk] });
      responses.push(await this.endpoint.call((client) => client.send(command)));
    }
    return mergeDescriptions(responses);
  }

  async listEntities(
    events: readonly HealthEvent[],
    limit?: number,
  ): Promise<ReadonlyMap<string, readonly AffectedEntity[]>> {
    const accountFilters = await this.buildAllAccountFilters(events);
    const found = [];
    for (const chunk of splitIntoChunks(accountFilters, MAX_FILTER_ARNS)) {
      const entities = await this.endpoint.collect(async (client, nextToken) => {
        const command = new DescribeAffectedEntitiesForOrganizationCommand({
          organizationEntityFilters: [...chunk],
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

  /** Filters for the events, with at most `maxAccounts` accounts each; sequential because of the API's rate limit. */
  private async buildAllAccountFilters(
    events: readonly HealthEvent[],
    maxAccounts = Infinity,
  ): Promise<EventAccountFilter[]> {
    const found: EventAccountFilter[] = [];
    for (const event of events) found.push(...(await this.buildAccountFilters(event)).slice(0, maxAccounts));
    return found;
  }

  /** Filters for one event: one per affected account, or one without an account for a public event. */
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
}
