import type { Because } from './criteria.js';
import type { AffectedEntity, HealthEvent } from './event.js';

/** An event that counts, with what makes it readable where that could be had. */
export interface DescribedEvent extends HealthEvent {
  /** AWS's latest words on it. */
  readonly text: string | undefined;
  readonly entities: readonly AffectedEntity[];
  /** Where people read on. */
  readonly link: string;
}

/** One thing that speaks against deploying now. */
export type Hold =
  | { readonly kind: 'event'; readonly event: DescribedEvent }
  | { readonly kind: 'calendar'; readonly name: string; readonly opensAt: string | undefined }
  | { readonly kind: 'alarm'; readonly name: string; readonly reason: string; readonly since: number | undefined };

/** What was asked. */
export type Asked = 'AWS Health' | 'the public feed' | 'change calendars' | 'CloudWatch alarms';

/** What to do where a service does not answer. */
export type Leniency = 'fail' | 'warn' | 'proceed' | 'public-feed';

/** A service that gave no complete answer. */
export interface Trouble {
  readonly asked: Asked;
  readonly kind: 'unavailable' | 'no-support-plan';
  /** Whether asking again may help. */
  readonly passing: boolean;
  /** What the policies say to it. */
  readonly leniency: Leniency;
  readonly text: string;
}

/** Where the answer about events came from; `none` where none came. */
export type Source = 'health-api' | 'public-feed' | 'none';

/** Everything seen at one moment. */
export interface Look {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly source: Source;
  readonly holds: readonly Hold[];
  readonly troubles: readonly Trouble[];
  /** Events that do not count, by the first reason found. */
  readonly leftOut: Readonly<Partial<Record<Because, number>>>;
  /** What could not be shown, though it does not change the decision. */
  readonly remarks: readonly string[];
}

/** What a look amounts to: `clear` only where every service asked has answered completely. */
export type Conclusion =
  | { readonly kind: 'clear' }
  | {
      readonly kind: 'held';
      readonly holds: readonly Hold[];
      /** What may not be silent and was: it matters where holds only warn. */
      readonly troubles: readonly Trouble[];
    }
  | { readonly kind: 'unanswered'; readonly troubles: readonly Trouble[]; readonly passing: boolean }
  | { readonly kind: 'waived'; readonly troubles: readonly Trouble[]; readonly leniency: 'warn' | 'proceed' };

const isWaived = ({ leniency }: Trouble): boolean => leniency === 'warn' || leniency === 'proceed';

/** A hold outweighs any silence; one service that may not be silent outweighs those that may. */
export const conclude = ({ holds, troubles }: Look): Conclusion => {
  const grave = troubles.filter((trouble) => !isWaived(trouble));
  if (holds.length > 0) return { kind: 'held', holds, troubles: grave };
  if (troubles.length === 0) return { kind: 'clear' };
  if (grave.length > 0) {
    return { kind: 'unanswered', troubles: grave, passing: grave.every(({ passing }) => passing) };
  }
  const warns = troubles.some(({ leniency }) => leniency === 'warn');
  return { kind: 'waived', troubles, leniency: warns ? 'warn' : 'proceed' };
};
