import { DAY_MS, type TimeZone } from '@aws-delivery/action-kit/schedule/time-zone';
import { formatDuration } from '@aws-delivery/action-kit/util/format';
import type { FreezeSource } from './freeze-file.js';
import { findHoliday, type Holiday } from './holidays.js';
import { isWithinHours, listHourEdges, type OpenHours } from './open-hours.js';

/** The inputs of the deployment window. */
export interface WindowOptions {
  readonly timeZone: TimeZone;
  /** No entries: all hours. */
  readonly openHours: readonly OpenHours[];
  readonly holidays: readonly Holiday[];
  readonly freezeFiles: readonly string[];
  /** Milliseconds that must remain until the next closing. */
  readonly runway: number;
}

/** Why deployments are not allowed at a time, and when they will be; milliseconds since the epoch. */
export interface WindowClosure {
  readonly reason: string;
  /** Undefined if it is later than a year from now. */
  readonly opensAt: number | undefined;
}

const CHUNK_MS = 7 * DAY_MS;
const HORIZON_MS = 400 * DAY_MS;
// A holiday starts and ends at midnight.
const MIDNIGHT: OpenHours = { label: 'midnight', weekdays: new Set(), ranges: [{ start: 0, end: 1440 }] };

const quote = (name: string): string => (name === '' ? '' : ` '${name}'`);

/** Open hours, holidays and freezes in one time zone. */
export class DeploymentWindow {
  constructor(
    private readonly options: WindowOptions,
    private readonly sources: readonly FreezeSource[],
  ) {}

  /** Undefined when deployments are allowed at a time. */
  findClosure(at: number): WindowClosure | undefined {
    const reason = this.findReason(at);
    if (reason === undefined) return undefined;
    const opensAt = this.findEdge(at, at + HORIZON_MS, (edge) => this.findReason(edge) === undefined);
    return { reason, opensAt };
  }

  private findReason(at: number): string | undefined {
    return this.findClosedReason(at) ?? this.findRunwayReason(at);
  }

  private findClosedReason(at: number): string | undefined {
    const { timeZone, openHours, holidays } = this.options;
    for (const { file, isInverted, listFreezes } of this.sources) {
      const freeze = listFreezes(at).find(({ start, end }) => start <= at && at < end);
      if (isInverted && freeze === undefined) return `no open period of ${file}`;
      if (!isInverted && freeze !== undefined) return `freeze${quote(freeze.name)} of ${file}`;
    }
    const holiday = findHoliday(holidays, timeZone, at);
    if (holiday !== undefined) return `holiday ${holiday.label}`;
    const isOpen = openHours.length === 0 || isWithinHours(openHours, timeZone, at);
    return isOpen ? undefined : 'outside the open hours';
  }

  private findRunwayReason(at: number): string | undefined {
    const { runway } = this.options;
    if (runway === 0) return undefined;
    const closesAt = this.findEdge(at, at + runway, (edge) => this.findClosedReason(edge) !== undefined);
    if (closesAt === undefined || closesAt - at >= runway) return undefined;
    return `the window closes in ${formatDuration(closesAt - at)}, less than the runway of ${formatDuration(runway)} (${this.findClosedReason(closesAt)})`;
  }

  /** The first time after `from` and until `until` at which the window may change and a condition is met. */
  private findEdge(from: number, until: number, isMet: (edge: number) => boolean): number | undefined {
    for (let start = from; start < until; start += CHUNK_MS) {
      const end = Math.min(start + CHUNK_MS, until);
      const edges = this.listEdges(start, end).filter((edge) => edge > start && edge <= end);
      const found = [...new Set(edges)].sort((a, b) => a - b).find(isMet);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private listEdges(from: number, until: number): readonly number[] {
    const { timeZone, openHours, holidays } = this.options;
    const hours = holidays.length === 0 ? openHours : [...openHours, MIDNIGHT];
    return [
      ...listHourEdges(hours, timeZone, from, until),
      ...timeZone.listTransitions(from, until),
      ...this.sources.flatMap(({ listFreezes }) => listFreezes(until).flatMap(({ start, end }) => [start, end])),
    ];
  }
}
