import { withGracePeriod } from '@aws-delivery/action-kit/host/time-limit';
import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { formatDuration } from '@aws-delivery/action-kit/util/format';
import { groupBy } from '@aws-delivery/action-kit/util/group-by';
import type { EnvironmentPlan } from '../plan/rollout-plan.js';
import { revertDeployment } from './follow-deployment.js';
import { rollOutEnvironment } from './profile-rollout.js';
import type { RolloutContext, StartedDeployment } from './rollout-context.js';
import { buildStages } from './rollout-stages.js';

/** Time after the limit of the run to revert deployments. */
const REVERT_GRACE_MS = 30_000;

const hasDeployments = (stage: readonly EnvironmentPlan[]): boolean =>
  stage.some(({ profiles }) => profiles.some(({ decision }) => decision === 'deploy'));

const formatEnvironments = (stage: readonly EnvironmentPlan[]): string =>
  [...new Set(stage.map(({ environment }) => environment))].join(', ');

/** Waits for `pause`, then runs the probes of the stage: a failed one stops the rollout. */
const pauseBetweenStages = async (context: RolloutContext, stage: readonly EnvironmentPlan[]): Promise<void> => {
  const { request, waitContext, probes, stopSignal, log, record } = context;
  if (request.pause > 0) {
    log.info(`Pausing for ${formatDuration(request.pause)} after ${formatEnvironments(stage)}`);
    try {
      await waitContext.clock.sleep(request.pause, waitContext.signal);
    } catch (error) {
      if (waitContext.signal.aborted) throw error;
      record.failure = errorMessage(error);
      log.error(errorMessage(error));
      stopSignal.stopAll(errorMessage(error));
      return;
    }
  }
  for (const { tenant, environment } of stage) {
    const problem = probes.isEmpty ? undefined : await probes.check({ tenant, environment });
    if (problem === undefined) continue;
    const reason = `the probe of ${tenant}/${environment} failed: ${problem}`;
    record.failure = reason;
    log.error(`${tenant}/${environment}: probe failed: ${problem}`);
    stopSignal.stopAll(reason);
    return;
  }
};

const revertStartedDeployment = async (context: RolloutContext, deployment: StartedDeployment): Promise<void> => {
  const { waitContext, record, log } = context;
  const { name, number, previous } = deployment;
  const result = record.get(deployment);
  if (result.state === 'rolled-back') return;
  const { failure } = await revertDeployment(context, deployment);
  if (failure === undefined) {
    const { version, label } = previous ?? {};
    const endedAt = waitContext.clock.now();
    record.set({ ...result, state: 'reverted', version, label, reason: 'reverted after a failure', endedAt });
    log.info(`${name}: REVERTED (deployment ${number})`);
    return;
  }
  record.set({ ...result, state: 'failed', reason: `cannot revert: ${failure}` });
  log.error(`${name}: cannot revert: ${failure}`);
};

/** Reverts deployments of this run, newest first, if `on-failure` says so and something failed. */
const revertStartedDeployments = async (context: RolloutContext): Promise<void> => {
  const { request, stopSignal, startedDeployments } = context;
  const { onFailure } = request.policies;
  if (onFailure !== 'revert' && onFailure !== 'revert-tenant') return;
  const toRevert = startedDeployments.filter(({ tenant }) => stopSignal.appliesTo(tenant)).reverse();
  const environments = groupBy(toRevert, ({ tenant, environment }) => `${tenant}/${environment}`);
  await mapConcurrent([...environments.values()], request.concurrency, async (deployments) => {
    for (const deployment of deployments) await revertStartedDeployment(context, deployment);
  });
};

/** Rolls out all environments, stage by stage, and applies `on-failure`. */
export const executeRollout = async (context: RolloutContext, plans: readonly EnvironmentPlan[]): Promise<void> => {
  const { request, log, stopSignal } = context;
  const stages = buildStages(plans, request);
  for (const [index, stage] of stages.entries()) {
    if (stages.length > 1 && hasDeployments(stage))
      log.info(`Stage ${index + 1} of ${stages.length}: ${formatEnvironments(stage)}`);
    await mapConcurrent(stage, request.concurrency, (plan) => rollOutEnvironment(context, plan));
    const hasMoreStages = stages.slice(index + 1).some(hasDeployments);
    if (hasDeployments(stage) && hasMoreStages && !stopSignal.isGlobal) await pauseBetweenStages(context, stage);
  }
  await withGracePeriod(REVERT_GRACE_MS, () => revertStartedDeployments(context));
};
