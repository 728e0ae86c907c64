import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import { DeliveryError, type DeliveryErrorCode, errorMessage } from '@aws-delivery/action-kit/util/error';
import { groupBy } from '@aws-delivery/action-kit/util/group-by';
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
import type { DesiredConfiguration, DesiredProfile } from '../desired/desired-profile.js';
import { type Content, isLabelFor } from '../desired/documents/content.js';
import { getStrategy, type StrategySpec, type StrategySpecs } from '../inputs/strategy.js';
import { hasDeployedVersion, readDeployedContent } from './deployed-content.js';
import type { SourceVersionReader } from './source-version.js';
import { type PlannedStrategy, planStrategy } from './strategy-plan.js';

/** Compares a desired profile with its environment. */
export interface ProfilePlan {
  readonly desired: DesiredProfile;
  readonly profile: ProfileEntry | undefined;
  /** The newest completed deployment of the profile in the environment. */
  readonly deployed: Deployment | undefined;
  /** `failed`: what is deployed could not be read. */
  readonly decision: 'unchanged' | 'deploy' | 'failed';
  /** Why the decision is `failed`. */
  readonly failure?: string | undefined;
  /** A running deployment of the same profile: what will be deployed is not known before its end. */
  readonly running: Deployment | undefined;
  /** The version to deploy of an external source. */
  readonly sourceVersion: string | undefined;
}

/** One environment of one tenant; resources that do not exist yet are undefined. */
export interface EnvironmentPlan {
  readonly tenant: string;
  readonly environment: string;
  readonly application: NamedResource | undefined;
  readonly entry: EnvironmentEntry | undefined;
  readonly strategy: PlannedStrategy;
  readonly profiles: readonly ProfilePlan[];
}

// Errors of the inputs and the tree concern the whole run, and so does a cancellation.
const RUN_ERRORS: readonly DeliveryErrorCode[] = ['cancelled', 'conflict', 'invalid-input', 'missing'];

const isRunError = (error: unknown): boolean =>
  !(error instanceof DeliveryError) ||
  RUN_ERRORS.includes(error.code) ||
  (error.code === 'not-found' && error.cause === undefined);

/** Returns the result for what could not be read; throws errors that concern the whole run. */
const isolateReadError = async <T>(read: () => Promise<T>, onError: (failure: string) => T): Promise<T> => {
  try {
    return await read();
  } catch (error) {
    if (isRunError(error)) throw error;
    return onError(errorMessage(error));
  }
};

const createFailedPlan = (desired: DesiredProfile, failure: string): ProfilePlan => ({
  desired,
  profile: undefined,
  deployed: undefined,
  decision: 'failed',
  failure,
  running: undefined,
  sourceVersion: undefined,
});

const NO_DEPLOYMENTS: EnvironmentState = { latest: 0, running: undefined, deployed: new Map() };

const TENANT_CONCURRENCY = 16;

