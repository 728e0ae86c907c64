import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { pluralize } from '@aws-delivery/action-kit/util/format';
import {
  DeleteApplicationCommand,
  DeleteConfigurationProfileCommand,
  DeleteEnvironmentCommand,
  DeleteHostedConfigurationVersionCommand,
} from '@aws-sdk/client-appconfig';
import { hasMarker, isOwned, type TreeOwnership } from '../appconfig/ownership.js';
import {
  listApplications,
  listEnvironments,
  listProfiles,
  listVersions,
  type NamedResource,
} from '../appconfig/resources.js';
import { isNotFound } from '../appconfig/service-error.js';
import type { DesiredConfiguration } from '../desired/desired-profile.js';
import { isSelected } from '../inputs/name-pattern.js';
import type { CleanupRequest } from '../inputs/parse-request.js';
import type { RunContext } from '../run-context.js';

/** A resource that was deleted, would be, or was not. */
export interface DeletionResult {
  /** `environment shop/dev`. */
  readonly label: string;
  /** `skipped`: not created by this action for this tree; `failed`: its deletion failed. */
  readonly state: 'planned' | 'deleted' | 'skipped' | 'failed';
  readonly reason?: string | undefined;
}

interface DeletionTask {
  readonly label: string;
  readonly remove: () => Promise<unknown>;
}

/** The deletions of one tenant, in the order that AppConfig accepts. */
interface DeletionPlan {
  readonly tasks: readonly DeletionTask[];
  readonly skipped: readonly DeletionResult[];
}

interface DeletionScope {
  readonly tenant: NamedResource;
  readonly ownership: TreeOwnership;
  readonly shouldDelete: (kind: 'environment' | 'profile', name: string) => boolean;
  readonly includesApplication: boolean;
}

const NOT_OWNED = 'not created by this action for this tree';

const planEnvironmentDeletions = async ({ tenant, ownership, shouldDelete }: DeletionScope): Promise<DeletionPlan> => {
  const { client } = ownership.appConfig;
  const [tasks, skipped]: [DeletionTask[], DeletionResult[]] = [[], []];
  for (const { id, name } of await listEnvironments(ownership.appConfig, tenant.id)) {
    if (!shouldDelete('environment', name)) continue;
    const label = `environment ${tenant.name}/${name}`;
    if (!(await isOwned(ownership, `application/${tenant.id}/environment/${id}`))) {
      skipped.push({ label, state: 'skipped', reason: NOT_OWNED });
      continue;
    }
    const key = { ApplicationId: tenant.id, EnvironmentId: id };
    // The deletion protection of the account is never bypassed.
    tasks.push({ label, remove: () => client.send(new DeleteEnvironmentCommand(key)) });
  }
  return { tasks, skipped };
};

const planProfileDeletions = async ({ tenant, ownership, shouldDelete }: DeletionScope): Promise<DeletionPlan> => {
  const { appConfig } = ownership;
  const [tasks, skipped]: [DeletionTask[], DeletionResult[]] = [[], []];
  for (const { id, name, location } of await listProfiles(appConfig, tenant.id)) {
    if (!shouldDelete('profile', name)) continue;
    const label = `configuration profile ${tenant.name}/${name}`;
    const versions =
      location === 'hosted' ? await listVersions(appConfig, { applicationId: tenant.id, profileId: id }) : [];
    const isOwn = await isOwned(ownership, `application/${tenant.id}/configurationprofile/${id}`);
    const foreign = versions.filter(({ description }) => !hasMarker(description));
    if (!isOwn || foreign.length > 0) {
      const reason = isOwn ? `${pluralize(foreign.length, 'version')} not created by this action` : NOT_OWNED;
      skipped.push({ label, state: 'skipped', reason });
      continue;
    }
    const key = { ApplicationId: tenant.id, ConfigurationProfileId: id };
    tasks.push(
      ...versions.map(({ number }): DeletionTask => {
        const remove = () =>
          appConfig.client.send(new DeleteHostedConfigurationVersionCommand({ ...key, VersionNumber: number }));
        return { label: `version ${tenant.name}/${name} ${number}`, remove };
      }),
      { label, remove: () => appConfig.client.send(new DeleteConfigurationProfileCommand(key)) },
    );
  }
  return { tasks, skipped };
};

