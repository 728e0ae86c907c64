import { durationText } from '@aws-delivery/action-kit/clock';
import { textOf } from '@aws-delivery/action-kit/error';
import type { Begun, RolloutContext } from './context.js';
import { stopDeployment } from './deployment.js';
import { followBack } from './follow.js';
import { groupBy } from './group.js';
import type { Outcome } from './outcome.js';
import type { EnvironmentPlan } from './plan.js';
import { inPool } from './pool.js';
import { prune } from './prune.js';
import { rollOut } from './rollout.js';
import { stagesOf } from './stage.js';

const isActive = (stage: readonly EnvironmentPlan[]): boolean =>
  stage.some(({ steps }) => steps.some(({ decision }) => decision === 'deploy'));

const placesOf = (stage: readonly EnvironmentPlan[]): string =>
  [...new Set(stage.map(({ environment }) => environment))].join(', ');

/** Lets time pass between two stages, and looks whether what was deployed is well. */
const rest = async (context: RolloutContext, stage: readonly EnvironmentPlan[]): Promise<void> => {
  const { request, waiting, probes, halt, log, journal } = context;
  if (request.pause > 0) {
    log.info(`Pausing for ${durationText(request.pause)} after ${placesOf(stage)}`);
    await waiting.clock.sleep(request.pause, waiting.signal);
  }
  for (const { tenant, environment } of stage) {
    const wrong = probes.isIdle ? undefined : await probes.look({ tenant, environment });
    if (wrong === undefined) continue;
    const reason = `a probe of ${tenant}/${environment} failed: ${wrong}`;
    journal.trouble = reason;
    log.error(reason);
    halt.stopAll(reason);
    return;
  }
};

/** Takes one deployment of this run back. */
const takeBack = async (
  context: RolloutContext,
  { number, profile, tenant, environment, before, ...place }: Begun,
): Promise<void> => {
  const { appConfig, waiting, journal, log } = context;
  const name = `${tenant}/${environment} ${profile}`;
  const known = journal.of({ tenant, environment, profile });
  if (known === undefined || known.state === 'rolled-back') return;
  const note = (changes: Partial<Outcome>) => journal.set({ ...known, ...changes });
  try {
    await stopDeployment(appConfig, place, { number, isRevert: true });
    await followBack({ appConfig, waiting, place, number, name });
    const { version, label } = before ?? { version: undefined, label: undefined };
    note({ state: 'reverted', version, label, reason: 'taken back after a failure', endedAt: waiting.clock.now() });
    log.info(`${name}: reverted (deployment ${number})`);
  } catch (error) {
    if (waiting.signal.aborted) throw error;
    note({ state: 'failed', reason: `could not be taken back: ${textOf(error)}` });
    log.error(`${name}: could not be taken back: ${textOf(error)}`);
  }
};

/** Takes back what this run has deployed, the newest first, where the policy wants it. */
const revertAll = async (context: RolloutContext): Promise<void> => {
  const { request, halt, begun } = context;
  const { onFailure } = request.policies;
  if (onFailure !== 'revert' && onFailure !== 'revert-tenant') return;
  const back = begun.filter(({ tenant }) => halt.isReverted(tenant)).reverse();
  const environments = groupBy(back, ({ tenant, environment }) => `${tenant}/${environment}`);
  await inPool([...environments.values()], request.concurrency, async (own) => {
    for (const each of own) await takeBack(context, each);
  });
};

/** Rolls everything out, stage by stage, and does what the policies say when something fails. */
export const campaign = async (context: RolloutContext, plans: readonly EnvironmentPlan[]): Promise<void> => {
  const { request, log, halt } = context;
  const stages = stagesOf(plans, request);
  for (const [index, stage] of stages.entries()) {
    if (stages.length > 1 && isActive(stage)) log.info(`Stage ${index + 1} of ${stages.length}: ${placesOf(stage)}`);
    await inPool(stage, request.concurrency, (plan) => rollOut(context, plan));
    const isMore = stages.slice(index + 1).some(isActive);
    if (isActive(stage) && isMore && !halt.isForAll) await rest(context, stage);
  }
  await revertAll(context);
  if (request.keepVersions !== undefined && halt.isGood) await prune(context, plans, request.keepVersions);
};
