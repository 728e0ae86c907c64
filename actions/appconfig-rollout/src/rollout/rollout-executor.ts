import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { formatDuration } from '@aws-delivery/action-kit/util/format';
import { groupBy } from '@aws-delivery/action-kit/util/group-by';
import { stopDeployment } from '../appconfig/deployments.js';
import { pruneVersions } from '../cleanup/prune-versions.js';
import type { EnvironmentPlan } from '../plan/rollout-plan.js';
import type { RolloutContext, StartedDeployment } from '../run-context.js';
import type { ProfileResult } from '../run-record.js';
import { mapConcurrent } from '../util/concurrency.js';
import { waitForRollback } from './follow-deployment.js';
import { rollOutEnvironment } from './profile-rollout.js';
import { buildStages } from './rollout-stages.js';

const hasDeployments = (stage: readonly EnvironmentPlan[]): boolean =>
  stage.some(({ profiles }) => profiles.some(({ decision }) => decision === 'deploy'));

const formatEnvironments = (stage: readonly EnvironmentPlan[]): string =>
  [...new Set(stage.map(({ environment }) => environment))].join(', ');

/** Lets time pass between two stages, and looks whether what was deployed is well. */
const pauseBetweenStages = async (context: RolloutContext, stage: readonly EnvironmentPlan[]): Promise<void> => {
  const { request, waitContext, probes, stopSignal, log, record } = context;
  if (request.pause > 0) {
    log.info(`Pausing for ${formatDuration(request.pause)} after ${formatEnvironments(stage)}`);
    await waitContext.clock.sleep(request.pause, waitContext.signal);
  }
  for (const { tenant, environment } of stage) {
    const problem = probes.isEmpty ? undefined : await probes.check({ tenant, environment });
    if (problem === undefined) continue;
    const reason = `a probe of ${tenant}/${environment} failed: ${problem}`;
    record.failure = reason;
    log.error(reason);
    stopSignal.stopAll(reason);
    return;
  }
};

/** Takes one deployment of this run back. */
const revertDeployment = async (
  context: RolloutContext,
  { number, profile, tenant, environment, previous, ...environmentRef }: StartedDeployment,
): Promise<void> => {
  const { appConfig, waitContext, record, log } = context;
  const name = `${tenant}/${environment} ${profile}`;
  const result = record.find({ tenant, environment, profile });
  if (result === undefined || result.state === 'rolled-back') return;
  const updateResult = (changes: Partial<ProfileResult>) => record.set({ ...result, ...changes });
  try {
    await stopDeployment(appConfig, environmentRef, { number, allowRevert: true });
    await waitForRollback({ appConfig, waitContext, environmentRef, number, name });
    const { version, label } = previous ?? { version: undefined, label: undefined };
    updateResult({
      state: 'reverted',
      version,
      label,
      reason: 'taken back after a failure',
      endedAt: waitContext.clock.now(),
    });
    log.info(`${name}: reverted (deployment ${number})`);
  } catch (error) {
    if (waitContext.signal.aborted) throw error;
    updateResult({ state: 'failed', reason: `could not be taken back: ${errorMessage(error)}` });
    log.error(`${name}: could not be taken back: ${errorMessage(error)}`);
  }
};

/** Takes back what this run has deployed, the newest first, where the policy wants it. */
const revertStartedDeployments = async (context: RolloutContext): Promise<void> => {
  const { request, stopSignal, startedDeployments } = context;
  const { onFailure } = request.policies;
  if (onFailure !== 'revert' && onFailure !== 'revert-tenant') return;
  const toRevert = startedDeployments.filter(({ tenant }) => stopSignal.appliesTo(tenant)).reverse();
  const environments = groupBy(toRevert, ({ tenant, environment }) => `${tenant}/${environment}`);
  await mapConcurrent([...environments.values()], request.concurrency, async (deployments) => {
    for (const deployment of deployments) await revertDeployment(context, deployment);
  });
};

/** Rolls everything out, stage by stage, and does what the policies say when something fails. */
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
  await revertStartedDeployments(context);
  if (request.keepVersions !== undefined && stopSignal.isClear)
    await pruneVersions(context, plans, request.keepVersions);
};
