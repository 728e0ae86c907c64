import type { Clock } from '@aws-delivery/action-kit/clock';
import { textOf } from '@aws-delivery/action-kit/error';
import type { ProbeWish } from './probe-wish.js';

/** Whose deployment is being looked after. */
export interface Subject {
  readonly tenant: string;
  readonly environment: string;
}

/** The ways to ask. */
export interface ProbeWays {
  /** The status an address answers. */
  readonly status: (url: string) => Promise<number>;
  /** Those of the alarms that are in ALARM. */
  readonly ringing: (alarms: readonly string[]) => Promise<readonly string[]>;
}

const fill = (url: string, { tenant, environment }: Subject): string =>
  url.replaceAll('{tenant}', encodeURIComponent(tenant)).replaceAll('{environment}', encodeURIComponent(environment));

/** Looks whether all is well. Alarms are asked once an interval, however many environments are under way. */
export class Probes {
  private asked: { readonly at: number; readonly answer: Promise<readonly string[]> } | undefined;

  constructor(
    readonly wish: ProbeWish,
    private readonly ways: ProbeWays,
    private readonly clock: Clock,
  ) {}

  get isIdle(): boolean {
    return this.wish.addresses.length === 0 && this.wish.alarms.length === 0;
  }

  /** What is wrong, in words; undefined where nothing is. No answer is wrong, too. */
  async look(subject: Subject): Promise<string | undefined> {
    for (const { url, status } of this.wish.addresses) {
      const address = fill(url, subject);
      const wrong = await this.ways.status(address).then(
        (actual) => (actual === status ? undefined : `${address} answered ${actual} in place of ${status}`),
        (error: unknown) => `${address} did not answer: ${textOf(error)}`,
      );
      if (wrong !== undefined) return wrong;
    }
    return this.lookAtAlarms();
  }

  private async lookAtAlarms(): Promise<string | undefined> {
    if (this.wish.alarms.length === 0) return undefined;
    try {
      const ringing = await this.ringing();
      return ringing.length === 0 ? undefined : `in ALARM: ${ringing.join(', ')}`;
    } catch (error) {
      return `the alarms cannot be read: ${textOf(error)}`;
    }
  }

  private ringing(): Promise<readonly string[]> {
    const now = this.clock.now();
    if (this.asked === undefined || now - this.asked.at >= this.wish.interval) {
      this.asked = { at: now, answer: this.ways.ringing(this.wish.alarms) };
    }
    return this.asked.answer;
  }
}

/** Counts failed looks in a row during one deployment. */
export class Vigil {
  private failures = 0;
  private next: number;

  constructor(
    private readonly probes: Probes,
    private readonly subject: Subject,
    private readonly clock: Clock,
  ) {
    this.next = clock.now();
  }

  /** Looks where it is time to; what is wrong once it has been wrong often enough. */
  async alarm(): Promise<string | undefined> {
    if (this.probes.isIdle || this.clock.now() < this.next) return undefined;
    this.next = this.clock.now() + this.probes.wish.interval;
    const wrong = await this.probes.look(this.subject);
    this.failures = wrong === undefined ? 0 : this.failures + 1;
    return this.failures >= this.probes.wish.failures ? wrong : undefined;
  }
}
