import type { Log } from '@aws-delivery/action-kit/host/log';
import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { formatDuration } from '@aws-delivery/action-kit/util/format';
import { type Evaluation, getBlockerKey, type Observation } from '../decision/observation.js';
import type { WaitPolicy } from '../inputs/parse-request.js';
import { formatBlockerLines, formatBlockers, formatExclusions, formatSourceErrors } from '../report/format-blocker.js';
import type { WatchState } from './watch.js';

const MAX_SHOWN_BLOCKERS = 10;

const formatHeadline = (evaluation: Evaluation): string => {
  switch (evaluation.kind) {
    case 'clear':
      return 'No blocking events';
    case 'blocked':
      return `Blocked by ${formatBlockers(evaluation.blockers)}`;
    case 'incomplete':
      return `Incomplete data from ${formatSourceErrors(evaluation.errors)}${evaluation.transient ? '; retrying' : ''}`;
    case 'ignored':
      return `Incomplete data from ${formatSourceErrors(evaluation.errors)}; policy: ${evaluation.policy}`;
  }
};

/**
 * Differs between observations that are logged separately: other evaluation, blockers, errors, or an event's update.
 */
const buildChangeKey = ({ source, blockers, errors }: Observation, { kind }: Evaluation): string =>
  JSON.stringify([
    kind,
    source,
    blockers.map((blocker) => [getBlockerKey(blocker), blocker.kind === 'event' ? blocker.event.updatedAt : undefined]),
    errors.map((error) => [error.source, error.policy]),
  ]);

/** Logs observations that differ from the previous one, and the remaining time of `stable-for`. */
export class ProgressLogger {
  private lastKey = '';
  private readonly loggedNotices = new Set<string>();
  private loggedClear = false;

  constructor(
    private readonly log: Log,
    private readonly clock: Clock,
    private readonly waitPolicy: WaitPolicy,
  ) {}

  /** Returns whether the observation differs from the previous one. */
  logObservation(observation: Observation, evaluation: Evaluation, state: WatchState): boolean {
    const key = buildChangeKey(observation, evaluation);
    const hasChanged = key !== this.lastKey;
    this.lastKey = key;
    if (hasChanged) this.logDetails(observation, evaluation);
    this.logClearPeriod(state);
    return hasChanged;
  }

  private logDetails({ blockers, excluded, notices, at }: Observation, evaluation: Evaluation): void {
    const exclusions = formatExclusions(excluded);
    this.log.info(`${formatHeadline(evaluation)}${exclusions === '' ? '' : `; excluded ${exclusions}`}`);
    for (const blocker of blockers.slice(0, MAX_SHOWN_BLOCKERS))
      for (const line of formatBlockerLines(blocker, at)) this.log.info(line);
    if (blockers.length > MAX_SHOWN_BLOCKERS) this.log.info(`  (${blockers.length - MAX_SHOWN_BLOCKERS} more)`);
    for (const notice of notices.filter((candidate) => !this.loggedNotices.has(candidate))) {
      this.loggedNotices.add(notice);
      this.log.warning(notice);
    }
  }

  private logClearPeriod({ blockedBy, clearSince }: WatchState): void {
    const waiting = blockedBy !== undefined && clearSince !== undefined;
    if (waiting && !this.loggedClear) {
      const remaining = this.waitPolicy.stableFor - (this.clock.now() - clearSince);
      if (remaining > 0) this.log.info(`Continuing after another ${formatDuration(remaining)} without blocking events`);
    }
    this.loggedClear = waiting;
  }
}
