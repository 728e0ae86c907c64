import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { pluralize } from '@aws-delivery/action-kit/util/format';
import { groupBy } from '@aws-delivery/action-kit/util/group-by';
import { DeleteHostedConfigurationVersionCommand } from '@aws-sdk/client-appconfig';
import { paginateDeployments, REVERT_WINDOW_MS } from '../appconfig/deployments.js';
import { hasMarker } from '../appconfig/ownership.js';
import { listEnvironments, listProfiles, listVersions, type NamedResource } from '../appconfig/resources.js';
import type { EnvironmentPlan } from '../plan/rollout-plan.js';
import type { RunContext } from '../run-context.js';

const TENANT_CONCURRENCY = 8;

/**
 * Lists versions in use in any environment, as `profile id/version`: those of running deployments, those that are
 * deployed, and those that a revert within its window of 72 hours would deploy again.
 */
const listUsedVersions = async (
  { appConfig, waitContext }: RunContext,
  applicationId: string,
): Promise<ReadonlySet<string>> => {
  const used = new Set<string>();
  const since = waitContext.clock.now() - REVERT_WINDOW_MS;
  for (const { id: environmentId } of await listEnvironments(appConfig, applicationId)) {
    const completeProfiles = new Set<string>();
    for await (const page of paginateDeployments(appConfig, { applicationId, environmentId })) {
      for (const { profileId, version, state, completedAt = 0 } of page) {
        if (completeProfiles.has(profileId)) continue;
        used.add(`${profileId}/${version}`);
        // A deployment that can no longer be reverted never brings an earlier version back.
        if (state === 'COMPLETE' && completedAt < since) completeProfiles.add(profileId);
      }
    }
  }
  return used;
};

const pruneProfile = async (
  { appConfig }: RunContext,
  { applicationId, profileId }: { readonly applicationId: string; readonly profileId: string },
  { keep, used }: { readonly keep: number; readonly used: ReadonlySet<string> },
): Promise<number> => {
  const versions = await listVersions(appConfig, { applicationId, profileId });
  const oldVersions = [...versions]
    .sort((a, b) => b.number - a.number)
    .slice(keep)
    .filter(({ number, description }) => hasMarker(description) && !used.has(`${profileId}/${number}`));
  for (const { number: VersionNumber } of oldVersions) {
    const key = { ApplicationId: applicationId, ConfigurationProfileId: profileId, VersionNumber };
    await appConfig.client.send(new DeleteHostedConfigurationVersionCommand(key));
  }
  return oldVersions.length;
};

const pruneTenant = async (
  context: RunContext,
  application: NamedResource,
  names: ReadonlySet<string>,
  keep: number,
) => {
  const { appConfig } = context;
  const used = await listUsedVersions(context, application.id);
  let count = 0;
  for (const { id: profileId, name, location } of await listProfiles(appConfig, application.id)) {
    if (location !== 'hosted' || !names.has(name)) continue;
    count += await pruneProfile(context, { applicationId: application.id, profileId }, { keep, used });
  }
  return count;
};

/** Deletes old versions of the profiles of a rollout, `keep` of each excepted. A failed deletion is a warning. */
export const pruneVersions = async (
  context: RunContext,
  plans: readonly EnvironmentPlan[],
  keep: number,
): Promise<void> => {
  const { log, record, waitContext } = context;
  const tenants = [...groupBy(plans, ({ tenant }) => tenant).values()];
  await mapConcurrent(tenants, TENANT_CONCURRENCY, async (tenantPlans) => {
    const [{ application, tenant } = { application: undefined, tenant: '' }] = tenantPlans;
    if (application === undefined) return;
    const names = new Set(tenantPlans.flatMap(({ profiles }) => profiles.map(({ desired }) => desired.profile)));
    try {
      const count = await pruneTenant(context, application, names, keep);
      if (count > 0) record.notices.push(`${tenant}: deleted ${pluralize(count, 'old version')}`);
    } catch (error) {
      if (waitContext.signal.aborted) throw error;
      log.warning(`${tenant}: cannot delete old versions: ${errorMessage(error)}`);
    }
  });
};
