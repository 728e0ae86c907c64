import { classifyError, type ErrorClass } from '@aws-delivery/aws/error';
import { poll } from '@aws-delivery/aws/poll';
import type { AppConfig } from '../appconfig/client.js';
import {
  type DeploymentDetail,
  type EnvironmentRef,
  readDeployment,
  stopDeployment,
} from '../appconfig/deployments.js';
import { isNotFound } from '../appconfig/service-error.js';
import type { WaitContext } from '../appconfig/wait-context.js';
import type { ProbeMonitor } from './probes.js';

export interface FollowOptions {
  readonly appConfig: AppConfig;
  readonly waitContext: WaitContext;
  readonly environmentRef: EnvironmentRef;
  readonly number: number;
  /** `shop/dev FeatureFlags`. */
  readonly name: string;
  /** When it counts as having got there. */
  readonly goal: 'complete' | 'deployed' | 'started';
  /** What it needs when nothing goes wrong, in milliseconds. */
  readonly expectedDuration: number;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly probeMonitor?: ProbeMonitor | undefined;
  /** Told at each new state and percentage. */
  readonly onProgress: (detail: DeploymentDetail) => void;
}

/** How a deployment came out. */
export type DeploymentOutcome =
  | { readonly kind: 'reached-goal'; readonly detail: DeploymentDetail }
  | { readonly kind: 'rolled-back'; readonly detail: DeploymentDetail }
  /** The probes said so; it is being rolled back. */
  | { readonly kind: 'probe-failed'; readonly detail: DeploymentDetail; readonly reason: string };

const hasReachedGoal = ({ state }: DeploymentDetail, goal: FollowOptions['goal']): boolean => {
  if (state === 'COMPLETE') return true;
  if (goal === 'deployed') return state === 'BAKING';
  return goal === 'started' && (state === 'DEPLOYING' || state === 'BAKING');
};

/** A share of what it lasts is soon enough to see a change, and sparing of calls. */
const createBackoff = (expectedDuration: number) => ({
  initialDelayMs: 1000,
  factor: 2,
  maxDelayMs: Math.min(30_000, Math.max(2000, expectedDuration / 12)),
});

// Right after its start a deployment may not be readable yet.
const classifyReadError = (error: unknown): ErrorClass => (isNotFound(error) ? 'eventual' : classifyError(error));

/** Follows a deployment to its goal or its end. Throws `timeout` when it is overdue, `cancelled` on abort. */
export const followDeployment = async (options: FollowOptions): Promise<DeploymentOutcome> => {
  const { appConfig, waitContext, environmentRef, number, goal, probeMonitor, onProgress } = options;
  let lastProgress = '';
  return poll<DeploymentOutcome>({
    ...waitContext,
    label: `${options.name} (deployment ${number})`,
    deadline: options.deadline,
    backoff: createBackoff(options.expectedDuration),
    classify: classifyReadError,
    read: async () => {
      const detail = await readDeployment(appConfig, environmentRef, number);
      const progress = `${detail.state} ${detail.percentage}`;
      if (progress !== lastProgress) onProgress(detail);
      // Steps of a growth are far apart: only a new state is a reason to look again soon.
      const progressed = !lastProgress.startsWith(`${detail.state} `);
      lastProgress = progress;
      if (detail.state === 'ROLLED_BACK' || detail.state === 'REVERTED') {
        return { state: 'done', value: { kind: 'rolled-back', detail } };
      }
      if (hasReachedGoal(detail, goal)) return { state: 'done', value: { kind: 'reached-goal', detail } };
      const reason = await probeMonitor?.check();
      if (reason === undefined) return { state: 'pending', progressed };
      // It may have completed since it was read: then it is reverted.
      await stopDeployment(appConfig, environmentRef, { number, allowRevert: true });
      return { state: 'done', value: { kind: 'probe-failed', detail, reason } };
    },
  });
};

/** How long a rollback may take to be seen, in milliseconds. */
const ROLLBACK_TIMEOUT_MS = 5 * 60_000;

type RollbackWaitOptions = Pick<FollowOptions, 'appConfig' | 'waitContext' | 'environmentRef' | 'number' | 'name'> &
  Partial<Pick<FollowOptions, 'onProgress'>>;

/** Waits until a deployment that is being taken back has been. */
export const waitForRollback = (options: RollbackWaitOptions): Promise<DeploymentOutcome> => {
  const deadline = options.waitContext.clock.now() + ROLLBACK_TIMEOUT_MS;
  return followDeployment({ onProgress: () => undefined, ...options, deadline, goal: 'complete', expectedDuration: 0 });
};
