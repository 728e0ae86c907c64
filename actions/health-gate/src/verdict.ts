import { durationText } from '@aws-delivery/action-kit/clock';
import type { Hold, Trouble } from './look.js';
import type { Request } from './request.js';
import type { Ending } from './watch.js';

/** What the gate decided. */
export type Gate = 'passed' | 'blocked' | 'overridden' | 'unknown';

export interface Decision {
  readonly gate: Gate;
  /** What becomes of the step. */
  readonly step: 'pass' | 'warn' | 'fail';
  /** One sentence, for the step's result. */
  readonly reason: string;
}

const nameOf = (hold: Hold): string => {
  switch (hold.kind) {
    case 'event':
      return `${hold.event.service} in ${hold.event.region} (${hold.event.typeCode})`;
    case 'calendar':
      return `closed calendar ${hold.name}`;
    case 'alarm':
      return `alarm ${hold.name}`;
  }
};

const MOST_NAMED = 5;

/** The holds in a few words: the first five by name. */
export const holdsText = (holds: readonly Hold[]): string => {
  const named = holds.slice(0, MOST_NAMED).map(nameOf).join(', ');
  return holds.length > MOST_NAMED ? `${named} and ${holds.length - MOST_NAMED} more` : named;
};

/** What could not be had, and why. */
export const troublesText = (troubles: readonly Trouble[]): string =>
  troubles.map(({ asked, text }) => `${asked}: ${text}`).join('; ');

const passedReason = ({ held, waited, last }: Ending): string => {
  const source = last.source === 'public-feed' ? ', says the public feed, which stands in for AWS Health' : '';
  return held
    ? `nothing counts any more, after ${durationText(waited)} of waiting${source}`
    : `nothing counts against deploying now${source}`;
};

const blockedReason = ({ why, waited }: Ending, holds: readonly Hold[]): string =>
  why === 'timeout'
    ? `still held after ${durationText(waited)}, as long as 'timeout' allows: ${holdsText(holds)}`
    : `held by ${holdsText(holds)}`;

const unsettled = ({ waited }: Ending): Decision => ({
  gate: 'blocked',
  step: 'fail',
  reason: `what held the deployment is over, but the ${durationText(waited)} of 'timeout' ended before 'stable-for' did: allow more time`,
});

const onFacts = (ending: Ending, onEvent: Request['onEvent']): Decision => {
  const { conclusion } = ending;
  switch (conclusion.kind) {
    case 'clear':
      if (ending.why === 'timeout') return unsettled(ending);
      return { gate: 'passed', step: 'pass', reason: passedReason(ending) };
    case 'held': {
      const reason = blockedReason(ending, conclusion.holds);
      if (onEvent !== 'warn') return { gate: 'blocked', step: 'fail', reason };
      if (conclusion.troubles.length === 0) return { gate: 'blocked', step: 'warn', reason };
      const silent = troublesText(conclusion.troubles);
      return { gate: 'unknown', step: 'fail', reason: `${reason}, and no complete answer from ${silent}` };
    }
    case 'unanswered':
      return { gate: 'unknown', step: 'fail', reason: `no complete answer from ${troublesText(conclusion.troubles)}` };
    case 'waived': {
      if (ending.why === 'timeout') {
        return {
          gate: 'unknown',
          step: 'fail',
          reason: `held before, and then no complete answer from ${troublesText(conclusion.troubles)}`,
        };
      }
      const text = `no complete answer from ${troublesText(conclusion.troubles)}`;
      if (conclusion.leniency === 'warn') return { gate: 'unknown', step: 'warn', reason: text };
      return { gate: 'passed', step: 'pass', reason: `passed by policy, not by an answer: ${text}` };
    }
  }
};

/** What follows from how watching ended. `passed` needs a complete answer, or a policy that says so in `reason`. */
export const decide = (ending: Ending, { onEvent, override }: Pick<Request, 'onEvent' | 'override'>): Decision => {
  const decision = onFacts(ending, onEvent);
  if (override === undefined || decision.gate === 'passed') return decision;
  return { gate: 'overridden', step: 'warn', reason: `passed all the same (${override}), though ${decision.reason}` };
};
