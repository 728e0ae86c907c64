import { DeliveryError } from '@aws-delivery/action-kit/error';
import { GetHostedConfigurationVersionCommand } from '@aws-sdk/client-appconfig';
import type { AppConfig } from './appconfig.js';
import { type Content, deployedContent, isLabelOf } from './content.js';
import { type Deployment, readStanding, type Standing } from './deployment.js';
import { decodeText } from './files.js';
import { groupBy } from './group.js';
import {
  type EnvironmentEntry,
  findNamed,
  listApplications,
  listEnvironments,
  listProfiles,
  listStrategies,
  type Named,
  type ProfileEntry,
  type StrategyEntry,
} from './inventory.js';
import { inPool } from './pool.js';
import type { TreeSettings } from './settings.js';
import type { SourceVersions } from './source-version.js';
import { type Growth, type StrategyWish, type StrategyWishes, strategyFor } from './strategy.js';
import type { Target } from './target.js';

/** What is to be done about one target. */
export interface Step {
  readonly target: Target;
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
  readonly application: Named | undefined;
  readonly entry: EnvironmentEntry | undefined;
  readonly strategy: PlannedStrategy;
  readonly steps: readonly Step[];
}

/** A strategy that is there, or the one to be made. */
export type PlannedStrategy =
  | { readonly kind: 'present'; readonly id: string; readonly name: string; readonly growth: Growth }
  | { readonly kind: 'absent'; readonly name: string; readonly growth: Growth };

const NOTHING: Standing = { latest: 0, running: undefined, deployed: new Map() };

const TENANTS_AT_ONCE = 16;

const sameGrowth = (one: Growth, other: Growth): boolean =>
  one.durationMinutes === other.durationMinutes &&
  one.bakeMinutes === other.bakeMinutes &&
  one.factor === other.factor &&
  one.type === other.type;

/** The strategy that is meant. Throws `not-found` for a name nobody has, `conflict` for one that means another growth. */
export const planStrategy = (wish: StrategyWish, entries: readonly StrategyEntry[]): PlannedStrategy => {
  const { name } = wish;
  const byId = entries.find(({ id }) => id === name || id === `AppConfig.${name}`);
  const found = byId ?? findNamed(entries, name, 'deployment strategy');
  if (wish.kind === 'named') {
    if (found !== undefined) return { kind: 'present', ...found };
    const known = entries.map((entry) => entry.name).join(', ');
    throw new DeliveryError(
      'not-found',
      `input 'strategy': there is no strategy '${name}': one of ${known}, or a map with 'growth' and 'duration'`,
    );
  }
  if (found === undefined) return { kind: 'absent', name, growth: wish.growth };
  if (sameGrowth(found.growth, wish.growth)) return { kind: 'present', ...found };
  throw new DeliveryError(
    'conflict',
    `input 'strategy': there is a strategy '${name}' that grows otherwise: give the new one another 'name'`,
  );
};

/** What plans are made from. */
export interface Planning {
  readonly appConfig: AppConfig;
  readonly strategies: StrategyWishes;
  readonly settings: TreeSettings;
  readonly sourceVersions: SourceVersions;
}

interface Tenant {
  readonly name: string;
  readonly application: Named | undefined;
  readonly environments: readonly EnvironmentEntry[];
  readonly profiles: readonly ProfileEntry[];
}

const readTenant = async (appConfig: AppConfig, name: string, application: Named | undefined): Promise<Tenant> => {
  if (application === undefined) return { name, application, environments: [], profiles: [] };
  const { id } = application;
  const [environments, profiles] = await Promise.all([listEnvironments(appConfig, id), listProfiles(appConfig, id)]);
  return { name, application, environments, profiles };
};

/** What is deployed, as text; undefined where it is none. */
export const readDeployed = async (
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
  const text = decodeText(bytes ?? new Uint8Array());
  return text === undefined ? undefined : { text, contentType };
};

