import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { type PollResult, poll } from '@aws-delivery/aws/poll';
import { type Evaluation, evaluateObservation, type HealthSource, type Observation } from '../decision/observation.js';
import type { WaitResult } from '../decision/verdict.js';
import type { WaitPolicy } from '../inputs/parse-request.js';

/** State kept between observations. Times are milliseconds since the epoch. */
export interface WatchState {
  /** Source of the last observation with a blocker; undefined before the first. */
  readonly blockedBy: HealthSource | undefined;
  readonly clearSince: number | undefined;
  readonly failingSince: number | undefined;
}

const INITIAL_STATE: WatchState = { blockedBy: undefined, clearSince: undefined, failingSince: undefined };

const ERROR_GRACE_PERIOD_MS = 60_000;

/**
 * Whether transient errors are still retried without a policy at `now`: for a minute after the first, or for half of
 * a shorter timeout. Times in milliseconds.
 */
const isInGracePeriod = ({ failingSince }: WatchState, now: number, timeout: number): boolean =>
  now - (failingSince ?? now) < Math.min(ERROR_GRACE_PERIOD_MS, timeout / 2);

// The feed has no events of the account: a blocker that the API has shown can only end there.
const isAuthoritative = (source: HealthSource, { blockedBy }: WatchState): boolean =>
  blockedBy !== 'health-api' || source === 'health-api';

interface Transition {
  readonly state: WatchState;
  readonly isFinal: boolean;
}

const advanceOnError = (
  state: WatchState,
  observation: Observation,
  { onBlocked, timeout }: WaitPolicy,
  transient: boolean,
): Transition => {
  const nextState = { ...state, clearSince: undefined, failingSince: state.failingSince ?? observation.at };
  const inGracePeriod = onBlocked === 'wait' || isInGracePeriod(nextState, observation.at, timeout);
  return { state: nextState, isFinal: !transient || !inGracePeriod };
};

const advanceOnClear = (state: WatchState, observation: Observation, waitPolicy: WaitPolicy): Transition => {
  if (!isAuthoritative(observation.source, state)) return advanceOnError(state, observation, waitPolicy, true);
  const since = state.clearSince ?? observation.at;
  const isFinal = state.blockedBy === undefined || observation.at - since >= waitPolicy.stableFor;
  return { state: { ...state, clearSince: since, failingSince: undefined }, isFinal };
};

/**
 * Transition of the watch. A clear first observation is final; after a blocker, observations must stay clear for
 * `stableFor`. A failed source never ends a blocker.
 */
const advanceState = (
  state: WatchState,
  observation: Observation,
  evaluation: Evaluation,
  waitPolicy: WaitPolicy,
): Transition => {
  switch (evaluation.kind) {
    case 'blocked':
      return {
        state: { blockedBy: observation.source, clearSince: undefined, failingSince: undefined },
        isFinal: waitPolicy.onBlocked === 'end',
      };
    case 'clear':
      return advanceOnClear(state, observation, waitPolicy);
    case 'ignored':
      if (state.blockedBy === undefined) return { state, isFinal: true };
      return advanceOnError(state, observation, waitPolicy, true);
    case 'incomplete':
      return advanceOnError(state, observation, waitPolicy, evaluation.transient);
  }
};

export interface WatchOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly waitPolicy: WaitPolicy;
  /** Queries all sources once. Within the grace period, transient errors are reported with the policy `fail`. */
  readonly observe: (inGracePeriod: boolean) => Promise<Observation>;
  /** Called after every observation. */
  readonly onObservation: (observation: Observation, evaluation: Evaluation, state: WatchState) => Promise<void>;
}

const MAX_POLL_DELAY_MS = 30_000;

class Watcher {
  private state = INITIAL_STATE;
  private observationCount = 0;
  private last: { readonly observation: Observation; readonly evaluation: Evaluation } | undefined;

  constructor(private readonly options: WatchOptions) {}

  async pollOnce(): Promise<PollResult<void>> {
    const { clock, waitPolicy, observe, onObservation } = this.options;
    const observation = await observe(isInGracePeriod(this.state, clock.now(), waitPolicy.timeout));
    const evaluation = evaluateObservation(observation);
    const progressed = this.last !== undefined && this.last.evaluation.kind !== evaluation.kind;
    const { state, isFinal } = advanceState(this.state, observation, evaluation, waitPolicy);
    this.state = state;
    this.last = { observation, evaluation };
    this.observationCount += 1;
    await onObservation(observation, evaluation, state);
    return isFinal ? { state: 'done', value: undefined } : { state: 'pending', progressed };
  }

  buildResult(stopReason: WaitResult['stopReason'], since: number): WaitResult {
    if (this.last === undefined)
      throw new DeliveryError('timeout', "timed out before the first check: increase 'timeout'");
    return {
      stopReason,
      lastObservation: this.last.observation,
      evaluation: this.last.evaluation,
      wasBlocked: this.state.blockedBy !== undefined,
      observationCount: this.observationCount,
      waited: this.options.clock.now() - since,
    };
  }
}

/**
 * Polls until an observation is final or the timeout has passed.
 * @throws DeliveryError `cancelled`, `timeout` before the first observation, and every error of `observe`
 */
export const watch = async (options: WatchOptions): Promise<WaitResult> => {
  const { clock, signal, waitPolicy } = options;
  const start = clock.now();
  const watcher = new Watcher(options);
  const maxDelayMs = Math.max(1000, Math.min(MAX_POLL_DELAY_MS, waitPolicy.stableFor / 2));
  try {
    await poll({
      label: 'the blocking events to end',
      clock,
      signal,
      deadline: start + waitPolicy.timeout,
      backoff: { maxDelayMs },
      classify: () => 'permanent',
      read: () => watcher.pollOnce(),
    });
    return watcher.buildResult('final', start);
  } catch (error) {
    if (error instanceof DeliveryError && error.code === 'timeout') return watcher.buildResult('timeout', start);
    throw error;
  }
};
