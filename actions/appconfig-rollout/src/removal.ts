import { textOf } from '@aws-delivery/action-kit/error';
import {
  DeleteApplicationCommand,
  DeleteConfigurationProfileCommand,
  DeleteEnvironmentCommand,
  DeleteHostedConfigurationVersionCommand,
} from '@aws-sdk/client-appconfig';
import type { AppConfig } from './appconfig.js';
import type { Context } from './context.js';
import { listApplications, listEnvironments, listProfiles, type Named } from './inventory.js';
import { isMarked } from './mark.js';
import { isOurs, type Ours } from './ownership.js';
import { isSelected } from './pattern.js';
import { inPool } from './pool.js';
import { isAbsent } from './refusal.js';
import type { CleanupRequest } from './request.js';
import type { Wish } from './target.js';
import { type Version, versionPages } from './version.js';

/** One thing that goes, or stays. */
export interface Removal {
  /** `environment shop/dev`. */
  readonly what: string;
  /** `spared`: somebody else's, so it stays by rule; `kept`: it should have gone. */
  readonly state: 'planned' | 'removed' | 'spared' | 'kept';
  readonly reason?: string | undefined;
}

interface Errand {
  readonly what: string;
  readonly remove: () => Promise<unknown>;
}

/** What goes of one tenant, in the order in which it can go. */
interface Clearance {
  readonly errands: readonly Errand[];
  readonly kept: readonly Removal[];
}

interface Scope {
  readonly tenant: Named;
  readonly ours: Ours;
  readonly isGoing: (kind: 'environment' | 'profile', name: string) => boolean;
  readonly isWhole: boolean;
}

const readVersions = async (appConfig: AppConfig, applicationId: string, profileId: string) => {
  const versions: Version[] = [];
  for await (const page of versionPages(appConfig, { applicationId, profileId })) versions.push(...page);
  return versions;
};

const environmentErrands = async ({ tenant, ours, isGoing }: Scope): Promise<Clearance> => {
  const { client } = ours.appConfig;
  const [errands, kept]: [Errand[], Removal[]] = [[], []];
  for (const { id, name } of await listEnvironments(ours.appConfig, tenant.id)) {
    if (!isGoing('environment', name)) continue;
    const what = `environment ${tenant.name}/${name}`;
    if (!(await isOurs(ours, `application/${tenant.id}/environment/${id}`))) {
      kept.push({ what, state: 'spared', reason: 'it was not made by this action for this tree' });
      continue;
    }
    const key = { ApplicationId: tenant.id, EnvironmentId: id };
    // Deletion protection is the account's to set, and never bypassed.
    errands.push({ what, remove: () => client.send(new DeleteEnvironmentCommand(key)) });
  }
  return { errands, kept };
};

const profileErrands = async ({ tenant, ours, isGoing }: Scope): Promise<Clearance> => {
  const { appConfig } = ours;
  const [errands, kept]: [Errand[], Removal[]] = [[], []];
  for (const { id, name, location } of await listProfiles(appConfig, tenant.id)) {
    if (!isGoing('profile', name)) continue;
    const what = `configuration profile ${tenant.name}/${name}`;
    const versions = location === 'hosted' ? await readVersions(appConfig, tenant.id, id) : [];
    const isOwn = await isOurs(ours, `application/${tenant.id}/configurationprofile/${id}`);
    const foreign = versions.filter(({ description }) => !isMarked(description));
    if (!isOwn || foreign.length > 0) {
      const reason = isOwn
        ? `somebody else made ${foreign.length} of its versions`
        : 'it was not made by this action for this tree';
      kept.push({ what, state: 'spared', reason });
      continue;
    }
    const key = { ApplicationId: tenant.id, ConfigurationProfileId: id };
    errands.push(
      ...versions.map(({ number }): Errand => {
        const remove = () =>
          appConfig.client.send(new DeleteHostedConfigurationVersionCommand({ ...key, VersionNumber: number }));
        return { what: `version ${tenant.name}/${name} ${number}`, remove };
      }),
      { what, remove: () => appConfig.client.send(new DeleteConfigurationProfileCommand(key)) },
    );
  }
  return { errands, kept };
};

