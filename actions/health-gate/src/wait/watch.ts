import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { type PollResult, poll } from '@aws-delivery/aws/poll';
import { type Evaluation, evaluateObservation, type HealthSource, type Observation } from '../decision/observation.js';

/** What to do while something holds: end at once, or look again. Times in milliseconds. */
export interface WaitPolicy {
  readonly onBlocked: 'end' | 'wait';
  /** For how long nothing may have counted before a hold is over. */
  readonly stableFor: number;
  readonly timeout: number;
}

/** How watching ended. `timeout` is an end as well: what the last look showed then stands. */
export interface WaitResult {
  readonly evaluation: Evaluation;
  readonly lastObservation: Observation;
  readonly stopReason: 'settled' | 'timeout';
  /** Milliseconds spent. */
  readonly waited: number;
  readonly observationCount: number;
  /** Holds were seen on the way. */
  readonly wasBlocked: boolean;
}

/** What has to be remembered between looks. */
export interface WatchState {
  /** Where the answer came from that showed a hold last; undefined when none did. */
  readonly blockedBy: HealthSource | undefined;
  readonly clearSince: number | undefined;
  readonly failingSince: number | undefined;
}

export const INITIAL_STATE: WatchState = { blockedBy: undefined, clearSince: undefined, failingSince: undefined };

// Trouble that may pass is given this long before the policies speak, in milliseconds; longer where waiting is allowed.
const ERROR_GRACE_PERIOD_MS = 60_000;

/** How long trouble that may pass is sat out, in milliseconds: a short timeout leaves less. */
export const getErrorGracePeriod = (timeout: number): number => Math.min(ERROR_GRACE_PERIOD_MS, timeout / 2);

/** Has trouble lasted long enough for the policies to speak at `now`? */
export const isInGracePeriod = ({ failingSince }: WatchState, now: number, timeout: number): boolean =>
  now - (failingSince ?? now) < getErrorGracePeriod(timeout);

// The feed knows no events of the account: what the API has shown, only the API can end.
const isAuthoritative = (source: HealthSource, { blockedBy }: WatchState): boolean =>
  blockedBy !== 'health-api' || source === 'health-api';

/** What one more look changes: what is remembered, and whether it is the last. */
export interface Transition {
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
 * The state machine of watching. A clear first look settles it; after a hold, looks must stay clear for `stableFor`.
 * A silence never ends a hold.
 */
export const advanceState = (state: WatchState, observation: Observation, waitPolicy: WaitPolicy): Transition => {
  const evaluation = evaluateObservation(observation);
  switch (evaluation.kind) {
    case 'held':
      return {
        state: { blockedBy: observation.source, clearSince: undefined, failingSince: undefined },
        isFinal: waitPolicy.onBlocked === 'end',
      };
    case 'clear':
      return advanceOnClear(state, observation, waitPolicy);
    case 'waived':
      if (state.blockedBy === undefined) return { state, isFinal: true };
      return advanceOnError(state, observation, waitPolicy, true);
    case 'unanswered':
      return advanceOnError(state, observation, waitPolicy, evaluation.transient);
  }
};

export interface WatchOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly waitPolicy: WaitPolicy;
  /** Looks once; `patient` asks it to report trouble that may pass rather than to let the policies speak. */
  readonly observe: (inGracePeriod: boolean) => Promise<Observation>;
  /** Told of every look, and for how long it has been clear where that matters. */
  readonly onObservation: (observation: Observation, state: WatchState) => Promise<void>;
}

const MAX_POLL_DELAY_MS = 30_000;

class Watcher {
  private state = INITIAL_STATE;
  private observationCount = 0;
  private lastObservation: Observation | undefined;

  constructor(private readonly options: WatchOptions) {}

  async pollOnce(): Promise<PollResult<void>> {
    const { clock, waitPolicy, observe, onObservation } = this.options;
    const inGracePeriod = isInGracePeriod(this.state, clock.now(), waitPolicy.timeout);
    const observation = await observe(inGracePeriod);
    const progressed =
      this.lastObservation !== undefined &&
      evaluateObservation(this.lastObservation).kind !== evaluateObservation(observation).kind;
    const { state, isFinal } = advanceState(this.state, observation, waitPolicy);
    [this.state, this.lastObservation] = [state, observation];
    this.observationCount += 1;
    await onObservation(observation, state);
    return isFinal ? { state: 'done', value: undefined } : { state: 'pending', progressed };
  }

  buildResult(stopReason: WaitResult['stopReason'], since: number): WaitResult {
    const lastObservation = this.lastObservation;
    if (lastObservation === undefined)
      throw new DeliveryError('timeout', 'the timeout ended before the first look: allow more time');
    const wasBlocked = this.state.blockedBy !== undefined;
    return {
      stopReason,
      lastObservation,
      wasBlocked,
      observationCount: this.observationCount,
      evaluation: evaluateObservation(lastObservation),
      waited: this.options.clock.now() - since,
    };
  }
}

/** Looks until it is settled or the timeout has come. Throws `cancelled`, and whatever a look throws. */
export const watch = async (options: WatchOptions): Promise<WaitResult> => {
  const { clock, signal, waitPolicy } = options;
  const [start, watcher] = [clock.now(), new Watcher(options)];
  const maxDelayMs = Math.max(1000, Math.min(MAX_POLL_DELAY_MS, waitPolicy.stableFor / 2));
  try {
    await poll({
      label: 'a moment to deploy',
      clock,
      signal,
      deadline: start + waitPolicy.timeout,
      backoff: { maxDelayMs },
      classify: () => 'permanent',
      read: () => watcher.pollOnce(),
    });
    return watcher.buildResult('settled', start);
  } catch (error) {
    if (error instanceof DeliveryError && error.code === 'timeout') return watcher.buildResult('timeout', start);
    throw error;
  }
};
