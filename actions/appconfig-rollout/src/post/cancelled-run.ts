import type { Host } from '@aws-delivery/action-kit/host/host';
import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { groupBy } from '@aws-delivery/action-kit/util/group-by';
import { hasServiceErrorCode } from '@aws-delivery/aws/error';
import { poll } from '@aws-delivery/aws/poll';
import type { AppConfig } from '../appconfig/client.js';
import { type DeploymentDetail, readDeployment, stopDeployment } from '../appconfig/deployments.js';
import { isConflict, isNotFound } from '../appconfig/service-error.js';
import {
  type PendingDeployment,
  type PostStepOptions,
  readPendingDeployments,
} from '../rollout/pending-deployments.js';

const ENVIRONMENT_CONCURRENCY = 16;

/**
 * How long a started deployment may stay invisible: the run may have been killed during StartDeployment, and reads are
 * eventually consistent.
 */
const VISIBILITY_DELAY_MS = 10_000;

/** Time for one deployment: hosts give a post step minutes, not hours. */
const DEPLOYMENT_TIMEOUT_MS = 5 * 60_000;

type CancelPolicy = PostStepOptions['policy'];

type LookupResult =
  | { readonly kind: 'not-found' }
  /** A deployment of another run has its number. */
  | { readonly kind: 'other' }
  | { readonly kind: 'found'; readonly detail: DeploymentDetail };

const findDeployment = async (appConfig: AppConfig, deployment: PendingDeployment): Promise<LookupResult> => {
  try {
    const detail = await readDeployment(appConfig, deployment, deployment.number);
    return detail.description === deployment.description ? { kind: 'found', detail } : { kind: 'other' };
  } catch (error) {
    if (isNotFound(error)) return { kind: 'not-found' };
    throw error;
  }
};

/** Whether a deployment is in a final state of the policy. */
const matchesPolicy = ({ state }: DeploymentDetail, policy: CancelPolicy): boolean => {
  if (policy === 'leave') return true;
  return state === 'COMPLETE' ? policy === 'stop' : state === 'ROLLED_BACK' || state === 'REVERTED';
};

/** Stops or reverts a deployment. Conflicts are tolerated: the caller polls. */
const stopOrRevert = async (
  appConfig: AppConfig,
  deployment: PendingDeployment,
  { state }: DeploymentDetail,
  policy: CancelPolicy,
) => {
  if (state === 'ROLLING_BACK') return;
  try {
    await stopDeployment(appConfig, deployment, {
      number: deployment.number,
      allowRevert: policy === 'revert',
    });
  } catch (error) {
    // Another deployment of the environment is still rolling back, or this one changed its state since it was read.
    const hasChanged = state !== 'COMPLETE' && hasServiceErrorCode(error, 'BadRequestException');
    if (!hasChanged && !isConflict(error)) throw error;
  }
};

const formatOutcome = ({ number, state }: DeploymentDetail, stateBefore: string | undefined): string => {
  if (stateBefore === undefined) return `deployment ${number} was not changed (${state})`;
  if (state === 'REVERTED') return `deployment ${number} was reverted`;
  return state === 'ROLLED_BACK'
    ? `deployment ${number} was stopped and rolled back`
    : `deployment ${number} is ${state}`;
};

/** Applies the policy to one deployment and waits for the result. Returns a log message. */
const applyPolicy = (
  appConfig: AppConfig,
  host: Host,
  deployment: PendingDeployment,
  policy: CancelPolicy,
): Promise<string> => {
  const { clock } = host;
  const startedAt = clock.now();
  let stateBefore: string | undefined;
  return poll<string>({
    label: `the rollback of ${deployment.name} (deployment ${deployment.number})`,
    clock,
    deadline: startedAt + DEPLOYMENT_TIMEOUT_MS,
    backoff: { initialDelayMs: 1000, maxDelayMs: 5000 },
    read: async () => {
      const lookup = await findDeployment(appConfig, deployment);
      if (lookup.kind === 'other') return { state: 'done', value: `deployment ${deployment.number} was not started` };
      if (lookup.kind === 'not-found') {
        return clock.now() - startedAt < VISIBILITY_DELAY_MS
          ? { state: 'pending' }
          : { state: 'done', value: `deployment ${deployment.number} was not started` };
      }
      const { detail } = lookup;
      if (matchesPolicy(detail, policy)) return { state: 'done', value: formatOutcome(detail, stateBefore) };
      stateBefore = detail.state;
      await stopOrRevert(appConfig, deployment, detail, policy);
      return { state: 'pending', progressed: true };
    },
  });
};

/** The post step: applies `on-cancel` to the deployments of a run that did not end by itself. */
export const handleCancelledRun = async (host: Host, createAppConfig: (region: string) => AppConfig): Promise<void> => {
  const saved = readPendingDeployments(host);
  if (saved === undefined) return;
  const { options, deployments } = saved;
  const appConfig = createAppConfig(options.region);
  host.log.info(`The run did not finish, applying on-cancel: ${options.policy}`);
  const environments = groupBy(deployments, ({ environmentId }) => environmentId);
  await mapConcurrent([...environments.values()], ENVIRONMENT_CONCURRENCY, async (environmentDeployments) => {
    // Newest first: a revert deploys what came before.
    for (const deployment of environmentDeployments.toReversed()) {
      try {
        host.log.info(`${deployment.name}: ${await applyPolicy(appConfig, host, deployment, options.policy)}`);
      } catch (error) {
        host.log.error(
          `${deployment.name}: cannot apply on-cancel to deployment ${deployment.number}: ${errorMessage(error)}`,
        );
      }
    }
  });
};
