import type { ExclusionReason } from '../events/criteria.js';
import type { AffectedEntity, HealthEvent } from '../events/health-event.js';

/** An event that counts, with what makes it readable where that could be had. */
export interface DescribedEvent extends HealthEvent {
  /** AWS's latest words on it. */
  readonly text: string | undefined;
  readonly entities: readonly AffectedEntity[];
  /** Where people read on. */
  readonly link: string;
}

/** One thing that speaks against deploying now. */
export type Blocker =
  | { readonly kind: 'event'; readonly event: DescribedEvent }
  | { readonly kind: 'calendar'; readonly name: string; readonly opensAt: string | undefined }
  | { readonly kind: 'alarm'; readonly name: string; readonly reason: string; readonly since: number | undefined };

/** What was asked. */
export type SourceName = 'AWS Health' | 'the public feed' | 'change calendars' | 'CloudWatch alarms';

/** What to do where a service does not answer. */
export type UnavailablePolicy = 'fail' | 'warn' | 'proceed' | 'public-feed';

/** A service that gave no complete answer. */
export interface SourceError {
  readonly source: SourceName;
  readonly kind: 'unavailable' | 'no-support-plan';
  /** Whether asking again may help. */
  readonly transient: boolean;
  /** What the policies say to it. */
  readonly policy: UnavailablePolicy;
  readonly text: string;
}

/** Where the answer about events came from; `none` where none came. */
export type HealthSource = 'health-api' | 'public-feed' | 'none';

/** Everything seen at one moment. */
export interface Observation {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly source: HealthSource;
  readonly blockers: readonly Blocker[];
  readonly errors: readonly SourceError[];
  /** Events that do not count, by the first reason found. */
  readonly excluded: Readonly<Partial<Record<ExclusionReason, number>>>;
  /** What could not be shown, though it does not change the decision. */
  readonly notices: readonly string[];
}

/** What a look amounts to: `clear` only where every service asked has answered completely. */
export type Evaluation =
  | { readonly kind: 'clear' }
  | {
      readonly kind: 'held';
      readonly blockers: readonly Blocker[];
      /** What may not be silent and was: it matters where holds only warn. */
      readonly errors: readonly SourceError[];
    }
  | { readonly kind: 'unanswered'; readonly errors: readonly SourceError[]; readonly transient: boolean }
  | { readonly kind: 'waived'; readonly errors: readonly SourceError[]; readonly policy: 'warn' | 'proceed' };

const mayProceed = ({ policy }: SourceError): boolean => policy === 'warn' || policy === 'proceed';

/** A hold outweighs any silence; one service that may not be silent outweighs those that may. */
export const evaluateObservation = ({ blockers, errors }: Observation): Evaluation => {
  const blockingErrors = errors.filter((error) => !mayProceed(error));
  if (blockers.length > 0) return { kind: 'held', blockers, errors: blockingErrors };
  if (errors.length === 0) return { kind: 'clear' };
  if (blockingErrors.length > 0) {
    return {
      kind: 'unanswered',
      errors: blockingErrors,
      transient: blockingErrors.every(({ transient }) => transient),
    };
  }
  const shouldWarn = errors.some(({ policy }) => policy === 'warn');
  return { kind: 'waived', errors, policy: shouldWarn ? 'warn' : 'proceed' };
};
