import type { StackSetScenario } from '../scenario.js';
import type { Preferences } from './stack-set-inputs.js';

export type StackSetAction = 'CREATE' | 'UPDATE' | 'DELETE' | 'DETECT_DRIFT';
export type CellOutcome = 'SUCCEEDED' | 'FAILED' | 'CANCELLED' | 'SKIPPED';

/** One account and Region of a stack set operation, with its times in milliseconds since the epoch. */
export interface Cell {
  readonly account: string;
  readonly region: string;
  readonly organizationalUnit: string | undefined;
  begin: number;
  end: number;
  outcome: CellOutcome;
  reason: string | undefined;
  gate: 'SUCCEEDED' | 'FAILED' | 'SKIPPED';
}

export const getCellKey = ({ account, region }: { readonly account: string; readonly region: string }): string =>
  `${account}/${region}`;

export interface ScheduleOptions {
  readonly action: StackSetAction;
  readonly startAt: number;
  readonly preferences: Preferences;
  readonly scenario: StackSetScenario;
  /** Attempts so far by action, account and Region. */
  readonly attempts: Map<string, number>;
}

const SUSPENDED = 'Account is suspended and was skipped.';

/** Sets how an account and Region of the operation ends, by the first matching rule of the scenario. */
const resolveOutcome = (cell: Cell, { action, scenario, attempts }: ScheduleOptions): void => {
  if (scenario.suspended.includes(cell.account)) {
    Object.assign(cell, { outcome: 'SKIPPED', reason: SUSPENDED, gate: 'SKIPPED' });
    return;
  }
  const key = `${action}/${getCellKey(cell)}`;
  const attempt = (attempts.get(key) ?? 0) + 1;
  attempts.set(key, attempt);
  const rule = scenario.rules.find(
    ({ on }) =>
      (on.account === undefined || on.account === cell.account) &&
      (on.region === undefined || on.region === cell.region) &&
      (on.action === undefined || on.action === action) &&
      (on.attempts === undefined || on.attempts.includes(attempt)),
  );
  if (rule !== undefined) Object.assign(cell, { outcome: 'FAILED', reason: rule.reason, gate: rule.gate });
};

const countShare = (count: number | undefined, percentage: number | undefined, total: number): number | undefined =>
  count ?? (percentage === undefined ? undefined : Math.floor((percentage * total) / 100));

/** Plans one Region. Returns the time of its end, and whether its failures exceed the tolerance. */
const scheduleRegion = (cells: readonly Cell[], startAt: number, options: ScheduleOptions) => {
  const { preferences, scenario } = options;
  const { FailureToleranceCount, FailureTolerancePercentage, MaxConcurrentCount, MaxConcurrentPercentage } =
    preferences;
  const tolerance = countShare(FailureToleranceCount, FailureTolerancePercentage, cells.length) ?? 0;
  const desired = Math.max(1, countShare(MaxConcurrentCount, MaxConcurrentPercentage, cells.length) ?? 1);
  const isSoft = preferences.ConcurrencyMode === 'SOFT_FAILURE_TOLERANCE';
  const freeAt = Array.from({ length: isSoft ? desired : Math.min(desired, tolerance + 1) }, () => startAt);
  const failureTimes: number[] = [];
  for (const cell of cells) {
    const begin = Math.min(...freeAt);
    const isStopped = failureTimes.filter((time) => time <= begin).length > tolerance;
    Object.assign(cell, { begin, end: begin, outcome: isStopped ? 'CANCELLED' : 'SUCCEEDED' });
    if (isStopped) continue;
    resolveOutcome(cell, options);
    cell.end = cell.outcome === 'SKIPPED' ? begin : begin + scenario.duration;
    if (cell.outcome === 'FAILED') failureTimes.push(cell.end);
    freeAt[freeAt.indexOf(begin)] = cell.end;
  }
  return { end: Math.max(startAt, ...cells.map(({ end }) => end)), isExceeded: failureTimes.length > tolerance };
};

/** Plans all times and outcomes of an operation. Returns its status at the end. */
export const scheduleCells = (cells: readonly Cell[], options: ScheduleOptions): 'SUCCEEDED' | 'FAILED' => {
  const { RegionOrder = [], RegionConcurrencyType } = options.preferences;
  const regions = [...new Set([...RegionOrder, ...cells.map(({ region }) => region)])];
  let [startAt, isFailed] = [options.startAt, false];
  for (const region of regions) {
    const regionCells = cells.filter((cell) => cell.region === region);
    const isParallel = RegionConcurrencyType === 'PARALLEL';
    if (isFailed && !isParallel) {
      for (const cell of regionCells) Object.assign(cell, { begin: startAt, end: startAt, outcome: 'CANCELLED' });
      continue;
    }
    const { end, isExceeded } = scheduleRegion(regionCells, startAt, options);
    isFailed ||= isExceeded;
    if (!isParallel) startAt = end;
  }
  return isFailed ? 'FAILED' : 'SUCCEEDED';
};
