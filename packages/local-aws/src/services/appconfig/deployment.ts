import type { ApiCall, Document } from '../../api-call.js';
import { paginate } from '../../pagination.js';
import { isDocument, readString } from '../../protocols/document.js';
import type { OperationHandlers, ServiceContext } from '../../service.js';
import { HOUR_MS } from '../../time/duration.js';
import { type DeploymentSnapshot, isInProgress, planGrowth, planRevert, planRollback } from './rollout-progress.js';
import type { AppConfigScenario } from './scenario.js';
import { assertValid, badRequestError, conflictError, notFoundError } from './service-errors.js';
import type { Deployment, Environment, Profile, Store, Version } from './store.js';
import { validateContent } from './validator.js';

const REVERT_WINDOW_MS = 72 * HOUR_MS;

const getSnapshot = ({ timeline, startedAt }: Deployment, at: number): DeploymentSnapshot => {
  const snapshot = timeline.findLatest(Math.max(at, startedAt))?.value;
  if (snapshot === undefined) throw new Error('the deployment has no start event');
  return snapshot;
};

const getVersion = ({ versions }: Profile, numberOrLabel: string): Version => {
  const version = [...versions.values()].find(({ VersionNumber, VersionLabel }) =>
    [String(VersionNumber), VersionLabel].includes(numberOrLabel),
  );
  if (version === undefined) throw notFoundError(`HostedConfigurationVersion ${numberOrLabel}`);
  return version;
};

/** Deployments: one at a time in an environment, stopped by users and rolled back by alarms. */
export class Deployments {
  constructor(
    private readonly context: ServiceContext<AppConfigScenario>,
    private readonly store: Store,
  ) {}

  /** The deployment in progress in an environment. */
  findRunning({ deployments }: Environment, at: number): Deployment | undefined {
    return deployments.find((deployment) => deployment.startedAt <= at && isInProgress(getSnapshot(deployment, at)));
  }

  getEnvironmentState({ deployments }: Environment, at: number): string {
    const last = deployments.findLast(({ startedAt }) => startedAt <= at);
    const state = last === undefined ? 'COMPLETE' : getSnapshot(last, at).state;
    if (state === 'COMPLETE') return 'READY_FOR_DEPLOYMENT';
    return state === 'BAKING' ? 'DEPLOYING' : state;
  }

  readonly handlers: OperationHandlers = {
    ValidateConfiguration: (call) => {
      const profile = this.store.getProfile(call);
      this.validateContent(profile, getVersion(profile, String(call.input['ConfigurationVersion'])));
      return {};
    },
    StartDeployment: async (call) => {
      const environment = await this.getEnvironment(call);
      this.rejectConcurrent(environment, call);
      const deployment = this.createDeployment(call, environment.deployments.length + 1);
      environment.deployments.push(deployment);
      return this.describe(call, deployment);
    },
    GetDeployment: async (call) => {
      await this.getEnvironment(call);
      return this.describe(call, this.store.getDeployment(call));
    },
    ListDeployments: async (call) => {
      const { deployments } = await this.getEnvironment(call);
      const rows = deployments.filter(({ startedAt }) => startedAt <= call.at).reverse();
      return paginate(call, rows, { items: 'Items', defaultSize: 50 }, (row) => this.summarize(row, call.at));
    },
    StopDeployment: async (call) => {
      const { input, at } = call;
      const environment = await this.getEnvironment(call);
      const deployment = this.store.getDeployment(call);
      const { state } = getSnapshot(deployment, at);
      if (state === 'DEPLOYING' || state === 'BAKING') {
        planRollback(deployment.timeline, at, this.context.scenario.rollback, 'USER', 'Deployment stopped by user');
      } else if (state === 'COMPLETE' && input['AllowRevert'] === true) {
        this.revert(environment, deployment, at);
      } else {
        throw badRequestError(`Deployment ${deployment.DeploymentNumber} cannot be stopped in state ${state}`);
      }
      return this.describe(call, deployment);
    },
  };

  /** The environment of a call, after its alarms have been read. */
  private async getEnvironment(call: ApiCall): Promise<Environment> {
    const environment = this.store.getEnvironment(call);
    await this.watchAlarms(call, environment);
    return environment;
  }

  private createDeployment(call: ApiCall, DeploymentNumber: number): Deployment {
    const { input, at } = call;
    const profile = this.store.getProfile(call);
    const strategy = this.store.getStrategy(call);
    const requested = String(input['ConfigurationVersion']);
    const version = profile.LocationUri === 'hosted' ? getVersion(profile, requested) : undefined;
    if (version !== undefined) this.validateContent(profile, version);
    const { DeploymentDurationInMinutes, FinalBakeTimeInMinutes, GrowthFactor, GrowthType } = strategy;
    return {
      DeploymentNumber,
      ConfigurationProfileId: profile.Id,
      ConfigurationName: profile.Name,
      ConfigurationLocationUri: profile.LocationUri,
      ConfigurationVersion: version === undefined ? requested : String(version.VersionNumber),
      VersionLabel: version?.VersionLabel,
      Description: readString(input['Description']),
      KmsKeyIdentifier: readString(input['KmsKeyIdentifier']),
      DeploymentStrategyId: strategy.Id,
      ...{ DeploymentDurationInMinutes, FinalBakeTimeInMinutes, GrowthFactor, GrowthType },
      profile,
      startedAt: at,
      timeline: planGrowth(at, strategy),
    };
  }

