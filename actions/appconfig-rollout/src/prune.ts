import { textOf } from '@aws-delivery/action-kit/error';
import { DeleteHostedConfigurationVersionCommand } from '@aws-sdk/client-appconfig';
import type { Context } from './context.js';
import { deploymentPages, REVERTABLE_FOR } from './deployment.js';
import { groupBy } from './group.js';
import { listEnvironments, listProfiles, type Named } from './inventory.js';
import { isMarked } from './mark.js';
import type { EnvironmentPlan } from './plan.js';
import { inPool } from './pool.js';
import { versionPages } from './version.js';

const TENANTS_AT_ONCE = 8;

/**
 * Versions in use, as `profile id/version`: what is deployed or on its way in any environment, whoever deployed it, and
 * what a revert within its 72 hours would go back to.
 */
const usedIn = async ({ appConfig, waiting }: Context, applicationId: string): Promise<ReadonlySet<string>> => {
  const used = new Set<string>();
  const since = waiting.clock.now() - REVERTABLE_FOR;
  for (const { id: environmentId } of await listEnvironments(appConfig, applicationId)) {
    const settled = new Set<string>();
    for await (const page of deploymentPages(appConfig, { applicationId, environmentId })) {
      for (const { profileId, version, state, completedAt = 0 } of page) {
        if (settled.has(profileId)) continue;
        used.add(`${profileId}/${version}`);
        // What came before a deployment that cannot be reverted any more is not needed.
        if (state === 'COMPLETE' && completedAt < since) settled.add(profileId);
      }
    }
  }
  return used;
};

const pruneProfile = async (
  { appConfig }: Context,
  { applicationId, profileId }: { readonly applicationId: string; readonly profileId: string },
  { keep, used }: { readonly keep: number; readonly used: ReadonlySet<string> },
): Promise<number> => {
  const versions: { readonly number: number; readonly description: string | undefined }[] = [];
  for await (const page of versionPages(appConfig, { applicationId, profileId })) versions.push(...page);
  const old = versions
    .sort((one, other) => other.number - one.number)
    .slice(keep)
    .filter(({ number, description }) => isMarked(description) && !used.has(`${profileId}/${number}`));
  for (const { number: VersionNumber } of old) {
    const key = { ApplicationId: applicationId, ConfigurationProfileId: profileId, VersionNumber };
    await appConfig.client.send(new DeleteHostedConfigurationVersionCommand(key));
  }
  return old.length;
};

const pruneTenant = async (context: Context, application: Named, names: ReadonlySet<string>, keep: number) => {
  const { appConfig } = context;
  const used = await usedIn(context, application.id);
  let count = 0;
  for (const { id: profileId, name, location } of await listProfiles(appConfig, application.id)) {
    if (location !== 'hosted' || !names.has(name)) continue;
    count += await pruneProfile(context, { applicationId: application.id, profileId }, { keep, used });
  }
  return count;
};

/** Deletes old versions of the profiles of a rollout. A version that cannot be deleted is a warning. */
export const prune = async (context: Context, plans: readonly EnvironmentPlan[], keep: number): Promise<void> => {
  const { log, journal, waiting } = context;
  const tenants = [...groupBy(plans, ({ tenant }) => tenant).values()];
  await inPool(tenants, TENANTS_AT_ONCE, async (own) => {
    const [{ application, tenant } = { application: undefined, tenant: '' }] = own;
    if (application === undefined) return;
    const names = new Set(own.flatMap(({ steps }) => steps.map(({ target }) => target.profile)));
    try {
      const count = await pruneTenant(context, application, names, keep);
      if (count > 0) journal.notes.push(`${tenant}: ${count} old versions were deleted`);
    } catch (error) {
      if (waiting.signal.aborted) throw error;
      log.warning(`${tenant}: old versions could not be deleted: ${textOf(error)}`);
    }
  });
};
