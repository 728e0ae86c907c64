import { ExceptionUsage } from '@aws-delivery/action-kit/host/unused-exceptions';
import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { getPartition } from '@aws-delivery/aws/region';
import { type IgnoreEntry, matchesIgnoreEntry } from '@aws-delivery/findings/ignore/ignore-entry';
import { type ExclusionReason, evaluateEvent, toIgnoreSubject } from '../events/criteria.js';
import { buildConsoleLink, EventDescriber, type EventDetails } from '../events/event-describer.js';
import type { HealthEvent } from '../events/health-event.js';
import type { HealthView } from '../events/health-view.js';
import type { FeedEvent } from '../events/public-feed.js';
import type { Request } from '../inputs/parse-request.js';
import type { DeploymentScope } from '../scope/deployment-scope.js';
import { mayAffectOwnEntities } from '../scope/entity-match.js';
import { addGroupInstances, listOwnEntities, type OwnEntities } from '../scope/own-entities.js';
import type { Blocker, Observation, SourceError, SourceName } from './observation.js';
import { toSourceError } from './source-error.js';

/** Access to everything that can report a blocker. */
export interface Sources {
  readonly health: HealthView;
  readFeed(url: string): Promise<readonly FeedEvent[]>;
  /** Ids of the instances of Auto Scaling groups; undefined if not all are shown. */
  listGroupInstances(groups: readonly string[]): Promise<readonly string[] | undefined>;
  listClosedCalendars(names: readonly string[]): Promise<readonly Blocker[]>;
  /** Alarms in the state ALARM. */
  listActiveAlarms(names: readonly string[]): Promise<readonly Blocker[]>;
  /** The deployment window if it is closed at a time. */
  listClosedWindows(at: number): Promise<readonly Blocker[]>;
  /** Probes that failed repeatedly. */
  listFailedProbes(): Promise<readonly Blocker[]>;
}

export interface BlockerCollectorOptions {
  readonly request: Request;
  readonly deploymentScope: DeploymentScope | undefined;
  readonly sources: Sources;
  readonly clock: Clock;
}

type PartialObservation = Partial<Omit<Observation, 'at'>>;

interface PartitionedEvents {
  readonly matching: readonly HealthEvent[];
  readonly excluded: Observation['excluded'];
}

interface RelatedEvents extends PartitionedEvents {
  readonly notices: readonly string[];
}

const NO_DETAILS: EventDetails = { text: undefined, zone: undefined, entities: [] };

const formatFeedNotice = (reason: string): string =>
  `Using the public feed in place of AWS Health. It contains public incidents, but no scheduled changes or account-specific events. Reason: ${reason}`;

/** Queries all sources for blockers. */
export class BlockerCollector {
  private readonly describer: EventDescriber;
  private readonly ownEntities: OwnEntities;
  /** Ignore entries that matched an event of any observation. */
  readonly ignoreUsage: ExceptionUsage<IgnoreEntry>;

  constructor(private readonly options: BlockerCollectorOptions) {
    this.describer = new EventDescriber(options.sources.health);
    this.ignoreUsage = new ExceptionUsage(options.request.criteria.ignore);
    this.ownEntities = listOwnEntities(options.request, options.deploymentScope);
  }

  /** Queries every source once. Within the grace period, transient errors get the policy `fail`. */
  async collect(inGracePeriod: boolean): Promise<Observation> {
    const { request, sources, clock } = this.options;
    const { calendars, alarms, window, probe } = request;
    const windows = window === undefined ? [] : [window];
    const at = clock.now();
    const parts = await Promise.all([
      this.collectEvents(at, inGracePeriod),
      this.collectNamed('change calendars', calendars, inGracePeriod, () => sources.listClosedCalendars(calendars)),
      this.collectNamed('CloudWatch alarms', alarms, inGracePeriod, () => sources.listActiveAlarms(alarms)),
      this.collectNamed('deployment windows', windows, inGracePeriod, () => sources.listClosedWindows(at)),
      this.collectNamed('probes', probe.urlProbes, inGracePeriod, () => sources.listFailedProbes()),
    ]);
    return {
      at,
      source: parts.find(({ source }) => source !== undefined)?.source ?? 'none',
      blockers: parts.flatMap(({ blockers = [] }) => blockers),
      errors: parts.flatMap(({ errors = [] }) => errors),
      excluded: Object.assign({}, ...parts.map(({ excluded }) => excluded)),
      notices: parts.flatMap(({ notices = [] }) => notices),
    };
  }

