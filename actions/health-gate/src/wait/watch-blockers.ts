import { withElapsed, withHeartbeat } from '@aws-delivery/action-kit/host/log';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { formatDuration } from '@aws-delivery/action-kit/util/format';
import { BlockerCollector } from '../decision/blocker-collector.js';
import type { WaitResult } from '../decision/verdict.js';
import { listUnusedEntries } from '../events/unused-entries.js';
import type { Request } from '../inputs/parse-request.js';
import { renderAbandoned, renderWaiting } from '../report/summary.js';
import type { DeploymentScope } from '../scope/deployment-scope.js';
import type { Services } from '../services.js';
import { type BlockedInterval, BlockerHistory } from './blocker-history.js';
import { ProgressLogger } from './progress.js';
import { watch } from './watch.js';

export interface WatchContext {
  /** Complete: with the ignore entries and the derived services. */
  readonly request: Request;
  readonly deploymentScope: DeploymentScope | undefined;
  readonly services: Services;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

export interface BlockerWatch {
  readonly waitResult: WaitResult;
  readonly intervals: readonly BlockedInterval[];
  /** Names of ignore entries that matched no event, where events were read completely. */
  readonly unusedEntries: readonly string[];
}

// Hosts end jobs that log nothing for long.
const HEARTBEAT_INTERVAL_MS = 5 * 60_000;

const observeUntilFinal = async (context: WatchContext): Promise<BlockerWatch> => {
  const { request, deploymentScope, services, startedAt } = context;
  const { clock, log, signal } = services.host;
  const collector = new BlockerCollector({
    request,
    deploymentScope,
    sources: services.createSources(request),
    clock,
  });
  const history = new BlockerHistory();
  const heartbeat = {
    log: withElapsed(log, clock),
    clock,
    intervalMs: HEARTBEAT_INTERVAL_MS,
    formatLine: (elapsed: number): string => `Still waiting (${formatDuration(elapsed)})`,
  };
  const waitResult = await withHeartbeat(heartbeat, async (watchedLog) => {
    const progress = new ProgressLogger(watchedLog, clock, request.waitPolicy);
    return watch({
      clock,
      signal,
      waitPolicy: request.waitPolicy,
      observe: (inGracePeriod) => collector.collect(inGracePeriod),
      onObservation: async (observation, evaluation, state) => {
        history.add(observation);
        const hasChanged = progress.logObservation(observation, evaluation, state);
        if (hasChanged && request.waitPolicy.onBlocked === 'wait' && observation.blockers.length > 0) {
          await services.updateComment(request, renderWaiting(observation, request, startedAt));
        }
      },
    });
  });
  const unused = listUnusedEntries(request, waitResult.lastObservation, collector.ignoreUsage);
  return { waitResult, intervals: history.intervals, unusedEntries: unused };
};

/**
 * Checks for blockers until the result is final or the timeout has passed; logs progress and keeps the pull-request
 * comment up to date.
 * @throws DeliveryError `cancelled`, and errors of the request itself such as a calendar that does not exist
 */
export const watchBlockers = (context: WatchContext): Promise<BlockerWatch> =>
  observeUntilFinal(context).catch(async (error) => {
    const { request, services, startedAt } = context;
    const abandoned = renderAbandoned(errorMessage(error), startedAt, services.host.clock.now());
    await services.updateComment(request, abandoned);
    throw error;
  });
