import type { Document } from '../../call.js';
import type { Random } from '../../random.js';
import { Timeline } from '../../timeline.js';
import type { EventScenario } from './scenario.js';

interface Fact {
  readonly status?: 'upcoming' | 'open' | 'closed';
  readonly text?: string;
}

export interface EventParts {
  readonly given: EventScenario;
  readonly partition: string;
  readonly account: string;
  readonly random: Random;
  /** When the server started. */
  readonly start: number;
}

const shortTime = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

/** An event and its life: announced, open, updated, closed. */
export class HealthEvent {
  readonly arn: string;
  readonly given: EventScenario;
  readonly accounts: readonly string[];
  readonly startsAt: number;
  readonly endsAt: number | undefined;
  readonly #facts = new Timeline<Fact>();

  constructor({ given, partition, account, random, start }: EventParts) {
    const { service, region, type, ends, category } = given;
    const id = `${type}_${random.hex(5).toUpperCase()}_${random.hex(11).toUpperCase()}`;
    this.arn = `arn:${partition}:health:${region}::event/${service}/${type}/${id}`;
    this.given = given;
    this.accounts = given.scope === 'PUBLIC' || given.accounts.length > 0 ? given.accounts : [account];
    this.startsAt = start + given.starts - given.age;
    this.endsAt = ends === undefined ? undefined : start + ends;
    if (category === 'scheduledChange') this.#facts.plan(Math.min(start, this.startsAt) - 1, { status: 'upcoming' });
    this.#facts.plan(this.startsAt, { status: 'open' });
    for (const { at, text } of given.updates) this.#facts.plan(start + at, { text });
    if (this.endsAt !== undefined) this.#facts.plan(this.endsAt, { status: 'closed' });
  }

  status(at: number): string | undefined {
    return this.#facts.until(at).findLast(({ fact }) => fact.status !== undefined)?.fact.status;
  }

  isSeenBy(account: string): boolean {
    return this.given.scope === 'PUBLIC' || this.accounts.includes(account);
  }

  updatedAt(at: number): number {
    return this.#facts.latest(at)?.at ?? this.startsAt;
  }

  /** Every update, each under its time, the newest last: as AWS writes them. */
  text(at: number): string {
    const updates = this.#facts
      .until(at)
      .flatMap((entry) => (entry.fact.text === undefined ? [] : [`[${shortTime(entry.at)} UTC] ${entry.fact.text}`]));
    return [`[${shortTime(this.startsAt)} UTC] ${this.given.text}`, ...updates].join('\n\n');
  }

  /** As DescribeEvents tells it at a moment; the organisation's view has no zone. */
  describe(at: number, view: 'account' | 'organization'): Document {
    const { service, region, type, category, scope, zone, actionability, personas } = this.given;
    const over = this.endsAt !== undefined && this.endsAt <= at;
    return {
      arn: this.arn,
      service,
      eventTypeCode: type,
      eventTypeCategory: category,
      region,
      startTime: new Date(this.startsAt),
      lastUpdatedTime: new Date(this.updatedAt(at)),
      statusCode: this.status(at),
      eventScopeCode: scope,
      ...(over && { endTime: new Date(this.endsAt ?? at) }),
      ...(view === 'account' && zone !== undefined && { availabilityZone: zone }),
      ...(actionability !== undefined && { actionability }),
      ...(personas.length > 0 && { personas }),
    };
  }

  entities(at: number, account: string | undefined): readonly Document[] {
    return this.given.entities
      .map((entity) => ({ ...entity, account: entity.account ?? this.accounts[0] }))
      .filter((entity) => account === undefined || entity.account === account)
      .map(({ value, status, account: owner }) => ({
        eventArn: this.arn,
        entityArn: `arn:aws:health:${this.given.region}:${owner ?? ''}:entity/${value}`,
        entityValue: value,
        awsAccountId: owner,
        statusCode: status,
        lastUpdatedTime: new Date(this.updatedAt(at)),
      }));
  }
}
