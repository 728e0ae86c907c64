import type { Log } from '@aws-delivery/action-kit/host/log';
import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { formatDuration } from '@aws-delivery/action-kit/util/format';
import { type Evaluation, evaluateObservation, type Observation } from '../decision/observation.js';
import { formatBlockers, formatSourceErrors } from '../decision/verdict.js';
import { formatBlockerLines } from '../report/format-blocker.js';
import type { WaitPolicy, WatchState } from './watch.js';

const MAX_SHOWN_BLOCKERS = 10;

const formatExcluded = ({ excluded }: Observation): string => {
  const reasons = Object.entries(excluded).map(([reason, count]) => `${count} by ${reason}`);
  return reasons.length === 0 ? '' : `, left out ${reasons.join(', ')}`;
};

/** What makes a look news: another state, other holds, or an update of one. */
const buildChangeKey = (observation: Observation): string => {
  const blockers = observation.blockers.map((blocker) =>
    blocker.kind === 'event' ? `${blocker.event.arn} ${blocker.event.updatedAt}` : blocker.name,
  );
  return JSON.stringify([
    evaluateObservation(observation).kind,
    observation.source,
    blockers,
    observation.errors.map(({ source, policy }) => [source, policy]),
  ]);
};

/** Tells in the log what is seen: all of it when it is news, and what is awaited. */
export class ProgressLogger {
  private lastKey = '';
  private loggedNotices = new Set<string>();
  private loggedClear = false;

  constructor(
    private readonly log: Log,
    private readonly clock: Clock,
    private readonly waitPolicy: WaitPolicy,
  ) {}

  /** Tells a look where it is news; returns whether it was. */
  logObservation(observation: Observation, state: WatchState): boolean {
    const key = buildChangeKey(observation);
    const hasChanged = key !== this.lastKey;
    this.lastKey = key;
    if (hasChanged) this.logDetails(observation);
    this.logClearPeriod(state);
    return hasChanged;
  }

  private logDetails(observation: Observation): void {
    const evaluation = evaluateObservation(observation);
    this.log.info(`${this.formatHeadline(evaluation)}${formatExcluded(observation)}`);
    for (const blocker of observation.blockers.slice(0, MAX_SHOWN_BLOCKERS))
      for (const line of formatBlockerLines(blocker, observation.at)) this.log.info(line);
    if (observation.blockers.length > MAX_SHOWN_BLOCKERS)
      this.log.info(`  and ${observation.blockers.length - MAX_SHOWN_BLOCKERS} more`);
    for (const notice of observation.notices.filter((candidate) => !this.loggedNotices.has(candidate))) {
      this.loggedNotices.add(notice);
      this.log.warning(notice);
    }
  }

  private formatHeadline(evaluation: Evaluation): string {
    switch (evaluation.kind) {
      case 'clear':
        return 'Nothing counts against deploying';
      case 'held':
        return `Held by ${formatBlockers(evaluation.blockers)}`;
      case 'unanswered':
        return `No complete answer from ${formatSourceErrors(evaluation.errors)}${evaluation.transient ? '; asking again' : ''}`;
      case 'waived':
        return `No complete answer from ${formatSourceErrors(evaluation.errors)}; the policy is to ${evaluation.policy}`;
    }
  }

  private logClearPeriod({ blockedBy, clearSince }: WatchState): void {
    const waiting = blockedBy !== undefined && clearSince !== undefined;
    if (waiting && !this.loggedClear) {
      const remaining = this.waitPolicy.stableFor - (this.clock.now() - clearSince);
      if (remaining > 0) this.log.info(`Going on if nothing counts for another ${formatDuration(remaining)}`);
    }
    this.loggedClear = waiting;
  }
}
