import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { getPartition } from '@aws-delivery/aws/region';
import { buildConsoleLink } from '../events/console-link.js';
import { type Criteria, type ExclusionReason, evaluateEvent } from '../events/criteria.js';
import { EventDescriber } from '../events/event-describer.js';
import type { HealthEvent } from '../events/health-event.js';
import type { HealthView } from '../events/health-view.js';
import type { FeedEvent } from '../events/public-feed.js';
import type { Request } from '../inputs/parse-request.js';
import { mayAffectOwnEntities } from '../scope/entity-match.js';
import type { Blocker, DescribedEvent, HealthSource, Observation, SourceError } from './observation.js';
import { type QueryContext, toSourceError } from './source-error.js';

/** Everything a look asks. */
export interface Sources {
  readonly health: HealthView;
  readFeed(url: string): Promise<readonly FeedEvent[]>;
  /** Calendars that are closed. */
  listClosedCalendars(names: readonly string[]): Promise<readonly Blocker[]>;
  /** Alarms that are in ALARM. */
  listActiveAlarms(names: readonly string[]): Promise<readonly Blocker[]>;
}

export interface BlockerCollectorOptions {
  readonly request: Request;
  /** The request's, with what was derived. */
  readonly criteria: Criteria;
  /** For `entities: match`. */
  readonly ownEntities: readonly string[];
  readonly sources: Sources;
  readonly clock: Clock;
}

type PartialObservation = Omit<Observation, 'at'>;

const EMPTY_OBSERVATION: PartialObservation = { source: 'none', blockers: [], errors: [], excluded: {}, notices: [] };

const mergeParts = (parts: readonly PartialObservation[]): PartialObservation => ({
  source: parts.find(({ source }) => source !== 'none')?.source ?? 'none',
  blockers: parts.flatMap(({ blockers }) => blockers),
  errors: parts.flatMap(({ errors }) => errors),
  excluded: Object.assign({}, ...parts.map(({ excluded }) => excluded)),
  notices: parts.flatMap(({ notices }) => notices),
});

const FEED_NOTICE =
  'the public feed stands in for AWS Health: it knows incidents that everybody may see, but no maintenance and nothing about this account';

/** Looks at everything that can speak against deploying. */
export class BlockerCollector {
  private readonly describer: EventDescriber;

  constructor(private readonly options: BlockerCollectorOptions) {
    this.describer = new EventDescriber(options.sources.health);
  }

  /** One look; `patient` reports trouble that may pass rather than let the policies speak. */
  async collect(inGracePeriod: boolean): Promise<Observation> {
    const { request, sources, clock } = this.options;
    const at = clock.now();
    const { calendars, alarms } = request;
    const parts = await Promise.all([
      this.collectHealthEvents(at, inGracePeriod),
      this.collectBlockers({ source: 'change calendars', inGracePeriod }, calendars, (names) =>
        sources.listClosedCalendars(names),
      ),
      this.collectBlockers({ source: 'CloudWatch alarms', inGracePeriod }, alarms, (names) =>
        sources.listActiveAlarms(names),
      ),
    ]);
    return { at, ...mergeParts(parts) };
  }

  private async collectBlockers(
    query: Omit<QueryContext, 'policies'>,
    names: readonly string[],
    listBlockers: (names: readonly string[]) => Promise<readonly Blocker[]>,
  ): Promise<PartialObservation> {
    if (names.length === 0) return EMPTY_OBSERVATION;
    try {
      return { ...EMPTY_OBSERVATION, blockers: await listBlockers(names) };
    } catch (error) {
      return { ...EMPTY_OBSERVATION, errors: [this.toSourceError(error, query)] };
    }
  }