const applicationErrands = async ({ tenant, ours, isWhole }: Scope, kept: readonly Removal[]): Promise<Clearance> => {
  if (!isWhole) return { errands: [], kept: [] };
  const what = `application ${tenant.name}`;
  const isOwn = await isOurs(ours, `application/${tenant.id}`);
  if (!isOwn)
    return { errands: [], kept: [{ what, state: 'spared', reason: 'it was not made by this action for this tree' }] };
  if (kept.length > 0) return { errands: [], kept: [{ what, state: 'spared', reason: 'something in it stays' }] };
  const remove = () => ours.appConfig.client.send(new DeleteApplicationCommand({ ApplicationId: tenant.id }));
  return { errands: [{ what, remove }], kept: [] };
};

const clearanceOf = async (scope: Scope): Promise<Clearance> => {
  const environments = await environmentErrands(scope);
  const profiles = await profileErrands(scope);
  const application = await applicationErrands(scope, [...environments.kept, ...profiles.kept]);
  const parts = [environments, profiles, application];
  return { errands: parts.flatMap(({ errands }) => errands), kept: parts.flatMap(({ kept }) => kept) };
};

/** Does errands one after another; what depends on one that failed stays, too. */
const runErrands = async ({ log, waiting }: Context, errands: readonly Errand[]): Promise<readonly Removal[]> => {
  const done: Removal[] = [];
  let trouble: string | undefined;
  for (const { what, remove } of errands) {
    if (trouble !== undefined) {
      done.push({ what, state: 'kept', reason: `since ${trouble}` });
      continue;
    }
    try {
      await remove().catch((error: unknown) => {
        if (!isAbsent(error)) throw error;
      });
      done.push({ what, state: 'removed' });
      log.info(`Removed ${what}`);
    } catch (error) {
      if (waiting.signal.aborted) throw error;
      trouble = `${what} could not be removed`;
      done.push({ what, state: 'kept', reason: textOf(error) });
      log.error(`${trouble}: ${textOf(error)}`);
    }
  }
  return done;
};

/** What of a tenant goes: all of it, or what the tree has no more. */
const scopeOf = (tenant: Named, ours: Ours, { what }: CleanupRequest, { tenants }: Wish): Scope => {
  const wanted = tenants.get(tenant.name);
  const isWhole = wanted === undefined || what === 'all';
  const isGoing = (kind: 'environment' | 'profile', name: string): boolean =>
    isWhole || !(kind === 'environment' ? wanted.known : wanted.profiles).has(name);
  return { tenant, ours, isGoing, isWhole };
};

const TENANTS_AT_ONCE = 8;

/** The tenants that are looked at: the tree's for `all`; for `absent` also those of ours that it has no more. */
const candidates = async ({ appConfig, request }: Context<CleanupRequest>, ours: Ours, { tenants }: Wish) => {
  const chosen: Named[] = [];
  for (const application of await listApplications(appConfig)) {
    if (!isSelected(application.name, request.selection.tenants)) continue;
    if (tenants.has(application.name)) chosen.push(application);
    else if (request.what === 'absent' && (await isOurs(ours, `application/${application.id}`)))
      chosen.push(application);
  }
  return chosen;
};

/** Removes what this action made and is not wanted any more; without a confirmation it only tells what would go. */
export const cleanUp = async (
  context: Context<CleanupRequest>,
  wish: Wish,
  { arnPrefix, origin }: Pick<Ours, 'arnPrefix' | 'origin'>,
): Promise<readonly Removal[]> => {
  const { request, appConfig } = context;
  const ours: Ours = { appConfig, arnPrefix, origin };
  const tenants = await candidates(context, ours, wish);
  const removals = await inPool(tenants, TENANTS_AT_ONCE, async (tenant) => {
    const { errands, kept } = await clearanceOf(scopeOf(tenant, ours, request, wish));
    const done = request.isConfirmed
      ? await runErrands(context, errands)
      : errands.map(({ what }): Removal => ({ what, state: 'planned' }));
    return [...done, ...kept];
  });
  return removals.flat();
};
