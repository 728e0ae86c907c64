import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { groupBy } from '@aws-delivery/action-kit/util/group-by';
import type { AppConfig } from '../appconfig/client.js';
import {
  type Deployment,
  type EnvironmentRef,
  isRunning,
  paginateDeployments,
  REVERT_WINDOW_MS,
  readDeployment,
} from '../appconfig/deployments.js';
import { parseRunId } from '../appconfig/ownership.js';
import { findNamed, listApplications, listEnvironments, type NamedResource } from '../appconfig/resources.js';
import { type DesiredConfiguration, formatProfileName } from '../desired/desired-profile.js';
import { isSelected } from '../inputs/name-pattern.js';
import type { RevertRequest } from '../inputs/parse-request.js';
import { revertDeployment } from '../rollout/follow-deployment.js';
import type { RunContext } from '../run-context.js';

interface NamedEnvironmentRef extends EnvironmentRef {
  readonly tenant: string;
  readonly environment: string;
}

interface RevertCandidate {
  readonly deployment: Deployment;
  /** The deployment that is in effect after the revert. */
  readonly previous: Deployment | undefined;
}

const ENVIRONMENT_CONCURRENCY = 16;

const isRevertible = (deployment: Deployment, now: number): boolean =>
  isRunning(deployment) ||
  (deployment.state === 'COMPLETE' && now - (deployment.completedAt ?? now) <= REVERT_WINDOW_MS);

/**
 * Reads completed and running deployments by profile, newest first, back to the first page on which all are too old to
 * revert.
 */
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
 * Finds the deployments of one run in an environment; without a run id, of the latest run of this action. Only the
 * newest deployment of a profile is in effect and can be reverted.
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
    const detail = await readDeployment(appConfig, environmentRef, latest.number);
    // Lists may omit the time of completion.
    if (!isRevertible(detail, now)) continue;
    const deployedBy = parseRunId(detail.description);
    run ??= deployedBy;
    if (deployedBy !== undefined && deployedBy === run) found.push({ deployment: latest, previous });
  }
  return found;
};

const revertCandidates = async (
  context: RunContext,
  environmentRef: NamedEnvironmentRef,
  candidates: readonly RevertCandidate[],
): Promise<void> => {
  const { waitContext, record, log } = context;
  const { tenant, environment } = environmentRef;
  for (const { deployment, previous } of candidates) {
    const { number, profile } = deployment;
    const name = formatProfileName({ tenant, environment, profile });
    const result = { tenant, environment, profile, deployment: number, startedAt: waitContext.clock.now() };
    const { failure } = await revertDeployment(context, { ...environmentRef, number, name });
    const endedAt = waitContext.clock.now();
    if (failure === undefined) {
      const { version, label } = previous ?? {};
      record.set({ ...result, state: 'reverted', version, label, endedAt });
      const current = label ?? version;
      log.info(
        `${name}: REVERTED (deployment ${number}), ${current === undefined ? 'no version deployed' : `now at version ${current}`}`,
      );
    } else {
      record.set({ ...result, state: 'failed', reason: failure, endedAt });
      log.error(`${name}: ${failure}`);
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

/** Reverts the deployments of a run in every selected environment, newest first. Throws `not-found` without any. */
export const revertRun = async (
  context: RunContext<RevertRequest>,
  { tenants }: DesiredConfiguration,
): Promise<void> => {
  const { request, appConfig, waitContext, record } = context;
  const { selection, runId } = request;
  const environmentRefs = await listEnvironmentRefs(appConfig, { tenants, tenantPatterns: selection.tenants });
  await mapConcurrent(environmentRefs, ENVIRONMENT_CONCURRENCY, async (environmentRef) => {
    const query = { runId, profiles: selection.profiles, now: waitContext.clock.now() };
    await revertCandidates(context, environmentRef, await findRunDeployments(appConfig, environmentRef, query));
  });
  if (record.results.length > 0) return;
  const scope = runId === undefined ? 'of this action' : `of run ${runId}`;
  throw new DeliveryError(
    'not-found',
    `no deployment ${scope} can be reverted. It must be the latest of its profile, and in progress or completed within the last 72 hours`,
  );
};