  private async collectHealthEvents(at: number, inGracePeriod: boolean): Promise<PartialObservation> {
    try {
      return await this.queryHealth(at);
    } catch (error) {
      const sourceError = this.toSourceError(error, { source: 'AWS Health', inGracePeriod });
      return sourceError.policy === 'public-feed'
        ? this.queryFeed(at, sourceError, inGracePeriod)
        : { ...EMPTY_OBSERVATION, errors: [sourceError] };
    }
  }

  private async queryHealth(at: number): Promise<PartialObservation> {
    const { criteria, sources } = this.options;
    const { matching, excluded } = this.partitionEvents(await sources.health.listEvents(criteria), at);
    const ownEvents = await this.filterOwnEvents(matching);
    const unrelatedCount = matching.length - ownEvents.length;
    const notices = await this.describer.describe(ownEvents);
    const exclusions = unrelatedCount === 0 ? excluded : { ...excluded, 'not ours': unrelatedCount };
    return this.createObservation(
      'health-api',
      ownEvents.map((event) => this.describeEvent(event, undefined)),
      exclusions,
      notices,
    );
  }

  private async queryFeed(at: number, healthError: SourceError, inGracePeriod: boolean): Promise<PartialObservation> {
    const { request, sources } = this.options;
    try {
      if (getPartition(request.region) !== 'aws') {
        throw new DeliveryError('unexpected', `the public feed says nothing of ${request.region}`);
      }
      const entries = await sources.readFeed(request.publicFeedUrl);
      const texts = new Map(entries.map(({ event, text }) => [event.arn, text]));
      const { matching, excluded } = this.partitionEvents(
        entries.map(({ event }) => event),
        at,
      );
      const events = matching.map((event) => this.describeEvent(event, texts.get(event.arn)));
      return this.createObservation('public-feed', events, excluded, [`${FEED_NOTICE} (${healthError.text})`]);
    } catch (error) {
      const feedError = this.toSourceError(error, { source: 'the public feed', inGracePeriod });
      return {
        ...EMPTY_OBSERVATION,
        errors: [{ ...healthError, policy: 'fail', transient: feedError.transient }, feedError],
      };
    }
  }

  private partitionEvents(events: readonly HealthEvent[], at: number) {
    const matching: HealthEvent[] = [];
    const excluded: Partial<Record<ExclusionReason, number>> = {};
    for (const event of events) {
      const evaluation = evaluateEvent(this.options.criteria, event, at);
      if (evaluation.counts) matching.push(event);
      else excluded[evaluation.reason] = (excluded[evaluation.reason] ?? 0) + 1;
    }
    // What was said last is what people look for first.
    return { matching: matching.sort((a, b) => (b.updatedAt ?? 0) - (a.updatedAt ?? 0)), excluded };
  }

  private async filterOwnEvents(events: readonly HealthEvent[]): Promise<readonly HealthEvent[]> {
    const { request, ownEntities, sources } = this.options;
    if (request.entities.kind === 'any') return events;
    const entities = await sources.health.listEntities(events.filter(({ scope }) => scope !== 'PUBLIC'));
    return events.filter((event) => mayAffectOwnEntities(event, entities.get(event.arn) ?? [], ownEntities));
  }

  private describeEvent(event: HealthEvent, feedText: string | undefined): DescribedEvent {
    const { request } = this.options;
    const { text, zone, entities } = this.describer.getDetails(event) ?? {
      text: feedText,
      zone: undefined,
      entities: [],
    };
    const link = buildConsoleLink(event, request.region, request.eventScope.kind);
    return { ...event, zone: event.zone ?? zone, text, entities, link };
  }

  private createObservation(
    source: HealthSource,
    events: readonly DescribedEvent[],
    excluded: Observation['excluded'],
    notices: readonly string[],
  ): PartialObservation {
    return { source, blockers: events.map((event) => ({ kind: 'event', event })), errors: [], excluded, notices };
  }

  private toSourceError(error: unknown, query: Omit<QueryContext, 'policies'>): SourceError {
    return toSourceError(error, { ...query, policies: this.options.request.policies });
  }
}
