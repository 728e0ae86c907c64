import type { ExclusionReason } from '../events/criteria.js';
import type { AffectedEntity, HealthEvent } from '../events/health-event.js';
import type { UnavailablePolicy } from '../inputs/policy.js';

/** An event that matches the criteria, with its details where they could be read. */
export interface DescribedEvent extends HealthEvent {
  /** AWS's description: all updates in one text, the newest last. */
  readonly text: string | undefined;
  readonly entities: readonly AffectedEntity[];
  /** Page of the event in the AWS Health console or on the public status page. */
  readonly link: string;
}

/** A reason not to deploy now. */
export type Blocker =
  | { readonly kind: 'event'; readonly event: DescribedEvent }
  | { readonly kind: 'calendar'; readonly name: string; readonly opensAt: string | undefined }
  | {
      readonly kind: 'window';
      readonly name: 'deployment window';
      readonly reason: string;
      readonly opensAt: number | undefined;
    }
  | { readonly kind: 'probe'; readonly name: string; readonly reason: string }
  | { readonly kind: 'alarm'; readonly name: string; readonly reason: string; readonly since: number | undefined };

/** Identifies a blocker across observations. */
export const getBlockerKey = (blocker: Blocker): string =>
  blocker.kind === 'event' ? blocker.event.arn : `${blocker.kind} ${blocker.name}`;

/** A service that is queried for blockers, as messages name it. */
export type SourceName =
  | 'AWS Health'
  | 'the public feed'
  | 'change calendars'
  | 'CloudWatch alarms'
  | 'deployment windows'
  | 'probes';

/** A failed query, or one with an incomplete response. */
export interface SourceError {
  readonly source: SourceName;
  readonly kind: 'unavailable' | 'no-support-plan';
  /** Whether a retry may succeed. */
  readonly transient: boolean;
  /** The policy that applies; `fail` for a transient error within the grace period. */
  readonly policy: UnavailablePolicy;
  readonly message: string;
}

/** Source of the events; `none` when neither source responded. */
export type HealthSource = 'health-api' | 'public-feed' | 'none';

/** Result of one query of all sources. */
export interface Observation {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly source: HealthSource;
  readonly blockers: readonly Blocker[];
  readonly errors: readonly SourceError[];
  /** Number of events that do not match the criteria, by the first criterion that they fail. */
  readonly excluded: Readonly<Partial<Record<ExclusionReason, number>>>;
  /** Notices without influence on the decision, such as details that could not be read. */
  readonly notices: readonly string[];
}

/** Meaning of an observation. */
export type Evaluation =
  /** Every source responded completely, without a blocker. */
  | { readonly kind: 'clear' }
  | {
      readonly kind: 'blocked';
      readonly blockers: readonly Blocker[];
      /** Errors that no policy ignores: they matter with `on-event: warn`. */
      readonly errors: readonly SourceError[];
    }
  /** No blocker, but a source failed whose policy is `fail`. */
  | { readonly kind: 'incomplete'; readonly errors: readonly SourceError[]; readonly transient: boolean }
  /** No blocker, and policies ignore every failed source. */
  | { readonly kind: 'ignored'; readonly errors: readonly SourceError[]; readonly policy: 'warn' | 'proceed' };

const isIgnored = ({ policy }: SourceError): boolean => policy === 'warn' || policy === 'proceed';

/**
 * Evaluates an observation: blockers take precedence over errors, and errors that no policy ignores over the others.
 */
export const evaluateObservation = ({ blockers, errors }: Observation): Evaluation => {
  const fatalErrors = errors.filter((error) => !isIgnored(error));
  if (blockers.length > 0) return { kind: 'blocked', blockers, errors: fatalErrors };
  if (errors.length === 0) return { kind: 'clear' };
  if (fatalErrors.length > 0) {
    return { kind: 'incomplete', errors: fatalErrors, transient: fatalErrors.every(({ transient }) => transient) };
  }
  const shouldWarn = errors.some(({ policy }) => policy === 'warn');
  return { kind: 'ignored', errors, policy: shouldWarn ? 'warn' : 'proceed' };
};
