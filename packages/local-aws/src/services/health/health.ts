import {
  type ApiCall,
  createErrorResponse,
  type Document,
  type Handler,
  output,
  type ServiceResponse,
} from '../../api-call.js';
import { getPrincipalAccount } from '../../iam/principal.js';
import { readDocument, readDocuments, readStrings } from '../../protocols/document.js';
import { dispatchByOperation, type Route, type Service, type ServiceContext } from '../../service.js';
import { Timeline } from '../../time/timeline.js';
import { HealthEvent } from './event.js';
import { renderFeed } from './feed.js';
import { matchesFilter, readFilter } from './filter.js';
import type { HealthScenario } from './scenario.js';

const FEED_PATH = '/public/currentevents';

const validationError = (message: string): ServiceResponse => createErrorResponse('ValidationException', message);

/** Position in a list and the time of its first page. Tokens are valid only in their Region. */
interface PageCursor {
  readonly offset: number;
  readonly at: number;
}

const encodeToken = (region: string, { offset, at }: PageCursor): string =>
  Buffer.from(JSON.stringify([region, offset, at])).toString('base64url');

const readCursor = ({ input, region, at }: ApiCall): PageCursor | undefined => {
  const token = input['nextToken'];
  if (token === undefined) return { offset: 0, at };
  try {
    const [from, offset, first]: unknown[] = JSON.parse(Buffer.from(String(token), 'base64url').toString());
    return from === region ? { offset: Number(offset), at: Number(first) } : undefined;
  } catch {
    return undefined;
  }
};

const paginate = (call: ApiCall, name: string, listItems: (at: number) => readonly unknown[]): ServiceResponse => {
  const cursor = readCursor(call);
  if (cursor === undefined) return createErrorResponse('InvalidPaginationToken', 'The pagination token is not valid.');
  const size = Number(call.input['maxResults'] ?? 100);
  if (size < 10 || size > 100) return validationError('maxResults must be from 10 to 100');
  const items = listItems(cursor.at);
  const end = cursor.offset + size;
  const next = end < items.length && { nextToken: encodeToken(call.region, { offset: end, at: cursor.at }) };
  return output({ [name]: items.slice(cursor.offset, end), ...next });
};

/** An event and the account it is queried for; all accounts if `owner` is undefined. */
interface EventQuery {
  readonly arn: string;
  readonly owner: string | undefined;
}

const parseAccountFilters = (value: unknown): readonly EventQuery[] =>
  readDocuments(value).map(({ eventArn, awsAccountId }) => ({
    arn: String(eventArn),
    owner: awsAccountId === undefined ? undefined : String(awsAccountId),
  }));

const isValidCount = (queries: readonly EventQuery[]): boolean => queries.length >= 1 && queries.length <= 10;

const eventCountError = (): ServiceResponse => validationError('1 to 10 events must be specified');

/** The events of the scenario. */
class Events {
  readonly all: readonly HealthEvent[];
  private readonly byArn: ReadonlyMap<string, HealthEvent>;
  private readonly account: string;
  /** The list of the last query: its pages are usually requested one after the other. */
  private cachedList: { readonly key: string; readonly items: readonly Document[] } = { key: '', items: [] };

  constructor({ scenario, account, partition, random, clock }: ServiceContext<HealthScenario>) {
    const start = clock.now();
    this.account = account;
    this.all = scenario.events.map((config, index) => {
      const own = random.fork(String(index));
      return new HealthEvent({ config, partition, account, start, random: own });
    });
    this.byArn = new Map(this.all.map((event) => [event.arn, event]));
  }

  list(call: ApiCall, view: 'account' | 'organization'): ServiceResponse {
    const filter = readFilter(call.input);
    if (typeof filter === 'string') return validationError(filter);
    return paginate(call, 'events', (at) =>
      this.listVisible(filter, view === 'organization' ? undefined : this.getAccount(call), at),
    );
  }

  describeDetails({ at }: ApiCall, queries: readonly EventQuery[]): ServiceResponse {
    if (!isValidCount(queries)) return eventCountError();
    const found = queries.map((query) => ({ arn: query.arn, event: this.find(query, at) }));
    return output({
      successfulSet: found.flatMap(({ event }) =>
        event === undefined
          ? []
          : [
              {
                event: event.describe(at, 'account'),
                eventDescription: { latestDescription: event.formatDescription(at) },
              },
            ],
      ),
      failedSet: found
        .filter(({ event }) => event === undefined)
        .map(({ arn }) => ({
          eventArn: arn,
          errorName: 'InvalidEventArn',
          errorMessage: 'Event ARN is invalid or does not exist.',
        })),
    });
  }

