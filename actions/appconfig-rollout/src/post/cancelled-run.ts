import type { Host } from '@aws-delivery/action-kit/host/host';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { groupBy } from '@aws-delivery/action-kit/util/group-by';
import { poll } from '@aws-delivery/aws/poll';
import type { AppConfig } from '../appconfig/client.js';
import { type DeploymentDetail, readDeployment, stopDeployment } from '../appconfig/deployments.js';
import { isConflict, isNotFound, isServiceError } from '../appconfig/service-error.js';
import {
  type PendingDeployment,
  type PostStepOptions,
  readPendingDeployments,
} from '../rollout/pending-deployments.js';
import { mapConcurrent } from '../util/concurrency.js';

const ENVIRONMENT_CONCURRENCY = 16;

/**
 * For how long a deployment may not be seen yet, in milliseconds: the run may have been killed while the start was on
 * its way, and reads may be behind.
 */
const VISIBILITY_DELAY_MS = 10_000;

/** How long to see to one deployment, in milliseconds: a host gives a post step minutes, not hours. */
const DEPLOYMENT_TIMEOUT_MS = 5 * 60_000;

type CancelPolicy = PostStepOptions['policy'];

/** What a flight is found to be. */
type LookupResult =
  | { readonly kind: 'not-found' }
  /** Somebody else's deployment has its number. */
  | { readonly kind: 'other' }
  | { readonly kind: 'found'; readonly detail: DeploymentDetail };

const findDeployment = async (appConfig: AppConfig, pendingDeployment: PendingDeployment): Promise<LookupResult> => {
  try {
    const detail = await readDeployment(appConfig, pendingDeployment, pendingDeployment.number);
    return detail.description === pendingDeployment.description ? { kind: 'found', detail } : { kind: 'other' };
  } catch (error) {
    if (isNotFound(error)) return { kind: 'not-found' };
    throw error;
  }
};

/** Whether a deployment is as the policy wants it. */
const matchesPolicy = ({ state }: DeploymentDetail, policy: CancelPolicy): boolean => {
  if (policy === 'leave') return true;
  return state === 'COMPLETE' ? policy === 'stop' : state === 'ROLLED_BACK' || state === 'REVERTED';
};

/** Takes a deployment back that is not settled; what it was before. */
const stopOrRevert = async (
  appConfig: AppConfig,
  pendingDeployment: PendingDeployment,
  { state }: DeploymentDetail,
  policy: CancelPolicy,
) => {
  if (state === 'ROLLING_BACK') return;
  try {
    await stopDeployment(appConfig, pendingDeployment, {
      number: pendingDeployment.number,
      allowRevert: policy === 'revert',
    });
  } catch (error) {
    // Another one of its environment is still being taken back, or it came to another state meanwhile: look again.
    const hasChanged = state !== 'COMPLETE' && isServiceError(error, 'BadRequestException');
    if (!hasChanged && !isConflict(error)) throw error;
  }
};

const formatOutcome = ({ number, state }: DeploymentDetail, stateBefore: string | undefined): string => {
  if (stateBefore === undefined) return `deployment ${number} is left as it is (${state})`;
  if (state === 'REVERTED') return `deployment ${number} was reverted`;
  return state === 'ROLLED_BACK'
    ? `deployment ${number} was stopped and rolled back`
    : `deployment ${number} is ${state}`;
};

/** Does what the policy says about one deployment, and waits until it is so. Gives back what was done, in words. */
const applyPolicy = (
  appConfig: AppConfig,
  host: Host,
  pendingDeployment: PendingDeployment,
  policy: CancelPolicy,
): Promise<string> => {
  const { clock } = host;
  const startedAt = clock.now();
  let stateBefore: string | undefined;
  return poll<string>({
    label: `${pendingDeployment.name} (deployment ${pendingDeployment.number}) to be taken back`,
    clock,
    deadline: startedAt + DEPLOYMENT_TIMEOUT_MS,
    backoff: { initialDelayMs: 1000, maxDelayMs: 5000 },
    read: async () => {
      const lookup = await findDeployment(appConfig, pendingDeployment);
      if (lookup.kind === 'other') return { state: 'done', value: 'it did not begin' };
      if (lookup.kind === 'not-found') {
        return clock.now() - startedAt < VISIBILITY_DELAY_MS
          ? { state: 'pending' }
          : { state: 'done', value: 'it did not begin' };
      }
      const { detail } = lookup;
      if (matchesPolicy(detail, policy)) return { state: 'done', value: formatOutcome(detail, stateBefore) };
      stateBefore = detail.state;
      await stopOrRevert(appConfig, pendingDeployment, detail, policy);
      return { state: 'pending', progressed: true };
    },
  });
};

/** What the post step does: nothing after a run that came to its own end, else what `on-cancel` says. */
export const handleCancelledRun = async (host: Host, createAppConfig: (region: string) => AppConfig): Promise<void> => {
  const saved = readPendingDeployments(host);
  if (saved === undefined) return;
  const { options, deployments } = saved;
  const appConfig = createAppConfig(options.region);
  host.log.info(`the run did not come to its end; on-cancel is ${options.policy}`);
  const environments = groupBy(deployments, ({ environmentId }) => environmentId);
  await mapConcurrent([...environments.values()], ENVIRONMENT_CONCURRENCY, async (environmentDeployments) => {
    // The newest first: an environment goes back the way it came.
    for (const pendingDeployment of environmentDeployments.toReversed()) {
      try {
        host.log.info(
          `${pendingDeployment.name}: ${await applyPolicy(appConfig, host, pendingDeployment, options.policy)}`,
        );
      } catch (error) {
        host.log.error(
          `${pendingDeployment.name}: deployment ${pendingDeployment.number} could not be settled: ${errorMessage(error)}`,
        );
      }
    }
  });
};
