import { awsErrorText, classify, type ErrorClass } from '@aws-delivery/action-kit/aws-error';
import type { Clock } from '@aws-delivery/action-kit/clock';
import type { Log } from '@aws-delivery/action-kit/log';
import { type Outcome, poll } from '@aws-delivery/action-kit/poll';

/** How far a call is tried: all calls of a run share one deadline. */
export interface Trial {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  /** Calls of one kind, at least 1. */
  readonly attempts: number;
}

export interface Attempt<T> {
  /** What is awaited, to follow "waiting for". */
  readonly what: string;
  readonly call: () => Promise<T>;
  /** What an error calls for; by default `classify`. */
  readonly judge?: (error: unknown) => ErrorClass;
  /** A result that will not do is asked for again. */
  readonly accept?: (value: T) => boolean;
}

const PACE = { first: 500, ceiling: 15_000, factor: 2, jitter: 0.5 };

const PASSING: readonly ErrorClass[] = ['throttled', 'transient', 'eventual', 'expired'];

/**
 * Calls until there is an answer. Only faults that pass by themselves are met with another call, after a pause with
 * jitter; everything else is thrown as it is, at once.
 */
export const attempt = <T>(
  trial: Trial,
  { what, call, judge = classify, accept = () => true }: Attempt<T>,
): Promise<T> => {
  let calls = 0;
  let last: ErrorClass | undefined;
  const read = async (): Promise<Outcome<T>> => {
    calls += 1;
    const value = await call();
    return accept(value) ? { state: 'done', value } : { state: 'pending' };
  };
  const judged = (error: unknown): ErrorClass => {
    const kind = judge(error);
    // What is expired twice in a row stays so.
    const isPassing = PASSING.includes(kind) && !(kind === 'expired' && last === 'expired');
    last = kind;
    if (!isPassing || calls >= trial.attempts) return isPassing ? 'permanent' : kind;
    trial.log.info(`Attempt ${calls} failed, another follows: ${awsErrorText(error)}`);
    return kind;
  };
  const { clock, signal, deadline } = trial;
  return poll({ what, clock, signal, deadline, read, judge: judged, pace: PACE });
};