const planApplicationDeletion = async (
  { tenant, ownership, includesApplication }: DeletionScope,
  skipped: readonly DeletionResult[],
): Promise<DeletionPlan> => {
  if (!includesApplication) return { tasks: [], skipped: [] };
  const label = `application ${tenant.name}`;
  const isOwn = await isOwned(ownership, `application/${tenant.id}`);
  if (!isOwn) return { tasks: [], skipped: [{ label, state: 'skipped', reason: NOT_OWNED }] };
  if (skipped.length > 0)
    return { tasks: [], skipped: [{ label, state: 'skipped', reason: 'contains resources that are not deleted' }] };
  const remove = () => ownership.appConfig.client.send(new DeleteApplicationCommand({ ApplicationId: tenant.id }));
  return { tasks: [{ label, remove }], skipped: [] };
};

const planDeletion = async (scope: DeletionScope): Promise<DeletionPlan> => {
  const environments = await planEnvironmentDeletions(scope);
  const profiles = await planProfileDeletions(scope);
  const application = await planApplicationDeletion(scope, [...environments.skipped, ...profiles.skipped]);
  const parts = [environments, profiles, application];
  return { tasks: parts.flatMap(({ tasks }) => tasks), skipped: parts.flatMap(({ skipped }) => skipped) };
};

/** Deletes one after another; after a failure the rest is kept, since later deletions may depend on it. */
const runDeletions = async (
  { log, waitContext }: RunContext,
  tasks: readonly DeletionTask[],
): Promise<readonly DeletionResult[]> => {
  const results: DeletionResult[] = [];
  let failure: string | undefined;
  for (const { label, remove } of tasks) {
    if (failure !== undefined) {
      results.push({ label, state: 'failed', reason: `not attempted because ${failure}` });
      continue;
    }
    try {
      await remove().catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
      results.push({ label, state: 'deleted' });
      log.info(`Deleted ${label}`);
    } catch (error) {
      if (waitContext.signal.aborted) throw error;
      failure = `${label} could not be deleted`;
      results.push({ label, state: 'failed', reason: errorMessage(error) });
      log.error(`Cannot delete ${label}: ${errorMessage(error)}`);
    }
  }
  return results;
};

/** Decides what to delete of a tenant: everything, or what the tree no longer contains. */
const createScope = (
  tenant: NamedResource,
  ownership: TreeOwnership,
  { cleanup }: CleanupRequest,
  { tenants }: DesiredConfiguration,
): DeletionScope => {
  const desiredTenant = tenants.get(tenant.name);
  const includesApplication = desiredTenant === undefined || cleanup === 'all';
  const shouldDelete = (kind: 'environment' | 'profile', name: string): boolean =>
    includesApplication ||
    !(kind === 'environment' ? desiredTenant.knownEnvironments : desiredTenant.profiles).has(name);
  return { tenant, ownership, shouldDelete, includesApplication };
};

const TENANT_CONCURRENCY = 8;

/** Lists the applications of the tree's tenants; for `absent` also those created for tenants it no longer contains. */
const listCandidates = async (
  { appConfig, request }: RunContext<CleanupRequest>,
  ownership: TreeOwnership,
  { tenants }: DesiredConfiguration,
) => {
  const chosen: NamedResource[] = [];
  for (const application of await listApplications(appConfig)) {
    if (!isSelected(application.name, request.selection.tenants)) continue;
    if (tenants.has(application.name)) chosen.push(application);
    else if (request.cleanup === 'absent' && (await isOwned(ownership, `application/${application.id}`)))
      chosen.push(application);
  }
  return chosen;
};

/** Deletes resources of this action as `cleanup` says; without `confirm` it only plans. */
export const cleanUpTenants = async (
  context: RunContext<CleanupRequest>,
  configuration: DesiredConfiguration,
  { arnPrefix, origin }: Pick<TreeOwnership, 'arnPrefix' | 'origin'>,
): Promise<readonly DeletionResult[]> => {
  const { request, appConfig } = context;
  const ownership: TreeOwnership = { appConfig, arnPrefix, origin };
  const tenants = await listCandidates(context, ownership, configuration);
  const deletions = await mapConcurrent(tenants, TENANT_CONCURRENCY, async (tenant) => {
    const { tasks, skipped } = await planDeletion(createScope(tenant, ownership, request, configuration));
    const results = request.isConfirmed
      ? await runDeletions(context, tasks)
      : tasks.map(({ label }): DeletionResult => ({ label, state: 'planned' }));
    return [...results, ...skipped];
  });
  return deletions.flat();
};