  private async collectNamed(
    source: SourceName,
    entries: readonly unknown[],
    inGracePeriod: boolean,
    listBlockers: () => Promise<readonly Blocker[]>,
  ): Promise<PartialObservation> {
    if (entries.length === 0) return {};
    try {
      return { blockers: await listBlockers() };
    } catch (error) {
      return { errors: [this.toSourceError(error, source, inGracePeriod)] };
    }
  }

  private async collectEvents(at: number, inGracePeriod: boolean): Promise<PartialObservation> {
    if (!this.options.request.awsHealth) return {};
    try {
      return await this.queryHealth(at);
    } catch (error) {
      const sourceError = this.toSourceError(error, 'AWS Health', inGracePeriod);
      if (sourceError.policy !== 'public-feed') return { errors: [sourceError] };
      return this.queryFeed(at, sourceError, inGracePeriod);
    }
  }

  private async queryHealth(at: number): Promise<PartialObservation> {
    const { criteria } = this.options.request;
    const events = await this.options.sources.health.listEvents(criteria);
    const { matching, excluded, notices } = await this.excludeUnrelated(this.partitionEvents(events, at));
    const detailNotices = await this.describer.describe(matching);
    const blockers = matching.map((event) => this.toBlocker(event, this.describer.getDetails(event) ?? NO_DETAILS));
    return { source: 'health-api', blockers, excluded, notices: [...notices, ...detailNotices] };
  }

  private async queryFeed(at: number, healthError: SourceError, inGracePeriod: boolean): Promise<PartialObservation> {
    const { request, sources } = this.options;
    try {
      if (getPartition(request.region) !== 'aws') {
        throw new DeliveryError('unexpected', `the public feed does not cover ${request.region}`);
      }
      const entries = await sources.readFeed(request.publicFeedUrl);
      const textByArn = new Map(entries.map(({ event, text }) => [event.arn, text]));
      const { matching, excluded } = this.partitionEvents(
        entries.map(({ event }) => event),
        at,
      );
      const blockers = matching.map((event) =>
        this.toBlocker(event, { ...NO_DETAILS, text: textByArn.get(event.arn) }),
      );
      return { source: 'public-feed', blockers, excluded, notices: [formatFeedNotice(healthError.message)] };
    } catch (error) {
      const feedError = this.toSourceError(error, 'the public feed', inGracePeriod);
      return { errors: [{ ...healthError, policy: 'fail', transient: feedError.transient }, feedError] };
    }
  }

  /** Separates the events that match the criteria, the last updated first. */
  private partitionEvents(events: readonly HealthEvent[], at: number): PartitionedEvents {
    const matching: HealthEvent[] = [];
    const excluded: Partial<Record<ExclusionReason, number>> = {};
    for (const event of events) {
      const subject = toIgnoreSubject(event);
      this.ignoreUsage.recordMatches((entry) => matchesIgnoreEntry(entry, subject));
      const evaluation = evaluateEvent(this.options.request.criteria, event, at);
      if (evaluation.matches) matching.push(event);
      else excluded[evaluation.reason] = (excluded[evaluation.reason] ?? 0) + 1;
    }
    return { matching: matching.sort((a, b) => (b.updatedAt ?? 0) - (a.updatedAt ?? 0)), excluded };
  }

  /** With `entities: match`, excludes the events that affect none of our entities. */
  private async excludeUnrelated({ matching, excluded }: PartitionedEvents): Promise<RelatedEvents> {
    const { request, sources } = this.options;
    if (request.entities.kind === 'any') return { matching, excluded, notices: [] };
    const entities = await sources.health.listEntities(matching.filter(({ scope }) => scope !== 'PUBLIC'));
    const { ownEntities, notices } = await addGroupInstances(
      this.ownEntities,
      [...entities.values()].flat(),
      (groups) => sources.listGroupInstances(groups),
    );
    const related = matching.filter((event) => mayAffectOwnEntities(event, entities.get(event.arn) ?? [], ownEntities));
    const unrelatedCount = matching.length - related.length;
    return {
      matching: related,
      excluded: unrelatedCount === 0 ? excluded : { ...excluded, 'not ours': unrelatedCount },
      notices,
    };
  }

  private toBlocker(event: HealthEvent, { text, zone, entities }: EventDetails): Blocker {
    const { region, eventScope } = this.options.request;
    const link = buildConsoleLink(event, region, eventScope.kind);
    return { kind: 'event', event: { ...event, zone: event.zone ?? zone, text, entities, link } };
  }

  private toSourceError(error: unknown, source: SourceName, inGracePeriod: boolean): SourceError {
    return toSourceError(error, { source, policies: this.options.request.policies, inGracePeriod });
  }
}
