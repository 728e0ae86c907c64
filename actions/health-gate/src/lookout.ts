import { partitionOf } from '@aws-delivery/action-kit/aws';
import type { Clock } from '@aws-delivery/action-kit/clock';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import { healthLink } from './console.js';
import { type Because, type Criteria, judgeEvent } from './criteria.js';
import { Describer } from './description.js';
import { concernsUs } from './entity.js';
import type { HealthEvent } from './event.js';
import type { FeedEvent } from './feed.js';
import type { HealthView } from './health-view.js';
import type { DescribedEvent, Hold, Look, Source, Trouble } from './look.js';
import type { Request } from './request.js';
import { type Asking, troubleOf } from './trouble.js';

/** Everything a look asks. */
export interface Sources {
  readonly health: HealthView;
  readFeed(url: string): Promise<readonly FeedEvent[]>;
  /** Calendars that are closed. */
  closedCalendars(names: readonly string[]): Promise<readonly Hold[]>;
  /** Alarms that are in ALARM. */
  ringingAlarms(names: readonly string[]): Promise<readonly Hold[]>;
}

export interface LookoutOptions {
  readonly request: Request;
  /** The request's, with what was derived. */
  readonly criteria: Criteria;
  /** For `entities: match`. */
  readonly ours: readonly string[];
  readonly sources: Sources;
  readonly clock: Clock;
}

type Part = Omit<Look, 'at'>;

const NOTHING: Part = { source: 'none', holds: [], troubles: [], leftOut: {}, remarks: [] };

const merge = (parts: readonly Part[]): Part => ({
  source: parts.find(({ source }) => source !== 'none')?.source ?? 'none',
  holds: parts.flatMap(({ holds }) => holds),
  troubles: parts.flatMap(({ troubles }) => troubles),
  leftOut: Object.assign({}, ...parts.map(({ leftOut }) => leftOut)),
  remarks: parts.flatMap(({ remarks }) => remarks),
});

const FEED_REMARK =
  'the public feed stands in for AWS Health: it knows incidents that everybody may see, but no maintenance and nothing about this account';

/** Looks at everything that can speak against deploying. */
export class Lookout {
  private readonly describer: Describer;

  constructor(private readonly options: LookoutOptions) {
    this.describer = new Describer(options.sources.health);
  }

  /** One look; `patient` reports trouble that may pass rather than let the policies speak. */
  async look(patient: boolean): Promise<Look> {
    const { request, sources, clock } = this.options;
    const at = clock.now();
    const { calendars, alarms } = request;
    const parts = await Promise.all([
      this.atHealth(at, patient),
      this.atHolds({ asked: 'change calendars', patient }, calendars, (names) => sources.closedCalendars(names)),
      this.atHolds({ asked: 'CloudWatch alarms', patient }, alarms, (names) => sources.ringingAlarms(names)),
    ]);
    return { at, ...merge(parts) };
  }

  private async atHolds(
    asking: Omit<Asking, 'policies'>,
    names: readonly string[],
    ask: (names: readonly string[]) => Promise<readonly Hold[]>,
  ): Promise<Part> {
    if (names.length === 0) return NOTHING;
    try {
      return { ...NOTHING, holds: await ask(names) };
    } catch (error) {
      return { ...NOTHING, troubles: [this.trouble(error, asking)] };
    }
  }

  private async atHealth(at: number, patient: boolean): Promise<Part> {
    try {
      return await this.askHealth(at);
    } catch (error) {
      const trouble = this.trouble(error, { asked: 'AWS Health', patient });
      return trouble.leniency === 'public-feed'
        ? this.askFeed(at, trouble, patient)
        : { ...NOTHING, troubles: [trouble] };
    }
  }

  private async askHealth(at: number): Promise<Part> {
    const { criteria, sources } = this.options;
    const { counting, leftOut } = this.sort(await sources.health.events(criteria), at);
    const ours = await this.keepOurs(counting);
    const foreign = counting.length - ours.length;
    const remarks = await this.describer.describe(ours);
    const left = foreign === 0 ? leftOut : { ...leftOut, 'not ours': foreign };
    return this.part(
      'health-api',
      ours.map((event) => this.described(event, undefined)),
      left,
      remarks,
    );
  }

  private async askFeed(at: number, trouble: Trouble, patient: boolean): Promise<Part> {
    const { request, sources } = this.options;
    try {
      if (partitionOf(request.region) !== 'aws') {
        throw new DeliveryError('unexpected', `the public feed says nothing of ${request.region}`);
      }
      const entries = await sources.readFeed(request.feed);
      const texts = new Map(entries.map(({ event, text }) => [event.arn, text]));
      const { counting, leftOut } = this.sort(
        entries.map(({ event }) => event),
        at,
      );
      const events = counting.map((event) => this.described(event, texts.get(event.arn)));
      return this.part('public-feed', events, leftOut, [`${FEED_REMARK} (${trouble.text})`]);
    } catch (error) {
      const silence = this.trouble(error, { asked: 'the public feed', patient });
      return { ...NOTHING, troubles: [{ ...trouble, leniency: 'fail', passing: silence.passing }, silence] };
    }
  }

  private sort(events: readonly HealthEvent[], at: number) {
    const counting: HealthEvent[] = [];
    const leftOut: Partial<Record<Because, number>> = {};
    for (const event of events) {
      const judgement = judgeEvent(this.options.criteria, event, at);
      if (judgement.counts) counting.push(event);
      else leftOut[judgement.because] = (leftOut[judgement.because] ?? 0) + 1;
    }
    // What was said last is what people look for first.
    return { counting: counting.sort((left, right) => (right.updatedAt ?? 0) - (left.updatedAt ?? 0)), leftOut };
  }

  private async keepOurs(events: readonly HealthEvent[]): Promise<readonly HealthEvent[]> {
    const { request, ours, sources } = this.options;
    if (request.entities.kind === 'any') return events;
    const entities = await sources.health.entities(events.filter(({ scope }) => scope !== 'PUBLIC'));
    return events.filter((event) => concernsUs(event, entities.get(event.arn) ?? [], ours));
  }

  private described(event: HealthEvent, feedText: string | undefined): DescribedEvent {
    const { request } = this.options;
    const { text, zone, entities } = this.describer.of(event) ?? { text: feedText, zone: undefined, entities: [] };
    const link = healthLink(event, request.region, request.whose.kind);
    return { ...event, zone: event.zone ?? zone, text, entities, link };
  }

  private part(
    source: Source,
    events: readonly DescribedEvent[],
    leftOut: Look['leftOut'],
    remarks: readonly string[],
  ): Part {
    return { source, holds: events.map((event) => ({ kind: 'event', event })), troubles: [], leftOut, remarks };
  }

  private trouble(error: unknown, asking: Omit<Asking, 'policies'>): Trouble {
    return troubleOf(error, { ...asking, policies: this.options.request.policies });
  }
}
