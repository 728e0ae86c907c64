import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import {
  type DeploymentSummary,
  GetDeploymentCommand,
  type GetDeploymentCommandOutput,
  ListDeploymentsCommand,
  type ListDeploymentsCommandOutput,
  StopDeploymentCommand,
} from '@aws-sdk/client-appconfig';
import type { AppConfig } from './client.js';
import { listProfiles, type NamedResource } from './resources.js';

/** An environment by its ids. */
export interface EnvironmentRef {
  readonly applicationId: string;
  readonly environmentId: string;
}

/** A deployment by its ids, and its name in logs. */
export interface DeploymentRef extends EnvironmentRef {
  readonly number: number;
  /** `shop/dev FeatureFlags`. */
  readonly name: string;
}

/** A deployment as lists show it. */
export interface Deployment {
  readonly number: number;
  readonly profileId: string;
  readonly profile: string;
  readonly version: string;
  readonly label: string | undefined;
  readonly state: string;
  readonly percentage: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number | undefined;
  readonly completedAt: number | undefined;
  /** Started by AppConfig itself, for an experiment. */
  readonly isManaged: boolean;
}

export interface DeploymentEvent {
  readonly type: string;
  readonly triggeredBy: string;
  readonly description: string;
  readonly occurredAt: number;
}

/** A deployment with description, event log and times of its strategy. */
export interface DeploymentDetail extends Deployment {
  readonly description: string;
  /** Oldest first. */
  readonly events: readonly DeploymentEvent[];
  readonly bakeMinutes: number;
  readonly durationMinutes: number;
}

const RUNNING_STATES: readonly string[] = ['VALIDATING', 'DEPLOYING', 'BAKING', 'ROLLING_BACK'];
const ENDED_STATES: readonly string[] = ['COMPLETE', 'ROLLED_BACK', 'REVERTED'];

export const isRunning = ({ state }: Pick<Deployment, 'state'>): boolean => RUNNING_STATES.includes(state);

/** How long after its completion AppConfig can revert a deployment (docs/aws-facts.md §2.3). */
export const REVERT_WINDOW_MS = 72 * 3_600_000;

// A state that AWS adds later must count neither as an end nor as progress forever.
const parseState = (state: string | undefined): string => {
  if (state !== undefined && (RUNNING_STATES.includes(state) || ENDED_STATES.includes(state))) return state;
  throw new DeliveryError(
    'unexpected',
    `AppConfig returned the unknown deployment state '${state}': update this action`,
  );
};

const toDeployment = (summary: DeploymentSummary | GetDeploymentCommandOutput, profileId: string): Deployment => ({
  number: summary.DeploymentNumber ?? 0,
  profileId,
  profile: summary.ConfigurationName ?? '',
  version: summary.ConfigurationVersion ?? '',
  label: summary.VersionLabel,
  state: parseState(summary.State),
  percentage: summary.PercentageComplete ?? 0,
  startedAt: summary.StartedAt?.getTime(),
  completedAt: summary.CompletedAt?.getTime(),
  isManaged: 'Type' in summary && summary.Type === 'MANAGED',
});

const getDeployment = async (
  { client }: AppConfig,
  { applicationId: ApplicationId, environmentId: EnvironmentId }: EnvironmentRef,
  DeploymentNumber: number,
): Promise<GetDeploymentCommandOutput> =>
  client.send(new GetDeploymentCommand({ ApplicationId, EnvironmentId, DeploymentNumber }));

/** Reads the profile of a deployment. Every version of the API returns it. Throws `unexpected` without. */
const readProfileId = async (appConfig: AppConfig, ref: EnvironmentRef, number: number): Promise<string> => {
  const { ConfigurationProfileId: profileId } = await getDeployment(appConfig, ref, number);
  if (profileId !== undefined) return profileId;
  throw new DeliveryError(
    'unexpected',
    `the response to GetDeployment for deployment ${number} has no configuration profile: cannot compare deployments`,
  );
};

/**
 * Finds the profiles of deployments in lists without `ConfigurationProfileId`, as older versions of the API return them:
 * by the name of the profile if exactly one profile has it, else from the deployment itself.
 */
class ProfileIdResolver {
  private profiles: Promise<readonly NamedResource[]> | undefined;

  constructor(
    private readonly appConfig: AppConfig,
    private readonly environmentRef: EnvironmentRef,
    private readonly trustNames: boolean,
  ) {}

  async resolve({
    ConfigurationProfileId: id,
    ConfigurationName: name,
    DeploymentNumber: number = 0,
  }: DeploymentSummary) {
    if (id !== undefined) return id;
    const found = this.trustNames ? (await this.listProfiles()).filter((profile) => profile.name === name) : [];
    const [only] = found;
    return only !== undefined && found.length === 1
      ? only.id
      : readProfileId(this.appConfig, this.environmentRef, number);
  }

  private listProfiles(): Promise<readonly NamedResource[]> {
    this.profiles ??= listProfiles(this.appConfig, this.environmentRef.applicationId);
    return this.profiles;
  }
}

