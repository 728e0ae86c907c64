import { formatDuration } from '@aws-delivery/action-kit/util/format';
import type { Request } from '../inputs/parse-request.js';
import { formatBlockers, formatSourceErrors } from '../report/format-blocker.js';
import type { Blocker, Evaluation, Observation } from './observation.js';

/** Result of watching, for the decision. */
export interface WaitResult {
  /** Evaluation of the last observation. */
  readonly evaluation: Evaluation;
  readonly lastObservation: Observation;
  /** `timeout`: the last observation was not final. */
  readonly stopReason: 'final' | 'timeout';
  /** Milliseconds. */
  readonly waited: number;
  readonly observationCount: number;
  /** Whether any observation showed a blocker. */
  readonly wasBlocked: boolean;
}

/** Output `verdict`. */
export type Verdict = 'passed' | 'blocked' | 'overridden' | 'unknown';

export interface Decision {
  readonly verdict: Verdict;
  /** Result of the step; `warn` passes with an annotation. */
  readonly step: 'pass' | 'warn' | 'fail';
  /** One sentence. */
  readonly reason: string;
}

const formatPassedReason = ({ wasBlocked, waited, lastObservation }: WaitResult): string => {
  const source =
    lastObservation.source === 'public-feed' ? ', according to the public feed (used in place of AWS Health)' : '';
  return wasBlocked
    ? `no blocking events after waiting ${formatDuration(waited)}${source}`
    : `no blocking events${source}`;
};

const formatBlockedReason = ({ stopReason, waited }: WaitResult, blockers: readonly Blocker[]): string =>
  stopReason === 'timeout'
    ? `timed out after ${formatDuration(waited)}, still blocked by ${formatBlockers(blockers)}`
    : `blocked by ${formatBlockers(blockers)}`;

const createUnstableDecision = ({ waited }: WaitResult): Decision => ({
  verdict: 'blocked',
  step: 'fail',
  reason: `timed out after ${formatDuration(waited)}, before 'stable-for' had passed without blocking events: increase 'timeout'`,
});

const decideOnResult = (result: WaitResult, onEvent: Request['onEvent']): Decision => {
  const { evaluation } = result;
  switch (evaluation.kind) {
    case 'clear':
      if (result.stopReason === 'timeout') return createUnstableDecision(result);
      return { verdict: 'passed', step: 'pass', reason: formatPassedReason(result) };
    case 'blocked': {
      const reason = formatBlockedReason(result, evaluation.blockers);
      if (onEvent !== 'warn') return { verdict: 'blocked', step: 'fail', reason };
      if (evaluation.errors.length === 0) return { verdict: 'blocked', step: 'warn', reason };
      const failedSources = formatSourceErrors(evaluation.errors);
      return { verdict: 'unknown', step: 'fail', reason: `${reason}; incomplete data from ${failedSources}` };
    }
    case 'incomplete':
      return {
        verdict: 'unknown',
        step: 'fail',
        reason: `incomplete data from ${formatSourceErrors(evaluation.errors)}`,
      };
    case 'ignored': {
      if (result.stopReason === 'timeout') {
        return {
          verdict: 'unknown',
          step: 'fail',
          reason: `timed out after ${formatDuration(result.waited)}: blocked earlier, then incomplete data from ${formatSourceErrors(evaluation.errors)}`,
        };
      }
      const reason = `incomplete data from ${formatSourceErrors(evaluation.errors)}`;
      if (evaluation.policy === 'warn') return { verdict: 'unknown', step: 'warn', reason };
      return { verdict: 'passed', step: 'pass', reason: `passed by policy despite ${reason}` };
    }
  }
};

/** Decides on the result of watching. `passed` requires complete responses, or a policy that `reason` names. */
export const decide = (
  result: WaitResult,
  { onEvent, overrideReason }: Pick<Request, 'onEvent' | 'overrideReason'>,
): Decision => {
  const decision = decideOnResult(result, onEvent);
  if (overrideReason === undefined || decision.verdict === 'passed') return decision;
  return {
    verdict: 'overridden',
    step: 'warn',
    reason: `overridden (${overrideReason}): ${decision.reason}`,
  };
};
