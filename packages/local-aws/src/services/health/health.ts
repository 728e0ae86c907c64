import { type ApiCall, createErrorResponse, type Document, type Handler } from '../../api-call.js';
import { readDocument, readDocuments, readStrings } from '../../protocols/document.js';
import {
  dispatchByOperation,
  type OperationHandlers,
  type Route,
  type Service,
  type ServiceContext,
} from '../../service.js';
import { serviceError } from '../../service-error.js';
import { Timeline } from '../../time/timeline.js';
import { HealthEvent } from './event.js';
import { renderFeed } from './feed.js';
import { matchesFilter, readFilter } from './filter.js';
import type { HealthScenario } from './scenario.js';

const FEED_PATH = '/public/currentevents';

/** Position in a list and the time of its first page. Tokens are valid only in their Region. */
const readCursor = ({ input, region, at }: ApiCall): { readonly offset: number; readonly at: number } => {
  const token = input['nextToken'];
  if (token === undefined) return { offset: 0, at };
  const [from, offset, first] = Buffer.from(String(token), 'base64url').toString().split(' ');
  if (from !== region) throw serviceError('InvalidPaginationToken', 'The pagination token is not valid.');
  return { offset: Number(offset), at: Number(first) };
};

const paginate = (call: ApiCall, name: string, listItems: (at: number) => readonly unknown[]): Document => {
  const { offset, at } = readCursor(call);
  const size = Number(call.input['maxResults'] ?? 100);
  if (size < 10 || size > 100) throw serviceError('ValidationException', 'maxResults must be from 10 to 100');
  const items = listItems(at);
  const end = offset + size;
  const nextToken = Buffer.from(`${call.region} ${end} ${at}`).toString('base64url');
  return { [name]: items.slice(offset, end), ...(end < items.length && { nextToken }) };
};

/** An event and the account it is queried for; all accounts if `owner` is undefined. */
interface EventQuery {
  readonly arn: string;
  readonly owner: string | undefined;
}

const checkCount = (queries: readonly EventQuery[]): readonly EventQuery[] => {
  if (queries.length >= 1 && queries.length <= 10) return queries;
  throw serviceError('ValidationException', '1 to 10 events must be specified');
};

/** Queries by ARN from the caller's own account. */
const parseOwnQueries = ({ account }: ApiCall, arns: unknown): readonly EventQuery[] =>
  checkCount(readStrings(arns).map((arn) => ({ arn, owner: account })));

const parseAccountQueries = (value: unknown): readonly EventQuery[] =>
  checkCount(
    readDocuments(value).map(({ eventArn, awsAccountId }) => ({
      arn: String(eventArn),
      owner: awsAccountId === undefined ? undefined : String(awsAccountId),
    })),
  );

/** The events of the scenario. */
class Events {
  readonly all: readonly HealthEvent[];
  private readonly byArn: ReadonlyMap<string, HealthEvent>;
  /** The list of the last query: its pages are usually requested one after the other. */
  private cachedList: { readonly key: string; readonly items: readonly Document[] } = { key: '', items: [] };

  constructor({ scenario, account, partition, random, clock }: ServiceContext<HealthScenario>) {
    const start = clock.now();
    this.all = scenario.events.map(
      (config, index) => new HealthEvent({ config, partition, account, start, random: random.fork(String(index)) }),
    );
    this.byArn = new Map(this.all.map((event) => [event.arn, event]));
  }

  readonly handlers: OperationHandlers = {
    DescribeEvents: (call) => this.list(call, call.account),
    DescribeEventsForOrganization: (call) => this.list(call, undefined),
    DescribeEventDetails: (call) => this.describeDetails(call, parseOwnQueries(call, call.input['eventArns'])),
    DescribeEventDetailsForOrganization: (call) =>
      this.describeDetails(call, parseAccountQueries(call.input['organizationEventDetailFilters'])),
    DescribeAffectedEntities: (call) =>
      this.listEntities(call, parseOwnQueries(call, readDocument(call.input['filter'])['eventArns'])),
    DescribeAffectedEntitiesForOrganization: (call) =>
      this.listEntities(call, parseAccountQueries(call.input['organizationEntityFilters'])),
    DescribeAffectedAccountsForOrganization: (call) =>
      paginate(call, 'affectedAccounts', () => this.byArn.get(String(call.input['eventArn']))?.accounts ?? []),
  };

  private describeDetails({ at }: ApiCall, queries: readonly EventQuery[]): Document {
    const found = queries.map(({ arn, owner }) => {
      const event = this.byArn.get(arn);
      const isVisible = event?.getStatus(at) !== undefined && (owner === undefined || event.isVisibleTo(owner));
      return { arn, event: isVisible ? event : undefined };
    });
    return {
      successfulSet: found.flatMap(({ event }) => {
        if (event === undefined) return [];
        const eventDescription = { latestDescription: event.formatDescription(at) };
        return [{ event: event.describe(at, 'account'), eventDescription }];
      }),
      failedSet: found
        .filter(({ event }) => event === undefined)
        .map(({ arn }) => ({
          eventArn: arn,
          errorName: 'InvalidEventArn',
          errorMessage: 'Event ARN is invalid or does not exist.',
        })),
    };
  }

  private listEntities(call: ApiCall, queries: readonly EventQuery[]): Document {
    return paginate(call, 'entities', (at) =>
      queries.flatMap(({ arn, owner }) => this.byArn.get(arn)?.describeEntities(at, owner) ?? []),
    );
  }

  /** The events that an account sees; all events for the organization, which is undefined. */
  private list(call: ApiCall, viewer: string | undefined): Document {
    const filter = readFilter(call.input);
    return paginate(call, 'events', (at) => {
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
    });
  }
}

/** AWS Health: events on the server's clock, by account or organization, in the active Region, with a support plan. */
export const createHealth = (context: ServiceContext<HealthScenario>): Service => {
  const { scenario, clock } = context;
  const active = new Timeline<string>().plan(0, scenario.active);
  for (const { at, region } of scenario.failovers) active.plan(clock.now() + at, region);
  const events = new Events(context);
  const handler = dispatchByOperation(events.handlers);

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
