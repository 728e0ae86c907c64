import type { ProbeMonitor } from '@aws-delivery/action-kit/probe/probes';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { classifyError, type ErrorClass } from '@aws-delivery/aws/error';
import { poll } from '@aws-delivery/aws/poll';
import type { AppConfig, WaitContext } from '../appconfig/client.js';
import { type DeploymentDetail, type DeploymentRef, readDeployment, stopDeployment } from '../appconfig/deployments.js';
import { isNotFound } from '../appconfig/service-error.js';

interface FollowContext {
  readonly appConfig: AppConfig;
  readonly waitContext: WaitContext;
}

export interface FollowOptions {
  /** The state at which to stop following: `wait-for`. */
  readonly goal: 'complete' | 'deployed' | 'started';
  /** The duration of its strategy, in milliseconds. */
  readonly expectedDuration: number;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly probeMonitor?: ProbeMonitor | undefined;
  /** Called for each new state and percentage. */
  readonly onProgress?: (detail: DeploymentDetail) => void;
}

export type DeploymentOutcome =
  | { readonly kind: 'reached-goal'; readonly detail: DeploymentDetail }
  | { readonly kind: 'rolled-back'; readonly detail: DeploymentDetail }
  /** Probes failed and the deployment was stopped; its rollback may not have ended. */
  | { readonly kind: 'probe-failed'; readonly detail: DeploymentDetail; readonly reason: string };

const hasReachedGoal = ({ state }: DeploymentDetail, goal: FollowOptions['goal']): boolean => {
  if (state === 'COMPLETE') return true;
  if (goal === 'deployed') return state === 'BAKING';
  return goal === 'started' && (state === 'DEPLOYING' || state === 'BAKING');
};

/** Polls long deployments less often: the longest pause is a twelfth of the duration, from 2 to 30 seconds. */
const createBackoff = (expectedDuration: number) => ({
  initialDelayMs: 1000,
  factor: 2,
  maxDelayMs: Math.min(30_000, Math.max(2000, expectedDuration / 12)),
});

// Right after its start a deployment may not be readable yet.
const classifyReadError = (error: unknown): ErrorClass => (isNotFound(error) ? 'eventual' : classifyError(error));

/** Follows a deployment to its goal or its end. Throws `timeout` at the deadline, and `cancelled` on abort. */
export const followDeployment = async (
  { appConfig, waitContext }: FollowContext,
  deployment: DeploymentRef,
  { goal, expectedDuration, deadline, probeMonitor, onProgress }: FollowOptions,
): Promise<DeploymentOutcome> => {
  const { name, number } = deployment;
  let lastProgress = '';
  return poll<DeploymentOutcome>({
    ...waitContext,
    label: `${name} (deployment ${number})`,
    deadline,
    backoff: createBackoff(expectedDuration),
    classify: classifyReadError,
    read: async () => {
      const detail = await readDeployment(appConfig, deployment, number);
      const progress = `${detail.state} ${detail.percentage}`;
      if (progress !== lastProgress) onProgress?.(detail);
      // Growth steps are minutes apart: only a new state resets the backoff.
      const progressed = !lastProgress.startsWith(`${detail.state} `);
      lastProgress = progress;
      if (detail.state === 'ROLLED_BACK' || detail.state === 'REVERTED') {
        return { state: 'done', value: { kind: 'rolled-back', detail } };
      }
      if (hasReachedGoal(detail, goal)) return { state: 'done', value: { kind: 'reached-goal', detail } };
      const reason = await probeMonitor?.check();
      if (reason === undefined) return { state: 'pending', progressed };
      // It may have completed since it was read, so a revert is allowed.
      await stopDeployment(appConfig, deployment, { number, allowRevert: true });
      return { state: 'done', value: { kind: 'probe-failed', detail, reason } };
    },
  });
};

const ROLLBACK_TIMEOUT_MS = 5 * 60_000;

/** Waits until a stopped deployment is rolled back or reverted. */
export const waitForRollback = (
  context: FollowContext,
  deployment: DeploymentRef,
  options: Pick<FollowOptions, 'onProgress'> = {},
): Promise<DeploymentOutcome> => {
  const deadline = context.waitContext.clock.now() + ROLLBACK_TIMEOUT_MS;
  return followDeployment(context, deployment, { ...options, deadline, goal: 'complete', expectedDuration: 0 });
};

/** Stops or reverts a deployment and waits for its end. Returns the error message if that fails; throws on abort. */
export const revertDeployment = async (
  context: FollowContext,
  deployment: DeploymentRef,
): Promise<{ readonly failure: string | undefined }> => {
  const { appConfig, waitContext } = context;
  try {
    await stopDeployment(appConfig, deployment, { number: deployment.number, allowRevert: true });
    await waitForRollback(context, deployment);
    return { failure: undefined };
  } catch (error) {
    if (waitContext.signal.aborted) throw error;
    return { failure: errorMessage(error) };
  }
};
