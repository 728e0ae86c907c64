import type { HttpResponse } from '../http/request.js';
import type { Clock } from '../util/clock.js';
import { errorMessage } from '../util/error.js';
import { isRecord } from '../util/is-record.js';
import { toSingleLine } from '../util/sanitize.js';
import type { ProbeOptions, UrlProbe } from './probe-options.js';

/** What is probed: values of the placeholders in URLs, `{name}`, by name. */
export type ProbeSubject = Readonly<Record<string, string>>;

export interface ProbeClients {
  readonly fetch: (url: string) => Promise<Pick<HttpResponse, 'status' | 'text'>>;
  /** Returns the names of those alarms that are in ALARM. */
  readonly listActiveAlarms: (alarms: readonly string[]) => Promise<readonly string[]>;
}

const fillPlaceholders = (url: string, subject: ProbeSubject): string =>
  Object.entries(subject).reduce(
    (filled, [name, value]) => filled.replaceAll(`{${name}}`, encodeURIComponent(value)),
    url,
  );

const parseJsonBody = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The value at a path such as `checks.0.status`; undefined if there is none. */
const findValue = (document: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce(
      (value, key) =>
        (isRecord(value) || Array.isArray(value)) && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined,
      document,
    );

const formatValue = (value: unknown): string =>
  value === undefined ? 'nothing' : toSingleLine(typeof value === 'string' ? value : JSON.stringify(value), 100);

/** What differs from the expected response; undefined if nothing does. */
const findProblem = (
  address: string,
  { status, field }: UrlProbe,
  response: Pick<HttpResponse, 'status' | 'text'>,
): string | undefined => {
  if (response.status !== status) return `${address} returned ${response.status}, expected ${status}`;
  if (field === undefined) return undefined;
  const value = formatValue(findValue(parseJsonBody(response.text), field.path));
  return value === field.value ? undefined : `${address} returned ${value} as ${field.path}, expected ${field.value}`;
};

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
    for (const probe of this.options.urlProbes) {
      const address = fillPlaceholders(probe.url, subject);
      const problem = await this.clients.fetch(address).then(
        (response) => findProblem(address, probe, response),
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
