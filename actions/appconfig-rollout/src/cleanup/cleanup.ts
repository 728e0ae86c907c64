import { errorMessage } from '@aws-delivery/action-kit/util/error';
import {
  DeleteApplicationCommand,
  DeleteConfigurationProfileCommand,
  DeleteEnvironmentCommand,
  DeleteHostedConfigurationVersionCommand,
} from '@aws-sdk/client-appconfig';
import type { AppConfig } from '../appconfig/client.js';
import { hasMarker } from '../appconfig/ownership-marker.js';
import { isOwned, type TreeOwnership } from '../appconfig/ownership-tags.js';
import { listApplications, listEnvironments, listProfiles, type NamedResource } from '../appconfig/resources.js';
import { isNotFound } from '../appconfig/service-error.js';
import type { DesiredConfiguration } from '../desired/desired-profile.js';
import { isSelected } from '../inputs/name-pattern.js';
import type { CleanupRequest } from '../inputs/parse-request.js';
import { type HostedVersion, paginateVersions } from '../rollout/hosted-versions.js';
import type { RunContext } from '../run-context.js';
import { mapConcurrent } from '../util/concurrency.js';

/** One thing that goes, or stays. */
export interface DeletionResult {
  /** `environment shop/dev`. */
  readonly label: string;
  /** `spared`: somebody else's, so it stays by rule; `kept`: it should have gone. */
  readonly state: 'planned' | 'removed' | 'spared' | 'kept';
  readonly reason?: string | undefined;
}

interface DeletionTask {
  readonly label: string;
  readonly remove: () => Promise<unknown>;
}

/** What goes of one tenant, in the order in which it can go. */
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

const listAllVersions = async (appConfig: AppConfig, applicationId: string, profileId: string) => {
  const versions: HostedVersion[] = [];
  for await (const page of paginateVersions(appConfig, { applicationId, profileId })) versions.push(...page);
  return versions;
};

const planEnvironmentDeletions = async ({ tenant, ownership, shouldDelete }: DeletionScope): Promise<DeletionPlan> => {
  const { client } = ownership.appConfig;
  const [tasks, skipped]: [DeletionTask[], DeletionResult[]] = [[], []];
  for (const { id, name } of await listEnvironments(ownership.appConfig, tenant.id)) {
    if (!shouldDelete('environment', name)) continue;
    const label = `environment ${tenant.name}/${name}`;
    if (!(await isOwned(ownership, `application/${tenant.id}/environment/${id}`))) {
      skipped.push({ label, state: 'spared', reason: 'it was not made by this action for this tree' });
      continue;
    }
    const key = { ApplicationId: tenant.id, EnvironmentId: id };
    // Deletion protection is the account's to set, and never bypassed.
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
    const versions = location === 'hosted' ? await listAllVersions(appConfig, tenant.id, id) : [];
    const isOwn = await isOwned(ownership, `application/${tenant.id}/configurationprofile/${id}`);
    const foreign = versions.filter(({ description }) => !hasMarker(description));
    if (!isOwn || foreign.length > 0) {
      const reason = isOwn
        ? `somebody else made ${foreign.length} of its versions`
        : 'it was not made by this action for this tree';
      skipped.push({ label, state: 'spared', reason });
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
  if (!isOwn)
    return { tasks: [], skipped: [{ label, state: 'spared', reason: 'it was not made by this action for this tree' }] };
  if (skipped.length > 0) return { tasks: [], skipped: [{ label, state: 'spared', reason: 'something in it stays' }] };
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

/** Does errands one after another; what depends on one that failed stays, too. */
const runDeletions = async (
  { log, waitContext }: RunContext,
  tasks: readonly DeletionTask[],
): Promise<readonly DeletionResult[]> => {
  const results: DeletionResult[] = [];
  let failure: string | undefined;
  for (const { label, remove } of tasks) {
    if (failure !== undefined) {
      results.push({ label, state: 'kept', reason: `since ${failure}` });
      continue;
    }
    try {
      await remove().catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
      results.push({ label, state: 'removed' });
      log.info(`Removed ${label}`);
    } catch (error) {
      if (waitContext.signal.aborted) throw error;
      failure = `${label} could not be removed`;
      results.push({ label, state: 'kept', reason: errorMessage(error) });
      log.error(`${failure}: ${errorMessage(error)}`);
    }
  }
  return results;
};

/** What of a tenant goes: all of it, or what the tree has no more. */
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

/** The tenants that are looked at: the tree's for `all`; for `absent` also those of ours that it has no more. */
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

/** Removes what this action made and is not wanted any more; without a confirmation it only tells what would go. */
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
