import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { groupBy } from '@aws-delivery/action-kit/util/group-by';
import { GetHostedConfigurationVersionCommand } from '@aws-sdk/client-appconfig';
import type { AppConfig } from '../appconfig/client.js';
import { type Deployment, type EnvironmentState, readEnvironmentState } from '../appconfig/deployments.js';
import {
  type EnvironmentEntry,
  findNamed,
  listApplications,
  listEnvironments,
  listProfiles,
  listStrategies,
  type NamedResource,
  type ProfileEntry,
  type StrategyEntry,
} from '../appconfig/resources.js';
import type { DesiredProfile } from '../desired/desired-profile.js';
import { type Content, isLabelFor, parseDeployedContent } from '../desired/documents/content.js';
import type { TreeSettings } from '../desired/settings.js';
import { decodeUtf8 } from '../desired/workspace-files.js';
import { type Growth, getStrategy, type StrategySpec, type StrategySpecs } from '../inputs/strategy.js';
import { mapConcurrent } from '../util/concurrency.js';
import type { SourceVersionReader } from './source-version.js';

/** What is to be done about one target. */
export interface ProfilePlan {
  readonly desired: DesiredProfile;
  readonly profile: ProfileEntry | undefined;
  /** What is deployed there now. */
  readonly deployed: Deployment | undefined;
  readonly decision: 'unchanged' | 'deploy';
  /** A deployment of the same profile is under way there: only at its end can be told what is deployed. */
  readonly running: Deployment | undefined;
  /** The version to deploy of a profile that lives elsewhere. */
  readonly sourceVersion: string | undefined;
}

/** Everything about one environment of one tenant. */
export interface EnvironmentPlan {
  readonly tenant: string;
  readonly environment: string;
  readonly application: NamedResource | undefined;
  readonly entry: EnvironmentEntry | undefined;
  readonly strategy: PlannedStrategy;
  readonly profiles: readonly ProfilePlan[];
}

/** A strategy that is there, or the one to be made. */
export type PlannedStrategy =
  | { readonly kind: 'present'; readonly id: string; readonly name: string; readonly growth: Growth }
  | { readonly kind: 'absent'; readonly name: string; readonly growth: Growth };

const NO_DEPLOYMENTS: EnvironmentState = { latest: 0, running: undefined, deployed: new Map() };

const TENANT_CONCURRENCY = 16;

const isSameGrowth = (a: Growth, b: Growth): boolean =>
  a.durationMinutes === b.durationMinutes &&
  a.bakeMinutes === b.bakeMinutes &&
  a.growthFactor === b.growthFactor &&
  a.growthType === b.growthType;

/** The strategy that is meant. Throws `not-found` for a name nobody has, `conflict` for one that means another growth. */
export const planStrategy = (spec: StrategySpec, entries: readonly StrategyEntry[]): PlannedStrategy => {
  const { name } = spec;
  const byId = entries.find(({ id }) => id === name || id === `AppConfig.${name}`);
  const found = byId ?? findNamed(entries, name, 'deployment strategy');
  if (spec.kind === 'named') {
    if (found !== undefined) return { kind: 'present', ...found };
    const known = entries.map((entry) => entry.name).join(', ');
    throw new DeliveryError(
      'not-found',
      `input 'strategy': there is no strategy '${name}': one of ${known}, or a map with 'growth' and 'duration'`,
    );
  }
  if (found === undefined) return { kind: 'absent', name, growth: spec.growth };
  if (isSameGrowth(found.growth, spec.growth)) return { kind: 'present', ...found };
  throw new DeliveryError(
    'conflict',
    `input 'strategy': there is a strategy '${name}' that grows otherwise: give the new one another 'name'`,
  );
};

/** What plans are made from. */
export interface PlanContext {
  readonly appConfig: AppConfig;
  readonly strategies: StrategySpecs;
  readonly settings: TreeSettings;
  readonly readSourceVersion: SourceVersionReader;
}

interface TenantResources {
  readonly name: string;
  readonly application: NamedResource | undefined;
  readonly environments: readonly EnvironmentEntry[];
  readonly profiles: readonly ProfileEntry[];
}

const readTenant = async (
  appConfig: AppConfig,
  name: string,
  application: NamedResource | undefined,
): Promise<TenantResources> => {
  if (application === undefined) return { name, application, environments: [], profiles: [] };
  const { id } = application;
  const [environments, profiles] = await Promise.all([listEnvironments(appConfig, id), listProfiles(appConfig, id)]);
  return { name, application, environments, profiles };
};

/** What is deployed, as text; undefined where it is none. */
export const readDeployedVersion = async (
  { client }: AppConfig,
  applicationId: string,
  { profileId, version }: Pick<Deployment, 'profileId' | 'version'>,
): Promise<{ readonly text: string; readonly contentType: string } | undefined> => {
  if (!/^\d+$/.test(version)) return undefined;
  const { Content: bytes, ContentType: contentType = '' } = await client.send(
    new GetHostedConfigurationVersionCommand({
      ApplicationId: applicationId,
      ConfigurationProfileId: profileId,
      VersionNumber: Number(version),
    }),
  );
  const text = decodeUtf8(bytes ?? new Uint8Array());
  return text === undefined ? undefined : { text, contentType };
};

