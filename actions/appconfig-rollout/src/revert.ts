import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import type { AppConfig } from './appconfig.js';
import type { Context } from './context.js';
import {
  type Deployment,
  deploymentPages,
  isRunning,
  type Place,
  REVERTABLE_FOR,
  readDeployment,
  stopDeployment,
} from './deployment.js';
import { followBack } from './follow.js';
import { groupBy } from './group.js';
import { findNamed, listApplications, listEnvironments, type Named } from './inventory.js';
import { runIn } from './mark.js';
import { isSelected } from './pattern.js';
import { inPool } from './pool.js';
import type { RevertRequest } from './request.js';
import type { Wish } from './target.js';

interface Spot extends Place {
  readonly tenant: string;
  readonly environment: string;
}

interface Found {
  /** To be taken back. */
  readonly deployment: Deployment;
  /** What is deployed of its profile once that is done. */
  readonly below: Deployment | undefined;
}

const ENVIRONMENTS_AT_ONCE = 16;

const isRevertible = (deployment: Deployment, now: number): boolean =>
  isRunning(deployment) || (deployment.state === 'COMPLETE' && now - (deployment.completedAt ?? 0) <= REVERTABLE_FOR);

/** What is deployed or on its way, of each profile the newest first, as far back as can be reverted and one page more. */
const readStacks = async (
  appConfig: AppConfig,
  spot: Spot,
  now: number,
): Promise<readonly (readonly Deployment[])[]> => {
  const live: Deployment[] = [];
  for await (const page of deploymentPages(appConfig, spot)) {
    live.push(...page.filter((deployment) => deployment.state === 'COMPLETE' || isRunning(deployment)));
    if (page.every(({ completedAt = now }) => now - completedAt > REVERTABLE_FOR)) break;
  }
  return [...groupBy(live, ({ profileId }) => profileId).values()];
};

interface Asked {
  readonly runId: string | undefined;
  /** Patterns. */
  readonly profiles: readonly string[];
  readonly now: number;
}

/**
 * The deployments of one run in an environment. Only what is still the newest of its profile is taken back: what lies
 * under a later deployment is not in use.
 */
const findRun = async (
  appConfig: AppConfig,
  spot: Spot,
  { runId, profiles, now }: Asked,
): Promise<readonly Found[]> => {
  const candidates = (await readStacks(appConfig, spot, now))
    .flatMap(([top, below]) => (top === undefined ? [] : [{ top, below }]))
    .filter(({ top }) => isSelected(top.profile, profiles) && isRevertible(top, now))
    .sort((one, other) => other.top.number - one.top.number);
  const found: Found[] = [];
  let run = runId;
  for (const { top, below } of candidates) {
    const by = runIn((await readDeployment(appConfig, spot, top.number)).description);
    run ??= by;
    if (by !== undefined && by === run) found.push({ deployment: top, below });
  }
  return found;
};

const takeBack = async (context: Context, spot: Spot, found: readonly Found[]): Promise<void> => {
  const { appConfig, waiting, journal, log } = context;
  for (const {
    deployment: { number, profile },
    below,
  } of found) {
    const { tenant, environment } = spot;
    const name = `${tenant}/${environment} ${profile}`;
    const key = { tenant, environment, profile, deployment: number, startedAt: waiting.clock.now() };
    try {
      await stopDeployment(appConfig, spot, { number, isRevert: true });
      await followBack({ appConfig, waiting, place: spot, number, name });
      const { version, label } = below ?? { version: undefined, label: undefined };
      journal.set({ ...key, state: 'reverted', version, label, endedAt: waiting.clock.now() });
      log.info(`${name}: reverted (deployment ${number}), now at version ${label ?? version ?? 'none'}`);
    } catch (error) {
      if (waiting.signal.aborted) throw error;
      journal.set({ ...key, state: 'failed', reason: textOf(error), endedAt: waiting.clock.now() });
      log.error(`${name}: ${textOf(error)}`);
    }
  }
};

const spotsOf = async (
  appConfig: AppConfig,
  { tenants, wanted }: { readonly tenants: Wish['tenants']; readonly wanted: readonly string[] },
): Promise<readonly Spot[]> => {
  const applications = await listApplications(appConfig);
  const chosen = [...tenants].flatMap(([tenant, { environments }]): [Named, readonly string[]][] => {
    const application = isSelected(tenant, wanted) ? findNamed(applications, tenant, 'application') : undefined;
    return application === undefined ? [] : [[application, environments]];
  });
  const spots = await inPool(chosen, ENVIRONMENTS_AT_ONCE, async ([{ id: applicationId, name: tenant }, names]) =>
    (await listEnvironments(appConfig, applicationId))
      .filter(({ name }) => names.includes(name))
      .map(({ id: environmentId, name: environment }): Spot => ({ applicationId, environmentId, tenant, environment })),
  );
  return spots.flat();
};

/** Takes the deployments of a run back, in every selected environment, the newest first. */
export const revert = async (context: Context<RevertRequest>, { tenants }: Wish): Promise<void> => {
  const { request, appConfig, waiting, journal } = context;
  const { selection, runId } = request;
  const spots = await spotsOf(appConfig, { tenants, wanted: selection.tenants });
  await inPool(spots, ENVIRONMENTS_AT_ONCE, async (spot) => {
    const asked = { runId, profiles: selection.profiles, now: waiting.clock.now() };
    await takeBack(context, spot, await findRun(appConfig, spot, asked));
  });
  if (journal.outcomes.length > 0) return;
  const what = runId === undefined ? 'of this action' : `of run ${runId}`;
  throw new DeliveryError(
    'not-found',
    `there is no deployment ${what} to revert: it must be the newest of its profile, and not older than 72 hours`,
  );
};