// A version cannot be changed, and a label of ours names content and environment: no need to read it again.
const holds = async (
  appConfig: AppConfig,
  applicationId: string,
  { target, content, deployed }: { readonly target: Target; readonly content: Content; readonly deployed: Deployment },
): Promise<boolean> => {
  if (isLabelOf(deployed.label, target.environment, content)) return true;
  const there = await readDeployed(appConfig, applicationId, deployed);
  if (there === undefined) return false;
  const { digest, contentType } = deployedContent(there.text, there.contentType, target.type) ?? {};
  return digest === content.digest && contentType === content.contentType;
};

const checkProfile = ({ type, wanted, profile }: Target, found: ProfileEntry | undefined): void => {
  if (found === undefined) return;
  const location = wanted.kind === 'hosted' ? 'hosted' : wanted.location.uri;
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
export const decideStep = async (
  { appConfig, sourceVersions }: Pick<Planning, 'appConfig' | 'sourceVersions'>,
  {
    target,
    profile,
    applicationId,
    standing,
  }: {
    readonly target: Target;
    readonly profile: ProfileEntry | undefined;
    readonly applicationId: string | undefined;
    readonly standing: Standing;
  },
): Promise<Step> => {
  checkProfile(target, profile);
  const deployed = profile === undefined ? undefined : standing.deployed.get(profile.id);
  const running = standing.running?.profileId === profile?.id ? standing.running : undefined;
  const { wanted } = target;
  if (wanted.kind === 'elsewhere') {
    const sourceVersion = wanted.location.version ?? (await sourceVersions(wanted.location.uri));
    const decision = running === undefined && deployed?.version === sourceVersion ? 'unchanged' : 'deploy';
    return { target, profile, deployed, running, decision, sourceVersion };
  }
  const isSame =
    running === undefined &&
    deployed !== undefined &&
    applicationId !== undefined &&
    (await holds(appConfig, applicationId, { target, content: wanted.content, deployed }));
  const decision = isSame ? 'unchanged' : 'deploy';
  return { target, profile, deployed, running, decision, sourceVersion: undefined };
};

const planEnvironment = async (
  planning: Planning,
  tenant: Tenant,
  environment: string,
  targets: readonly Target[],
  strategies: readonly StrategyEntry[],
): Promise<EnvironmentPlan> => {
  const { appConfig, settings } = planning;
  const entry = findNamed(tenant.environments, environment, `environment of application '${tenant.name}'`);
  const found = new Map(
    targets.map(({ profile }) => [
      profile,
      findNamed(tenant.profiles, profile, `configuration profile of application '${tenant.name}'`),
    ]),
  );
  const ids = [...found.values()].flatMap((profile) => profile?.id ?? []);
  const applicationId = tenant.application?.id;
  const standing =
    entry === undefined || applicationId === undefined
      ? NOTHING
      : await readStanding(appConfig, { applicationId, environmentId: entry.id }, ids);
  const steps: Step[] = [];
  for (const target of targets) {
    steps.push(await decideStep(planning, { target, profile: found.get(target.profile), applicationId, standing }));
  }
  const wish = settings.environments.get(environment)?.strategy ?? strategyFor(planning.strategies, environment);
  const strategy = planStrategy(wish, strategies);
  return { tenant: tenant.name, environment, application: tenant.application, entry, strategy, steps };
};

/**
 * Compares what is wanted with what is deployed. Reads only: for the account one list of applications and one of
 * strategies; for a tenant its environments and profiles; for an environment its latest deployments; and the content of
 * a version where its label does not say what it holds.
 */
export const makePlan = async (planning: Planning, targets: readonly Target[]): Promise<readonly EnvironmentPlan[]> => {
  if (targets.length === 0) return [];
  const { appConfig } = planning;
  const [applications, strategies] = await Promise.all([listApplications(appConfig), listStrategies(appConfig)]);
  const tenants = [...groupBy(targets, ({ tenant }) => tenant)];
  const plans = await inPool(tenants, TENANTS_AT_ONCE, async ([name, ofTenant]) => {
    const tenant = await readTenant(appConfig, name, findNamed(applications, name, 'application'));
    const environments = [...groupBy(ofTenant, ({ environment }) => environment)];
    return Promise.all(
      environments.map(([environment, own]) => planEnvironment(planning, tenant, environment, own, strategies)),
    );
  });
  return plans.flat();
};
