import { apiError, type Call, type Document, type Handle, output, type Reply } from '../../call.js';
import { accountOf } from '../../principal.js';
import { byOperation, type Route, type Service, type ServiceContext } from '../../service.js';
import { Timeline } from '../../timeline.js';
import { isDocument } from '../../wire/json.js';
import { HealthEvent } from './event.js';
import { answerFeed } from './feed.js';
import { passes, readFilter } from './filter.js';
import type { HealthScenario } from './scenario.js';

const FEED_PATH = '/public/currentevents';

const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

const documents = (value: unknown): readonly Document[] => (Array.isArray(value) ? value.filter(isDocument) : []);

const invalid = (message: string): Reply => apiError('ValidationException', message);

/** A token is good for its own list, in its own Region, seen from the moment of the first page. */
interface Place {
  readonly offset: number;
  readonly at: number;
}

const tokenOf = (region: string, { offset, at }: Place): string =>
  Buffer.from(JSON.stringify([region, offset, at])).toString('base64url');

const placeIn = ({ input, region, at }: Call): Place | undefined => {
  const token = input['nextToken'];
  if (token === undefined) return { offset: 0, at };
  try {
    const [from, offset, first]: unknown[] = JSON.parse(Buffer.from(String(token), 'base64url').toString());
    return from === region ? { offset: Number(offset), at: Number(first) } : undefined;
  } catch {
    return undefined;
  }
};

const page = (call: Call, name: string, itemsAt: (at: number) => readonly unknown[]): Reply => {
  const place = placeIn(call);
  if (place === undefined) return apiError('InvalidPaginationToken', 'The pagination token is not valid.');
  const size = Number(call.input['maxResults'] ?? 100);
  if (size < 10 || size > 100) return invalid('maxResults must be from 10 to 100');
  const items = itemsAt(place.at);
  const end = place.offset + size;
  const next = end < items.length && { nextToken: tokenOf(call.region, { offset: end, at: place.at }) };
  return output({ [name]: items.slice(place.offset, end), ...next });
};

/** An event asked about, and for which account. */
interface Asked {
  readonly arn: string;
  readonly owner: string | undefined;
}

const accountFilters = (value: unknown): readonly Asked[] =>
  documents(value).map(({ eventArn, awsAccountId }) => ({
    arn: String(eventArn),
    owner: awsAccountId === undefined ? undefined : String(awsAccountId),
  }));

const isCount = (asked: readonly Asked[]): boolean => asked.length >= 1 && asked.length <= 10;

const tooMany = (): Reply => invalid('1 to 10 events must be given');

/** The events of a scenario, as they stand at the moment of each call. */
class Events {
  readonly all: readonly HealthEvent[];
  readonly #byArn: ReadonlyMap<string, HealthEvent>;
  readonly #account: string;
  /** The list that is being paged: pages of one list are asked for one after the other. */
  #listed: { readonly key: string; readonly items: readonly Document[] } = { key: '', items: [] };

  constructor({ scenario, account, partition, random, clock }: ServiceContext<HealthScenario>) {
    const start = clock.now();
    this.#account = account;
    this.all = scenario.events.map((given, index) => {
      const own = random.fork(String(index));
      return new HealthEvent({ given, partition, account, start, random: own });
    });
    this.#byArn = new Map(this.all.map((event) => [event.arn, event]));
  }

  list(call: Call, view: 'account' | 'organization'): Reply {
    const filter = readFilter(call.input);
    if (typeof filter === 'string') return invalid(filter);
    return page(call, 'events', (at) =>
      this.#list(filter, view === 'organization' ? undefined : this.#owner(call), at),
    );
  }