/** What a plan reads from: AppConfig, and the sources of external profiles. */
export interface PlanSources {
  readonly appConfig: AppConfig;
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

// Versions are immutable, and the label of a version of this action identifies its content: it is not read if it exists.
const hasSameContent = async (
  appConfig: AppConfig,
  applicationId: string,
  {
    desired,
    content,
    deployed,
  }: { readonly desired: DesiredProfile; readonly content: Content; readonly deployed: Deployment },
): Promise<boolean> => {
  if (isLabelFor(deployed.label, desired.environment, content))
    return hasDeployedVersion(appConfig, applicationId, deployed);
  const deployedContent = await readDeployedContent(appConfig, applicationId, deployed, desired.type);
  return deployedContent?.digest === content.digest && deployedContent.contentType === content.contentType;
};

const assertProfileMatches = ({ type, source, profile }: DesiredProfile, found: ProfileEntry | undefined): void => {
  if (found === undefined) return;
  const location = source.kind === 'hosted' ? 'hosted' : source.location.uri;
  if (found.type !== undefined && found.type !== type) {
    throw new DeliveryError(
      'conflict',
      `profile '${profile}' (${found.id}) has type ${found.type}, not ${type}: set this type in appconfig.yml, or rename the profile`,
    );
  }
  if (found.location !== location) {
    throw new DeliveryError(
      'conflict',
      `profile '${profile}' (${found.id}) has location ${found.location}, not ${location}: set this location in appconfig.yml, or rename the profile`,
    );
  }
};

/** Decides whether a profile needs a deployment. Throws `conflict` if it exists with another type or location. */
export const planProfile = async (
  { appConfig, readSourceVersion }: PlanSources,
  {
    desired,
    profile,
    applicationId,
    environmentState,
    redeploy,
  }: {
    readonly desired: DesiredProfile;
    readonly profile: ProfileEntry | undefined;
    readonly applicationId: string | undefined;
    readonly environmentState: EnvironmentState;
    /** Whether unchanged configuration is deployed as well. */
    readonly redeploy: boolean;
  },
): Promise<ProfilePlan> => {
  assertProfileMatches(desired, profile);
  const deployed = profile === undefined ? undefined : environmentState.deployed.get(profile.id);
  const running = environmentState.running?.profileId === profile?.id ? environmentState.running : undefined;
  const { source } = desired;
  if (source.kind === 'external') {
    const sourceVersion = source.location.version ?? (await readSourceVersion(source.location.uri));
    const isSame = !redeploy && running === undefined && deployed?.version === sourceVersion;
    const decision = isSame ? 'unchanged' : 'deploy';
    return { desired, profile, deployed, running, decision, sourceVersion };
  }
  const isSame =
    !redeploy &&
    running === undefined &&
    deployed !== undefined &&
    applicationId !== undefined &&
    (await hasSameContent(appConfig, applicationId, { desired, content: source.content, deployed }));
  const decision = isSame ? 'unchanged' : 'deploy';
  return { desired, profile, deployed, running, decision, sourceVersion: undefined };
};

interface TenantPlanInput {
  readonly tenant: TenantResources;
  readonly strategyEntries: readonly StrategyEntry[];
  readonly getSpec: (environment: string) => StrategySpec;
  readonly redeploy: boolean;
}

const planEnvironment = async (
  sources: PlanSources,
  { tenant, strategyEntries, getSpec, redeploy }: TenantPlanInput,
  environment: string,
  desiredProfiles: readonly DesiredProfile[],
): Promise<EnvironmentPlan> => {
  const entry = findNamed(tenant.environments, environment, `environment of application '${tenant.name}'`);
  const existing = desiredProfiles.map((desired) => {
    const label = `configuration profile of application '${tenant.name}'`;
    return { desired, profile: findNamed(tenant.profiles, desired.profile, label) };
  });
  const profileIds = existing.flatMap(({ profile }) => profile?.id ?? []);
  const applicationId = tenant.application?.id;
  const planProfiles = async (): Promise<readonly ProfilePlan[]> => {
    const environmentState =
      entry === undefined || applicationId === undefined
        ? NO_DEPLOYMENTS
        : await readEnvironmentState(sources.appConfig, { applicationId, environmentId: entry.id }, profileIds);
    const plans: ProfilePlan[] = [];
    for (const each of existing) {
      const plan = () => planProfile(sources, { ...each, applicationId, environmentState, redeploy });
      plans.push(await isolateReadError(plan, (failure) => createFailedPlan(each.desired, failure)));
    }
    return plans;
  };
  const profiles = await isolateReadError(planProfiles, (failure) =>
    desiredProfiles.map((desired) => createFailedPlan(desired, failure)),
  );
  const strategy = planStrategy(getSpec(environment), strategyEntries);
  return { tenant: tenant.name, environment, application: tenant.application, entry, strategy, profiles };
};

/**
 * Compares the desired profiles with what is deployed. Reads only: for the account one list of applications and one of
 * strategies; for a tenant its environments and profiles; for an environment its latest deployments; and for a deployed
 * version whether it exists, or its content if the label does not identify it.
 */
export const planRollout = async (
  sources: PlanSources,
  { profiles: desiredProfiles, settings }: Pick<DesiredConfiguration, 'profiles' | 'settings'>,
  { strategies, redeploy }: { readonly strategies: StrategySpecs; readonly redeploy: boolean },
): Promise<readonly EnvironmentPlan[]> => {
  if (desiredProfiles.length === 0) return [];
  const { appConfig } = sources;
  const [applications, strategyEntries] = await Promise.all([listApplications(appConfig), listStrategies(appConfig)]);
  const getSpec = (environment: string): StrategySpec =>
    settings.environments.get(environment)?.strategy ?? getStrategy(strategies, environment);
  const tenants = [...groupBy(desiredProfiles, ({ tenant }) => tenant)];
  const plans = await mapConcurrent(tenants, TENANT_CONCURRENCY, async ([name, tenantProfiles]) => {
    const application = findNamed(applications, name, 'application');
    const environments = [...groupBy(tenantProfiles, ({ environment }) => environment)];
    const planTenant = async (): Promise<readonly EnvironmentPlan[]> => {
      const tenant = await readTenant(appConfig, name, application);
      return Promise.all(
        environments.map(([environment, environmentProfiles]) =>
          planEnvironment(sources, { tenant, strategyEntries, getSpec, redeploy }, environment, environmentProfiles),
        ),
      );
    };
    return isolateReadError(planTenant, (failure) =>
      environments.map(([environment, environmentProfiles]) => ({
        tenant: name,
        environment,
        application,
        entry: undefined,
        strategy: planStrategy(getSpec(environment), strategyEntries),
        profiles: environmentProfiles.map((desired) => createFailedPlan(desired, failure)),
      })),
    );
  });
  return plans.flat();
};