// A version cannot be changed, and a label of ours names content and environment: no need to read it again.
const hasSameContent = async (
  appConfig: AppConfig,
  applicationId: string,
  {
    desired,
    content,
    deployed,
  }: { readonly desired: DesiredProfile; readonly content: Content; readonly deployed: Deployment },
): Promise<boolean> => {
  if (isLabelFor(deployed.label, desired.environment, content)) return true;
  const deployedVersion = await readDeployedVersion(appConfig, applicationId, deployed);
  if (deployedVersion === undefined) return false;
  const { digest, contentType } =
    parseDeployedContent(deployedVersion.text, deployedVersion.contentType, desired.type) ?? {};
  return digest === content.digest && contentType === content.contentType;
};

const assertProfileMatches = ({ type, source, profile }: DesiredProfile, found: ProfileEntry | undefined): void => {
  if (found === undefined) return;
  const location = source.kind === 'hosted' ? 'hosted' : source.location.uri;
  if (found.type !== type) {
    throw new DeliveryError(
      'conflict',
      `profile '${profile}' (${found.id}) is of type ${found.type}, not ${type}: say so in appconfig.yml, or give it another name`,
    );
  }
  if (found.location !== location) {
    throw new DeliveryError(
      'conflict',
      `profile '${profile}' (${found.id}) lives at ${found.location}, not ${location}: say so in appconfig.yml, or give it another name`,
    );
  }
};

/** Decides about one target, given where its environment stands. */
export const planProfile = async (
  { appConfig, readSourceVersion }: Pick<PlanContext, 'appConfig' | 'readSourceVersion'>,
  {
    desired,
    profile,
    applicationId,
    environmentState,
  }: {
    readonly desired: DesiredProfile;
    readonly profile: ProfileEntry | undefined;
    readonly applicationId: string | undefined;
    readonly environmentState: EnvironmentState;
  },
): Promise<ProfilePlan> => {
  assertProfileMatches(desired, profile);
  const deployed = profile === undefined ? undefined : environmentState.deployed.get(profile.id);
  const running = environmentState.running?.profileId === profile?.id ? environmentState.running : undefined;
  const { source } = desired;
  if (source.kind === 'external') {
    const sourceVersion = source.location.version ?? (await readSourceVersion(source.location.uri));
    const decision = running === undefined && deployed?.version === sourceVersion ? 'unchanged' : 'deploy';
    return { desired, profile, deployed, running, decision, sourceVersion };
  }
  const isSame =
    running === undefined &&
    deployed !== undefined &&
    applicationId !== undefined &&
    (await hasSameContent(appConfig, applicationId, { desired, content: source.content, deployed }));
  const decision = isSame ? 'unchanged' : 'deploy';
  return { desired, profile, deployed, running, decision, sourceVersion: undefined };
};

const planEnvironment = async (
  planContext: PlanContext,
  tenant: TenantResources,
  environment: string,
  desiredProfiles: readonly DesiredProfile[],
  strategies: readonly StrategyEntry[],
): Promise<EnvironmentPlan> => {
  const { appConfig, settings } = planContext;
  const entry = findNamed(tenant.environments, environment, `environment of application '${tenant.name}'`);
  const existingProfiles = new Map(
    desiredProfiles.map(({ profile }) => [
      profile,
      findNamed(tenant.profiles, profile, `configuration profile of application '${tenant.name}'`),
    ]),
  );
  const profileIds = [...existingProfiles.values()].flatMap((profile) => profile?.id ?? []);
  const applicationId = tenant.application?.id;
  const environmentState =
    entry === undefined || applicationId === undefined
      ? NO_DEPLOYMENTS
      : await readEnvironmentState(appConfig, { applicationId, environmentId: entry.id }, profileIds);
  const profiles: ProfilePlan[] = [];
  for (const desired of desiredProfiles) {
    profiles.push(
      await planProfile(planContext, {
        desired,
        profile: existingProfiles.get(desired.profile),
        applicationId,
        environmentState,
      }),
    );
  }
  const spec = settings.environments.get(environment)?.strategy ?? getStrategy(planContext.strategies, environment);
  const strategy = planStrategy(spec, strategies);
  return { tenant: tenant.name, environment, application: tenant.application, entry, strategy, profiles };
};

/**
 * Compares what is wanted with what is deployed. Reads only: for the account one list of applications and one of
 * strategies; for a tenant its environments and profiles; for an environment its latest deployments; and the content of
 * a version where its label does not say what it holds.
 */
export const planRollout = async (
  planContext: PlanContext,
  desiredProfiles: readonly DesiredProfile[],
): Promise<readonly EnvironmentPlan[]> => {
  if (desiredProfiles.length === 0) return [];
  const { appConfig } = planContext;
  const [applications, strategies] = await Promise.all([listApplications(appConfig), listStrategies(appConfig)]);
  const tenants = [...groupBy(desiredProfiles, ({ tenant }) => tenant)];
  const plans = await mapConcurrent(tenants, TENANT_CONCURRENCY, async ([name, tenantProfiles]) => {
    const tenant = await readTenant(appConfig, name, findNamed(applications, name, 'application'));
    const environments = [...groupBy(tenantProfiles, ({ environment }) => environment)];
    return Promise.all(
      environments.map(([environment, environmentProfiles]) =>
        planEnvironment(planContext, tenant, environment, environmentProfiles, strategies),
      ),
    );
  });
  return plans.flat();
};