  details({ at }: Call, asked: readonly Asked[]): Reply {
    if (!isCount(asked)) return tooMany();
    const found = asked.map((one) => ({ arn: one.arn, event: this.#find(one, at) }));
    return output({
      successfulSet: found.flatMap(({ event }) =>
        event === undefined
          ? []
          : [{ event: event.describe(at, 'account'), eventDescription: { latestDescription: event.text(at) } }],
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

  entities(call: Call, asked: readonly Asked[]): Reply {
    if (!isCount(asked)) return tooMany();
    return page(call, 'entities', (at) =>
      asked.flatMap((one) => this.#byArn.get(one.arn)?.entities(at, one.owner) ?? []),
    );
  }

  accounts(call: Call): Reply {
    return page(call, 'affectedAccounts', () => this.#byArn.get(String(call.input['eventArn']))?.accounts ?? []);
  }

  /** Events by ARN, asked about by an account for itself. */
  owned(call: Call, arns: unknown): readonly Asked[] {
    return texts(arns).map((arn) => ({ arn, owner: this.#owner(call) }));
  }

  #owner({ principal }: Call): string {
    return accountOf(principal, this.#account);
  }

  #find({ arn, owner }: Asked, at: number): HealthEvent | undefined {
    const event = this.#byArn.get(arn);
    const seen = event?.status(at) !== undefined && (owner === undefined || event.isSeenBy(owner));
    return seen ? event : undefined;
  }

  #list(filter: Document, viewer: string | undefined, at: number): readonly Document[] {
    const key = JSON.stringify([filter, viewer, at]);
    if (key !== this.#listed.key) {
      const seen = this.all.filter(
        (event) =>
          event.status(at) !== undefined &&
          (viewer === undefined || event.isSeenBy(viewer)) &&
          passes(filter, event, at),
      );
      const view = viewer === undefined ? 'organization' : 'account';
      this.#listed = { key, items: seen.map((event) => event.describe(at, view)) };
    }
    return this.#listed.items;
  }
}

const operationsOn = (events: Events): Handle =>
  byOperation({
    DescribeEvents: async (call) => events.list(call, 'account'),
    DescribeEventsForOrganization: async (call) => events.list(call, 'organization'),
    DescribeEventDetails: async (call) => events.details(call, events.owned(call, call.input['eventArns'])),
    DescribeEventDetailsForOrganization: async (call) =>
      events.details(call, accountFilters(call.input['organizationEventDetailFilters'])),
    DescribeAffectedEntities: async (call) => {
      const filter = isDocument(call.input['filter']) ? call.input['filter'] : {};
      return events.entities(call, events.owned(call, filter['eventArns']));
    },
    DescribeAffectedEntitiesForOrganization: async (call) =>
      events.entities(call, accountFilters(call.input['organizationEntityFilters'])),
    DescribeAffectedAccountsForOrganization: async (call) => events.accounts(call),
  });

/** AWS Health: events live on the server's clock; who sees what, in which Region, and by which support plan. */
export const createHealth = (context: ServiceContext<HealthScenario>): Service => {
  const { scenario, clock } = context;
  const active = new Timeline<string>().plan(0, scenario.active);
  for (const { at, region } of scenario.failovers) active.plan(clock.now() + at, region);
  const events = new Events(context);
  const operations = operationsOn(events);

  /** The global name leads to the active Region, which takes no signatures for another. */
  const handle: Handle = async (call) => {
    if (call.region !== active.latest(call.at)?.fact) {
      const text = `Credential should be scoped to a valid Region, not '${call.region}'.`;
      return apiError('InvalidSignatureException', text, 403);
    }
    if (scenario.plan === 'business') return operations(call);
    return apiError(
      'SubscriptionRequiredException',
      'AWS Premium Support Subscription is required to use this service.',
    );
  };

  const feed: Route = {
    service: 'health',
    write: () => false,
    operation: ({ method, path }) => (method === 'GET' && path === FEED_PATH ? 'GetCurrentEvents' : undefined),
    answer: async (_request, at) => answerFeed(scenario.feed, events.all, at),
  };
  return { handle, routes: [feed] };
};