  describeEntities(call: ApiCall, queries: readonly EventQuery[]): ServiceResponse {
    if (!isValidCount(queries)) return eventCountError();
    return paginate(call, 'entities', (at) =>
      queries.flatMap((query) => this.byArn.get(query.arn)?.describeEntities(at, query.owner) ?? []),
    );
  }

  listAffectedAccounts(call: ApiCall): ServiceResponse {
    return paginate(call, 'affectedAccounts', () => this.byArn.get(String(call.input['eventArn']))?.accounts ?? []);
  }

  /** Queries for events by ARN from the caller's own account. */
  parseOwnQueries(call: ApiCall, arns: unknown): readonly EventQuery[] {
    return readStrings(arns).map((arn) => ({ arn, owner: this.getAccount(call) }));
  }

  private getAccount({ principal }: ApiCall): string {
    return getPrincipalAccount(principal, this.account);
  }

  private find({ arn, owner }: EventQuery, at: number): HealthEvent | undefined {
    const event = this.byArn.get(arn);
    const isVisible = event?.getStatus(at) !== undefined && (owner === undefined || event.isVisibleTo(owner));
    return isVisible ? event : undefined;
  }

  private listVisible(filter: Document, viewer: string | undefined, at: number): readonly Document[] {
    const key = JSON.stringify([filter, viewer, at]);
    if (key !== this.cachedList.key) {
      const visible = this.all.filter(
        (event) =>
          event.getStatus(at) !== undefined &&
          (viewer === undefined || event.isVisibleTo(viewer)) &&
          matchesFilter(filter, event, at),
      );
      const view = viewer === undefined ? 'organization' : 'account';
      this.cachedList = { key, items: visible.map((event) => event.describe(at, view)) };
    }
    return this.cachedList.items;
  }
}

const createHandler = (events: Events): Handler =>
  dispatchByOperation({
    DescribeEvents: async (call) => events.list(call, 'account'),
    DescribeEventsForOrganization: async (call) => events.list(call, 'organization'),
    DescribeEventDetails: async (call) =>
      events.describeDetails(call, events.parseOwnQueries(call, call.input['eventArns'])),
    DescribeEventDetailsForOrganization: async (call) =>
      events.describeDetails(call, parseAccountFilters(call.input['organizationEventDetailFilters'])),
    DescribeAffectedEntities: async (call) => {
      const { eventArns } = readDocument(call.input['filter']);
      return events.describeEntities(call, events.parseOwnQueries(call, eventArns));
    },
    DescribeAffectedEntitiesForOrganization: async (call) =>
      events.describeEntities(call, parseAccountFilters(call.input['organizationEntityFilters'])),
    DescribeAffectedAccountsForOrganization: async (call) => events.listAffectedAccounts(call),
  });

/** AWS Health: events on the server's clock, by account or organization, in the active Region, with a support plan. */
export const createHealth = (context: ServiceContext<HealthScenario>): Service => {
  const { scenario, clock } = context;
  const active = new Timeline<string>().plan(0, scenario.active);
  for (const { at, region } of scenario.failovers) active.plan(clock.now() + at, region);
  const events = new Events(context);
  const handler = createHandler(events);

  /** The global endpoint resolves to the active Region, which rejects signatures for other Regions. */
  const handle: Handler = async (call) => {
    if (call.region !== active.findLatest(call.at)?.value) {
      const message = `Credential should be scoped to a valid Region, not '${call.region}'.`;
      return createErrorResponse('InvalidSignatureException', message, 403);
    }
    if (scenario.plan === 'business') return handler(call);
    return createErrorResponse(
      'SubscriptionRequiredException',
      'AWS Premium Support Subscription is required to use this service.',
    );
  };

  const feed: Route = {
    service: 'health',
    isWrite: () => false,
    matchOperation: ({ method, path }) => (method === 'GET' && path === FEED_PATH ? 'GetCurrentEvents' : undefined),
    handle: async (_request, at) => renderFeed(scenario.feed, events.all, at),
  };
  return { handle, routes: [feed] };
};
