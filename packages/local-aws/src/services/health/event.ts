import type { Document } from '../../api-call.js';
import type { Random } from '../../random.js';
import { Timeline } from '../../time/timeline.js';
import type { EventScenario } from './scenario.js';

interface EventSnapshot {
  readonly status?: 'upcoming' | 'open' | 'closed';
  readonly message?: string;
}

export interface EventOptions {
  readonly config: EventScenario;
  readonly partition: string;
  readonly account: string;
  readonly random: Random;
  /** Server time at the start. */
  readonly start: number;
}

const formatTime = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

/** An AWS Health event over time: upcoming, open, updated, closed. */
export class HealthEvent {
  readonly arn: string;
  readonly config: EventScenario;
  readonly accounts: readonly string[];
  readonly startsAt: number;
  readonly endsAt: number | undefined;
  private readonly snapshots = new Timeline<EventSnapshot>();

  constructor({ config, partition, account, random, start }: EventOptions) {
    const { service, region, type, ends, category } = config;
    const id = `${type}_${random.hex(5).toUpperCase()}_${random.hex(11).toUpperCase()}`;
    this.arn = `arn:${partition}:health:${region}::event/${service}/${type}/${id}`;
    this.config = config;
    this.accounts = config.scope === 'PUBLIC' || config.accounts.length > 0 ? config.accounts : [account];
    this.startsAt = start + config.starts - config.age;
    this.endsAt = ends === undefined ? undefined : start + ends;
    if (category === 'scheduledChange') this.snapshots.plan(Math.min(start, this.startsAt) - 1, { status: 'upcoming' });
    this.snapshots.plan(this.startsAt, { status: 'open' });
    for (const { at, text: message } of config.updates) this.snapshots.plan(start + at, { message });
    if (this.endsAt !== undefined) this.snapshots.plan(this.endsAt, { status: 'closed' });
  }

  getStatus(at: number): string | undefined {
    return this.snapshots.listUntil(at).findLast(({ value: snapshot }) => snapshot.status !== undefined)?.value.status;
  }

  isVisibleTo(account: string): boolean {
    return this.config.scope === 'PUBLIC' || this.accounts.includes(account);
  }

  getUpdatedAt(at: number): number {
    return this.snapshots.findLatest(at)?.at ?? this.startsAt;
  }

  /** All updates with their times, newest last, in AWS's format. */
  formatDescription(at: number): string {
    const updates = this.snapshots
      .listUntil(at)
      .flatMap((entry) =>
        entry.value.message === undefined ? [] : [`[${formatTime(entry.at)} UTC] ${entry.value.message}`],
      );
    return [`[${formatTime(this.startsAt)} UTC] ${this.config.text}`, ...updates].join('\n\n');
  }

  /** The event in the format of DescribeEvents; the organization view has no availability zone. */
  describe(at: number, view: 'account' | 'organization'): Document {
    const { service, region, type, category, scope, zone, actionability, personas } = this.config;
    const isClosed = this.endsAt !== undefined && this.endsAt <= at;
    return {
      arn: this.arn,
      service,
      eventTypeCode: type,
      eventTypeCategory: category,
      region,
      startTime: new Date(this.startsAt),
      lastUpdatedTime: new Date(this.getUpdatedAt(at)),
      statusCode: this.getStatus(at),
      eventScopeCode: scope,
      ...(isClosed && { endTime: new Date(this.endsAt ?? at) }),
      ...(view === 'account' && zone !== undefined && { availabilityZone: zone }),
      ...(actionability !== undefined && { actionability }),
      ...(personas.length > 0 && { personas }),
    };
  }

  describeEntities(at: number, account: string | undefined): readonly Document[] {
    return this.config.entities
      .map((entity) => ({ ...entity, account: entity.account ?? this.accounts[0] }))
      .filter((entity) => account === undefined || entity.account === account)
      .map(({ value, status, account: owner }) => ({
        eventArn: this.arn,
        entityArn: `arn:aws:health:${this.config.region}:${owner ?? ''}:entity/${value}`,
        entityValue: value,
        awsAccountId: owner,
        statusCode: status,
        lastUpdatedTime: new Date(this.getUpdatedAt(at)),
      }));
  }
}
