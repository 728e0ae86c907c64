import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { groupBy } from '@aws-delivery/action-kit/util/group-by';
import type { AppConfig } from '../appconfig/client.js';
import {
  type Deployment,
  type EnvironmentRef,
  isRunning,
  paginateDeployments,
  REVERT_WINDOW_MS,
  readDeployment,
  stopDeployment,
} from '../appconfig/deployments.js';
import { parseRunId } from '../appconfig/ownership-marker.js';
import { findNamed, listApplications, listEnvironments, type NamedResource } from '../appconfig/resources.js';
import type { DesiredConfiguration } from '../desired/desired-profile.js';
import { isSelected } from '../inputs/name-pattern.js';
import type { RevertRequest } from '../inputs/parse-request.js';
import { waitForRollback } from '../rollout/follow-deployment.js';
import type { RunContext } from '../run-context.js';
import { mapConcurrent } from '../util/concurrency.js';

interface NamedEnvironmentRef extends EnvironmentRef {
  readonly tenant: string;
  readonly environment: string;
}

interface RevertCandidate {
  /** To be taken back. */
  readonly deployment: Deployment;
  /** What is deployed of its profile once that is done. */
  readonly previous: Deployment | undefined;
}

const ENVIRONMENT_CONCURRENCY = 16;

const isRevertible = (deployment: Deployment, now: number): boolean =>
  isRunning(deployment) || (deployment.state === 'COMPLETE' && now - (deployment.completedAt ?? 0) <= REVERT_WINDOW_MS);

/** What is deployed or on its way, of each profile the newest first, as far back as can be reverted and one page more. */
const readDeploymentHistory = async (
  appConfig: AppConfig,
  environmentRef: NamedEnvironmentRef,
  now: number,
): Promise<readonly (readonly Deployment[])[]> => {
  const active: Deployment[] = [];
  for await (const page of paginateDeployments(appConfig, environmentRef)) {
    active.push(...page.filter((deployment) => deployment.state === 'COMPLETE' || isRunning(deployment)));
    if (page.every(({ completedAt = now }) => now - completedAt > REVERT_WINDOW_MS)) break;
  }
  return [...groupBy(active, ({ profileId }) => profileId).values()];
};

interface RevertQuery {
  readonly runId: string | undefined;
  /** Patterns. */
  readonly profiles: readonly string[];
  readonly now: number;
}

/**
 * The deployments of one run in an environment. Only what is still the newest of its profile is taken back: what lies
 * under a later deployment is not in use.
 */
const findRunDeployments = async (
  appConfig: AppConfig,
  environmentRef: NamedEnvironmentRef,
  { runId, profiles, now }: RevertQuery,
): Promise<readonly RevertCandidate[]> => {
  const candidates = (await readDeploymentHistory(appConfig, environmentRef, now))
    .flatMap(([latest, previous]) => (latest === undefined ? [] : [{ latest, previous }]))
    .filter(({ latest }) => isSelected(latest.profile, profiles) && isRevertible(latest, now))
    .sort((a, b) => b.latest.number - a.latest.number);
  const found: RevertCandidate[] = [];
  let run = runId;
  for (const { latest, previous } of candidates) {
    const deployedBy = parseRunId((await readDeployment(appConfig, environmentRef, latest.number)).description);
    run ??= deployedBy;
    if (deployedBy !== undefined && deployedBy === run) found.push({ deployment: latest, previous });
  }
  return found;
};

const revertDeployments = async (
  context: RunContext,
  environmentRef: NamedEnvironmentRef,
  found: readonly RevertCandidate[],
): Promise<void> => {
  const { appConfig, waitContext, record, log } = context;
  for (const {
    deployment: { number, profile },
    previous,
  } of found) {
    const { tenant, environment } = environmentRef;
    const name = `${tenant}/${environment} ${profile}`;
    const key = { tenant, environment, profile, deployment: number, startedAt: waitContext.clock.now() };
    try {
      await stopDeployment(appConfig, environmentRef, { number, allowRevert: true });
      await waitForRollback({ appConfig, waitContext, environmentRef, number, name });
      const { version, label } = previous ?? { version: undefined, label: undefined };
      record.set({ ...key, state: 'reverted', version, label, endedAt: waitContext.clock.now() });
      log.info(`${name}: reverted (deployment ${number}), now at version ${label ?? version ?? 'none'}`);
    } catch (error) {
      if (waitContext.signal.aborted) throw error;
      record.set({ ...key, state: 'failed', reason: errorMessage(error), endedAt: waitContext.clock.now() });
      log.error(`${name}: ${errorMessage(error)}`);
    }
  }
};

const listEnvironmentRefs = async (
  appConfig: AppConfig,
  {
    tenants,
    tenantPatterns,
  }: { readonly tenants: DesiredConfiguration['tenants']; readonly tenantPatterns: readonly string[] },
): Promise<readonly NamedEnvironmentRef[]> => {
  const applications = await listApplications(appConfig);
  const selected = [...tenants].flatMap(([tenant, { environments }]): [NamedResource, readonly string[]][] => {
    const application = isSelected(tenant, tenantPatterns) ? findNamed(applications, tenant, 'application') : undefined;
    return application === undefined ? [] : [[application, environments]];
  });
  const environmentRefs = await mapConcurrent(
    selected,
    ENVIRONMENT_CONCURRENCY,
    async ([{ id: applicationId, name: tenant }, names]) =>
      (await listEnvironments(appConfig, applicationId))
        .filter(({ name }) => names.includes(name))
        .map(
          ({ id: environmentId, name: environment }): NamedEnvironmentRef => ({
            applicationId,
            environmentId,
            tenant,
            environment,
          }),
        ),
  );
  return environmentRefs.flat();
};

/** Takes the deployments of a run back, in every selected environment, the newest first. */
export const revertRun = async (
  context: RunContext<RevertRequest>,
  { tenants }: DesiredConfiguration,
): Promise<void> => {
  const { request, appConfig, waitContext, record } = context;
  const { selection, runId } = request;
  const environmentRefs = await listEnvironmentRefs(appConfig, { tenants, tenantPatterns: selection.tenants });
  await mapConcurrent(environmentRefs, ENVIRONMENT_CONCURRENCY, async (environmentRef) => {
    const query = { runId, profiles: selection.profiles, now: waitContext.clock.now() };
    await revertDeployments(context, environmentRef, await findRunDeployments(appConfig, environmentRef, query));
  });
  if (record.results.length > 0) return;
  const scope = runId === undefined ? 'of this action' : `of run ${runId}`;
  throw new DeliveryError(
    'not-found',
    `there is no deployment ${scope} to revert: it must be the newest of its profile, and not older than 72 hours`,
  );
};