export interface PaginateDeploymentsOptions {
  /**
   * Whether the name of a profile identifies it if the list has no ids. A profile may have been renamed since, so
   * deletions must not rely on names. Default: true.
   */
  readonly trustNames?: boolean;
}

/** Pages through the deployments of an environment, newest first. */
export async function* paginateDeployments(
  appConfig: AppConfig,
  environmentRef: EnvironmentRef,
  { trustNames = true }: PaginateDeploymentsOptions = {},
): AsyncGenerator<readonly Deployment[]> {
  const { applicationId: ApplicationId, environmentId: EnvironmentId } = environmentRef;
  const profileIds = new ProfileIdResolver(appConfig, environmentRef, trustNames);
  let token: string | undefined;
  do {
    const page: ListDeploymentsCommandOutput = await appConfig.client.send(
      new ListDeploymentsCommand({ ApplicationId, EnvironmentId, NextToken: token }),
    );
    const deployments: Deployment[] = [];
    for (const item of page.Items ?? []) deployments.push(toDeployment(item, await profileIds.resolve(item)));
    yield deployments.sort((a, b) => b.number - a.number);
    token = page.NextToken;
  } while (token !== undefined);
}

/** The deployments of an environment that decide about the next one. */
export interface EnvironmentState {
  /** The number of its latest deployment; 0 before the first. */
  readonly latest: number;
  readonly running: Deployment | undefined;
  /** The newest COMPLETE deployment by profile id; rolled-back and reverted ones do not count. */
  readonly deployed: ReadonlyMap<string, Deployment>;
}

/** Reads as many pages of deployments as it takes to find what is deployed of these profiles (ids). */
export const readEnvironmentState = async (
  appConfig: AppConfig,
  environmentRef: EnvironmentRef,
  profiles: readonly string[],
): Promise<EnvironmentState> => {
  const deployed = new Map<string, Deployment>();
  let latest = 0;
  let running: Deployment | undefined;
  for await (const page of paginateDeployments(appConfig, environmentRef)) {
    for (const deployment of page) {
      latest = Math.max(latest, deployment.number);
      if (!deployment.isManaged && isRunning(deployment)) running ??= deployment;
      if (deployment.state === 'COMPLETE' && !deployed.has(deployment.profileId)) {
        deployed.set(deployment.profileId, deployment);
      }
    }
    if (profiles.every((id) => deployed.has(id))) break;
  }
  return { latest, running, deployed };
};

export const readDeployment = async (
  appConfig: AppConfig,
  environmentRef: EnvironmentRef,
  number: number,
): Promise<DeploymentDetail> => {
  const response = await getDeployment(appConfig, environmentRef, number);
  const events = (response.EventLog ?? []).map(({ EventType, TriggeredBy, Description, OccurredAt }) => ({
    type: EventType ?? '',
    triggeredBy: TriggeredBy ?? '',
    description: Description ?? '',
    occurredAt: OccurredAt?.getTime() ?? 0,
  }));
  const completion = events.find(({ type }) => type === 'DEPLOYMENT_COMPLETED');
  return {
    ...toDeployment(response, response.ConfigurationProfileId ?? ''),
    completedAt: response.CompletedAt?.getTime() ?? (completion?.occurredAt || undefined),
    description: response.Description ?? '',
    events: events.reverse(),
    bakeMinutes: response.FinalBakeTimeInMinutes ?? 0,
    durationMinutes: response.DeploymentDurationInMinutes ?? 0,
  };
};

/** Stops a running deployment; with `allowRevert` also reverts a completed one. */
export const stopDeployment = async (
  { client }: AppConfig,
  { applicationId: ApplicationId, environmentId: EnvironmentId }: EnvironmentRef,
  { number: DeploymentNumber, allowRevert }: { readonly number: number; readonly allowRevert: boolean },
): Promise<void> => {
  await client.send(
    new StopDeploymentCommand({
      ApplicationId,
      EnvironmentId,
      DeploymentNumber,
      AllowRevert: allowRevert || undefined,
    }),
  );
};

const TRIGGER_LABELS: Readonly<Record<string, string>> = {
  CLOUDWATCH_ALARM: 'a CloudWatch alarm',
  USER: 'a user',
  APPCONFIG: 'AppConfig',
  INTERNAL_ERROR: 'an internal error of AppConfig',
};

/** Formats why a deployment was rolled back or reverted, from its event log. */
export const formatRollbackReason = ({ events, state }: DeploymentDetail): string => {
  const event = events.findLast(({ type }) => type === 'ROLLBACK_STARTED' || type === 'REVERT_COMPLETED');
  const action = state === 'REVERTED' ? 'reverted' : 'rolled back';
  if (event === undefined) return action;
  return `${action} by ${TRIGGER_LABELS[event.triggeredBy] ?? event.triggeredBy}${event.description === '' ? '' : `: ${event.description}`}`;
};
