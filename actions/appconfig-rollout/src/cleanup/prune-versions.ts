import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { pluralize } from '@aws-delivery/action-kit/util/format';
import { groupBy } from '@aws-delivery/action-kit/util/group-by';
import { DeleteHostedConfigurationVersionCommand } from '@aws-sdk/client-appconfig';
import { type Deployment, paginateDeployments, REVERT_WINDOW_MS } from '../appconfig/deployments.js';
import { hasMarker } from '../appconfig/ownership.js';
import { listEnvironments, listProfiles, listVersions, type NamedResource } from '../appconfig/resources.js';
import type { EnvironmentPlan } from '../plan/rollout-plan.js';
import type { RunContext } from '../run-context.js';

const TENANT_CONCURRENCY = 8;

/**
 * Lists versions in use in any environment, by profile id: those of running deployments, those that are deployed, and
 * those that a revert within its window of 72 hours would deploy again. A deployment names a version by number or label.
 */
const listUsedVersions = async (
  { appConfig, waitContext }: RunContext,
  applicationId: string,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
  const used = new Map<string, Set<string>>();
  const since = waitContext.clock.now() - REVERT_WINDOW_MS;
  // A deployment that can no longer be reverted never brings an earlier version back. Without the time of its completion,
  // it may be reverted.
  const isFinal = ({ state, completedAt }: Deployment) =>
    state === 'COMPLETE' && completedAt !== undefined && completedAt < since;
  for (const { id: environmentId } of await listEnvironments(appConfig, applicationId)) {
    const finalProfiles = new Set<string>();
    for await (const page of paginateDeployments(appConfig, { applicationId, environmentId }, { trustNames: false })) {
      for (const deployment of page) {
        const { profileId, version } = deployment;
        if (finalProfiles.has(profileId)) continue;
        used.set(profileId, (used.get(profileId) ?? new Set()).add(version));
        if (isFinal(deployment)) finalProfiles.add(profileId);
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
  const known = new Set(versions.flatMap(({ number, label }) => [String(number), label]));
  // A version that is deployed by its label, in a list without labels, could be any of them.
  if ([...used].some((version) => !/^\d+$/.test(version) && !known.has(version))) return 0;
  const oldVersions = [...versions]
    .sort((a, b) => b.number - a.number)
    .slice(keep)
    .filter(
      ({ number, label, description }) => hasMarker(description) && !used.has(String(number)) && !used.has(label ?? ''),
    );
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
    count += await pruneProfile(
      context,
      { applicationId: application.id, profileId },
      { keep, used: used.get(profileId) ?? new Set() },
    );
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
