import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import type { ProbeOptions } from '../inputs/probe-options.js';

/** The environment that is probed: fills the placeholders of URLs. */
export interface ProbeSubject {
  readonly tenant: string;
  readonly environment: string;
}

export interface ProbeClients {
  /** Fetches the HTTP status of a URL. */
  readonly fetchStatus: (url: string) => Promise<number>;
  /** Returns the names of those alarms that are in ALARM. */
  readonly listActiveAlarms: (alarms: readonly string[]) => Promise<readonly string[]>;
}

const fillPlaceholders = (url: string, { tenant, environment }: ProbeSubject): string =>
  url.replaceAll('{tenant}', encodeURIComponent(tenant)).replaceAll('{environment}', encodeURIComponent(environment));

/** Runs HTTP and alarm probes. Alarms are read once per interval for all environments. */
export class Probes {
  private alarmQuery: { readonly at: number; readonly response: Promise<readonly string[]> } | undefined;

  constructor(
    readonly options: ProbeOptions,
    private readonly clients: ProbeClients,
    private readonly clock: Clock,
  ) {}

  get isEmpty(): boolean {
    return this.options.urlProbes.length === 0 && this.options.alarms.length === 0;
  }

  /** Returns the first problem; undefined if all probes pass. A probe without a response fails. */
  async check(subject: ProbeSubject): Promise<string | undefined> {
    for (const { url, status } of this.options.urlProbes) {
      const address = fillPlaceholders(url, subject);
      const problem = await this.clients.fetchStatus(address).then(
        (actual) => (actual === status ? undefined : `${address} returned ${actual}, expected ${status}`),
        (error: unknown) => `no response from ${address}: ${errorMessage(error)}`,
      );
      if (problem !== undefined) return problem;
    }
    return this.checkAlarms();
  }

  private async checkAlarms(): Promise<string | undefined> {
    if (this.options.alarms.length === 0) return undefined;
    try {
      const active = await this.listActiveAlarms();
      return active.length === 0 ? undefined : `alarms in ALARM state: ${active.join(', ')}`;
    } catch (error) {
      return `cannot read the alarms: ${errorMessage(error)}`;
    }
  }

  private listActiveAlarms(): Promise<readonly string[]> {
    const now = this.clock.now();
    if (this.alarmQuery === undefined || now - this.alarmQuery.at >= this.options.interval) {
      this.alarmQuery = { at: now, response: this.clients.listActiveAlarms(this.options.alarms) };
    }
    return this.alarmQuery.response;
  }
}

/** Counts consecutive probe failures during one deployment. */
export class ProbeMonitor {
  private failureCount = 0;
  private nextCheckAt: number;

  constructor(
    private readonly probes: Probes,
    private readonly subject: ProbeSubject,
    private readonly clock: Clock,
  ) {
    this.nextCheckAt = clock.now();
  }

  /** Probes at most once per interval. Returns the problem once the failure threshold is reached. */
  async check(): Promise<string | undefined> {
    if (this.probes.isEmpty || this.clock.now() < this.nextCheckAt) return undefined;
    this.nextCheckAt = this.clock.now() + this.probes.options.interval;
    const problem = await this.probes.check(this.subject);
    this.failureCount = problem === undefined ? 0 : this.failureCount + 1;
    return this.failureCount >= this.probes.options.failureThreshold ? problem : undefined;
  }
}