  /** The version that a client at `percentile` (0 to 100) gets: the newest one that was deployed to this percentage. */
  async findServedVersion(
    call: ApiCall,
    environment: Environment,
    profile: Profile,
    percentile: number,
  ): Promise<Version | undefined> {
    await this.watchAlarms(call, environment);
    const reached = environment.deployments
      .filter((deployment) => deployment.profile === profile && deployment.startedAt <= call.at)
      .findLast((deployment) => {
        const { state, percentage } = getSnapshot(deployment, call.at);
        return state === 'COMPLETE' || (state !== 'ROLLING_BACK' && percentage > percentile);
      });
    return reached === undefined ? undefined : profile.versions.get(Number(reached.ConfigurationVersion));
  }

  private revert(environment: Environment, { DeploymentNumber: number, timeline }: Deployment, at: number): void {
    const completedAt = timeline.findLatest(at)?.at ?? at;
    if (at - completedAt > REVERT_WINDOW_MS)
      throw badRequestError(`Deployment ${number} completed more than 72 hours ago`);
    const running = this.findRunning(environment, at);
    if (running !== undefined) throw conflictError(`Deployment number ${running.DeploymentNumber} is in progress`);
    planRevert(timeline, at);
  }

  private rejectConcurrent(environment: Environment, { input, at }: ApiCall): void {
    const running = this.findRunning(environment, at);
    if (running !== undefined) throw conflictError(`Deployment number ${running.DeploymentNumber} already exists`);
    const latest = input['LatestDeploymentNumber'];
    const actual = environment.deployments.length;
    if (latest !== undefined && latest !== actual) {
      throw conflictError(`LatestDeploymentNumber ${latest} is not the latest deployment, ${actual}`);
    }
  }

  private validateContent({ Validators }: Profile, { Content, ContentType }: Version): void {
    const subject = { content: Content.toString(), contentType: ContentType };
    assertValid(validateContent(Validators, subject, this.context.scenario));
  }

  /** Rolls a deployment back if an alarm of the environment went into ALARM before the deployment was complete. */
  private async watchAlarms(call: ApiCall, environment: Environment): Promise<void> {
    const deployment = environment.deployments.at(-1);
    if (deployment === undefined || environment.Monitors.length === 0) return;
    const { state } = getSnapshot(deployment, call.at);
    if (state === 'ROLLED_BACK' || state === 'REVERTED' || state === 'ROLLING_BACK') return;
    for (const { AlarmArn, AlarmRoleArn } of environment.Monitors) {
      const since = await this.findAlarmTime(call, String(AlarmArn), readString(AlarmRoleArn));
      const end =
        deployment.timeline.listUntil(call.at).find(({ value: snapshot }) => snapshot.state === 'COMPLETE')?.at ??
        Infinity;
      if (since === undefined || since >= end) continue;
      const description = `CloudWatch alarm ${AlarmArn} went into ALARM`;
      const at = Math.max(since, deployment.startedAt);
      planRollback(deployment.timeline, at, this.context.scenario.rollback, 'CLOUDWATCH_ALARM', description);
      return;
    }
  }

  private async findAlarmTime(call: ApiCall, arn: string, role: string | undefined): Promise<number | undefined> {
    const { region, at } = call;
    const session = role === undefined ? undefined : this.context.assumeServiceRole(role, 'appconfig', at);
    const input = { AlarmNames: [arn.split(':alarm:').at(-1)], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] };
    const request = { service: 'cloudwatch', operation: 'DescribeAlarms', input, region, at };
    const response = await this.context.invoke({ ...request, principal: session ?? call.principal });
    if (response.kind !== 'output') return undefined;
    const alarms = [response.output['MetricAlarms'], response.output['CompositeAlarms']].flat().filter(isDocument);
    const alarm = alarms.find(({ StateValue }) => StateValue === 'ALARM');
    const since = alarm?.['StateTransitionedTimestamp'];
    return since instanceof Date ? since.getTime() : undefined;
  }

  private summarize(deployment: Deployment, at: number): Document {
    const { startedAt, timeline } = deployment;
    const snapshot = getSnapshot(deployment, at);
    const completedAt = isInProgress(snapshot) ? undefined : timeline.findLatest(at)?.at;
    return {
      ...deployment,
      State: snapshot.state,
      PercentageComplete: snapshot.percentage,
      StartedAt: new Date(startedAt),
      CompletedAt: completedAt === undefined ? undefined : new Date(completedAt),
      Type: 'USER',
    };
  }

  private describe(call: ApiCall, deployment: Deployment): Document {
    const { ApplicationId, EnvironmentId } = call.input;
    const EventLog = deployment.timeline
      .listUntil(Math.max(call.at, deployment.startedAt))
      .map(({ at, value: { event } }) => ({
        EventType: event.type,
        TriggeredBy: event.triggeredBy,
        Description: event.description,
        OccurredAt: new Date(at),
      }))
      .reverse();
    return { ...this.summarize(deployment, call.at), ApplicationId, EnvironmentId, EventLog };
  }
}
