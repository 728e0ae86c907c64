import { formatDuration } from '@aws-delivery/action-kit/util/format';
import type { Request } from '../inputs/parse-request.js';
import type { WaitResult } from '../wait/watch.js';
import type { Blocker, SourceError } from './observation.js';

/** What the gate decided. */
export type Verdict = 'passed' | 'blocked' | 'overridden' | 'unknown';

export interface Decision {
  readonly verdict: Verdict;
  /** What becomes of the step. */
  readonly step: 'pass' | 'warn' | 'fail';
  /** One sentence, for the step's result. */
  readonly reason: string;
}

const formatBlocker = (blocker: Blocker): string => {
  switch (blocker.kind) {
    case 'event':
      return `${blocker.event.service} in ${blocker.event.region} (${blocker.event.typeCode})`;
    case 'calendar':
      return `closed calendar ${blocker.name}`;
    case 'alarm':
      return `alarm ${blocker.name}`;
  }
};

const MAX_NAMED_BLOCKERS = 5;

/** The holds in a few words: the first five by name. */
export const formatBlockers = (blockers: readonly Blocker[]): string => {
  const names = blockers.slice(0, MAX_NAMED_BLOCKERS).map(formatBlocker).join(', ');
  return blockers.length > MAX_NAMED_BLOCKERS ? `${names} and ${blockers.length - MAX_NAMED_BLOCKERS} more` : names;
};

/** What could not be had, and why. */
export const formatSourceErrors = (errors: readonly SourceError[]): string =>
  errors.map(({ source, text }) => `${source}: ${text}`).join('; ');

const formatPassedReason = ({ wasBlocked, waited, lastObservation }: WaitResult): string => {
  const source =
    lastObservation.source === 'public-feed' ? ', says the public feed, which stands in for AWS Health' : '';
  return wasBlocked
    ? `nothing counts any more, after ${formatDuration(waited)} of waiting${source}`
    : `nothing counts against deploying now${source}`;
};

const formatBlockedReason = ({ stopReason, waited }: WaitResult, blockers: readonly Blocker[]): string =>
  stopReason === 'timeout'
    ? `still held after ${formatDuration(waited)}, as long as 'timeout' allows: ${formatBlockers(blockers)}`
    : `held by ${formatBlockers(blockers)}`;

const createUnstableDecision = ({ waited }: WaitResult): Decision => ({
  verdict: 'blocked',
  step: 'fail',
  reason: `what held the deployment is over, but the ${formatDuration(waited)} of 'timeout' ended before 'stable-for' did: allow more time`,
});

const decideOnResult = (result: WaitResult, onEvent: Request['onEvent']): Decision => {
  const { evaluation } = result;
  switch (evaluation.kind) {
    case 'clear':
      if (result.stopReason === 'timeout') return createUnstableDecision(result);
      return { verdict: 'passed', step: 'pass', reason: formatPassedReason(result) };
    case 'held': {
      const reason = formatBlockedReason(result, evaluation.blockers);
      if (onEvent !== 'warn') return { verdict: 'blocked', step: 'fail', reason };
      if (evaluation.errors.length === 0) return { verdict: 'blocked', step: 'warn', reason };
      const failedSources = formatSourceErrors(evaluation.errors);
      return { verdict: 'unknown', step: 'fail', reason: `${reason}, and no complete answer from ${failedSources}` };
    }
    case 'unanswered':
      return {
        verdict: 'unknown',
        step: 'fail',
        reason: `no complete answer from ${formatSourceErrors(evaluation.errors)}`,
      };
    case 'waived': {
      if (result.stopReason === 'timeout') {
        return {
          verdict: 'unknown',
          step: 'fail',
          reason: `held before, and then no complete answer from ${formatSourceErrors(evaluation.errors)}`,
        };
      }
      const reason = `no complete answer from ${formatSourceErrors(evaluation.errors)}`;
      if (evaluation.policy === 'warn') return { verdict: 'unknown', step: 'warn', reason };
      return { verdict: 'passed', step: 'pass', reason: `passed by policy, not by an answer: ${reason}` };
    }
  }
};

/** What follows from how watching ended. `passed` needs a complete answer, or a policy that says so in `reason`. */
export const decide = (
  result: WaitResult,
  { onEvent, overrideReason }: Pick<Request, 'onEvent' | 'overrideReason'>,
): Decision => {
  const decision = decideOnResult(result, onEvent);
  if (overrideReason === undefined || decision.verdict === 'passed') return decision;
  return {
    verdict: 'overridden',
    step: 'warn',
    reason: `passed all the same (${overrideReason}), though ${decision.reason}`,
  };
};
