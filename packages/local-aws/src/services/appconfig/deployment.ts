import { type Call, type Document, output, type Reply } from '../../call.js';
import type { ServiceContext } from '../../service.js';
import { isDocument } from '../../wire/json.js';
import { type Fact, isRunning, planGrowth, planRevert, planRollback } from './growth.js';
import { page } from './page.js';
import { badRequest, conflict, invalidConfiguration, notFound } from './refusal.js';
import type { AppConfigScenario } from './scenario.js';
import type { Deployment, Environment, Profile, Store, Version } from './store.js';
import { objectionsOf } from './validator.js';

const REVERTABLE_FOR = 72 * 3_600_000;

const factAt = ({ timeline, startedAt }: Deployment, at: number): Fact => {
  const fact = timeline.latest(Math.max(at, startedAt))?.fact;
  if (fact === undefined) throw new Error('a deployment without a beginning');
  return fact;
};

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const versionNamed = ({ versions }: Profile, given: string): Version => {
  const version = [...versions.values()].find(({ number, label }) => String(number) === given || label === given);
  if (version === undefined) throw notFound(`HostedConfigurationVersion ${given}`);
  return version;
};

/** Deployments: one at a time in an environment, growing, baking, and rolled back by users and alarms. */
export class Deployments {
  constructor(
    private readonly context: ServiceContext<AppConfigScenario>,
    private readonly store: Store,
  ) {}

  /** The deployment under way. */
  running({ deployments }: Environment, at: number): Deployment | undefined {
    return deployments.find((deployment) => deployment.startedAt <= at && isRunning(factAt(deployment, at)));
  }

  environmentState({ deployments }: Environment, at: number): string {
    const last = deployments.findLast(({ startedAt }) => startedAt <= at);
    const state = last === undefined ? 'COMPLETE' : factAt(last, at).state;
    if (state === 'COMPLETE') return 'READY_FOR_DEPLOYMENT';
    return state === 'BAKING' ? 'DEPLOYING' : state;
  }

  validate(call: Call): Reply {
    const profile = this.store.profile(call);
    this.#refuseInvalid(profile, versionNamed(profile, String(call.input['ConfigurationVersion'])));
    return output({});
  }

  async start(call: Call): Promise<Reply> {
    const { input, at } = call;
    const environment = this.store.environment(call);
    await this.#watchAlarms(call, environment);
    this.#refuseBusy(environment, call);
    const profile = this.store.profile(call);
    const strategy = this.store.strategy(call);
    const given = String(input['ConfigurationVersion']);
    const version = profile.location === 'hosted' ? versionNamed(profile, given) : undefined;
    if (version !== undefined) this.#refuseInvalid(profile, version);
    const deployment: Deployment = {
      number: environment.deployments.length + 1,
      profile,
      strategy,
      version: version === undefined ? given : String(version.number),
      label: version?.label,
      description: textOf(input['Description']),
      parameters: input['DynamicExtensionParameters'],
      kmsKey: textOf(input['KmsKeyIdentifier']),
      startedAt: at,
      timeline: planGrowth(at, strategy),
    };
    environment.deployments.push(deployment);
    return output(this.#whole(call, deployment));
  }

  async get(call: Call): Promise<Reply> {
    await this.#watchAlarms(call, this.store.environment(call));
    return output(this.#whole(call, this.store.deployment(call)));
  }

  async list(call: Call): Promise<Reply> {
    const environment = this.store.environment(call);
    await this.#watchAlarms(call, environment);
    const rows = environment.deployments.filter(({ startedAt }) => startedAt <= call.at).reverse();
    return page(rows, call, (row) => this.#summary(row, call.at));
  }

  async stop(call: Call): Promise<Reply> {
    const { input, at } = call;
    const environment = this.store.environment(call);
    await this.#watchAlarms(call, environment);
    const deployment = this.store.deployment(call);
    const { state } = factAt(deployment, at);
    if (state === 'DEPLOYING' || state === 'BAKING') {
      planRollback(deployment.timeline, at, this.context.scenario.rollback, 'USER', 'Deployment stopped by user');
    } else if (state === 'COMPLETE' && input['AllowRevert'] === true) {
      this.#revert(environment, deployment, at);
    } else {
      throw badRequest(`Deployment ${deployment.number} cannot be stopped in state ${state}`);
    }
    return output(this.#whole(call, deployment));
  }

  /** What a client at `share` (0 to 100) of all gets of a profile: its newest version that has reached that share. */
  async served(call: Call, environment: Environment, profile: Profile, share: number): Promise<Version | undefined> {
    await this.#watchAlarms(call, environment);
    const reached = environment.deployments
      .filter((each) => each.profile === profile && each.startedAt <= call.at)
      .findLast((each) => {
        const { state, percentage } = factAt(each, call.at);
        return state === 'COMPLETE' || (state !== 'ROLLING_BACK' && percentage > share);
      });
    return reached === undefined ? undefined : profile.versions.get(Number(reached.version));
  }

  #revert(environment: Environment, { number, timeline }: Deployment, at: number): void {
    const completedAt = timeline.latest(at)?.at ?? at;
    if (at - completedAt > REVERTABLE_FOR) throw badRequest(`Deployment ${number} completed more than 72 hours ago`);
    const running = this.running(environment, at);
    if (running !== undefined) throw conflict(`Deployment number ${running.number} is in progress`);
    planRevert(timeline, at);
  }

  #refuseBusy(environment: Environment, { input, at }: Call): void {
    const running = this.running(environment, at);
    if (running !== undefined) throw conflict(`Deployment number ${running.number} already exists`);
    const latest = input['LatestDeploymentNumber'];
    const actual = environment.deployments.length;
    if (latest !== undefined && latest !== actual) {
      throw conflict(`LatestDeploymentNumber ${latest} is not the latest deployment, ${actual}`);
    }
  }

  #refuseInvalid({ validators }: Profile, { content, contentType }: Version): void {
    const subject = { content: content.toString(), contentType };
    const objections = objectionsOf(validators, subject, this.context.scenario);
    if (objections.length > 0) throw invalidConfiguration(objections);
  }

  /** AppConfig looks at the alarms while a deployment is under way: one that rang before its end takes it back. */
  async #watchAlarms(call: Call, environment: Environment): Promise<void> {
    const deployment = environment.deployments.at(-1);
    if (deployment === undefined || environment.monitors.length === 0) return;
    const { state } = factAt(deployment, call.at);
    if (state === 'ROLLED_BACK' || state === 'REVERTED' || state === 'ROLLING_BACK') return;
    for (const { AlarmArn, AlarmRoleArn } of environment.monitors) {
      const since = await this.#ringingSince(call, String(AlarmArn), textOf(AlarmRoleArn));
      const end = deployment.timeline.until(call.at).find(({ fact }) => fact.state === 'COMPLETE')?.at ?? Infinity;
      if (since === undefined || since >= end) continue;
      const text = `CloudWatch alarm ${AlarmArn} went into ALARM`;
      const at = Math.max(since, deployment.startedAt);
      planRollback(deployment.timeline, at, this.context.scenario.rollback, 'CLOUDWATCH_ALARM', text);
      return;
    }
  }

  async #ringingSince(call: Call, arn: string, role: string | undefined): Promise<number | undefined> {
    const { region, at } = call;
    const session = role === undefined ? undefined : this.context.serviceRole(role, 'appconfig', at);
    const input = { AlarmNames: [arn.split(':alarm:').at(-1)], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] };
    const asked = { service: 'cloudwatch', operation: 'DescribeAlarms', input, region, at };
    const reply = await this.context.invoke({ ...asked, principal: session ?? call.principal });
    if (reply.kind !== 'output') return undefined;
    const alarms = [reply.output['MetricAlarms'], reply.output['CompositeAlarms']].flat().filter(isDocument);
    const ringing = alarms.find(({ StateValue }) => StateValue === 'ALARM');
    const since = ringing?.['StateTransitionedTimestamp'];
    return since instanceof Date ? since.getTime() : undefined;
  }

  #summary(deployment: Deployment, at: number): Document {
    const { number, profile, version, label, strategy, startedAt, timeline } = deployment;
    const { state, percentage } = factAt(deployment, at);
    const ended = isRunning(factAt(deployment, at)) ? undefined : timeline.latest(at)?.at;
    return {
      DeploymentNumber: number,
      ConfigurationProfileId: profile.id,
      ConfigurationName: profile.name,
      ConfigurationVersion: version,
      VersionLabel: label,
      DeploymentDurationInMinutes: strategy.durationMinutes,
      FinalBakeTimeInMinutes: strategy.bakeMinutes,
      GrowthFactor: strategy.growthFactor,
      GrowthType: strategy.growthType,
      State: state,
      PercentageComplete: percentage,
      StartedAt: new Date(startedAt),
      CompletedAt: ended === undefined ? undefined : new Date(ended),
      Type: 'USER',
    };
  }

  #whole(call: Call, deployment: Deployment): Document {
    const { Type: _listed, ...summary } = this.#summary(deployment, call.at);
    const { ApplicationId, EnvironmentId } = call.input;
    const entries = deployment.timeline.until(Math.max(call.at, deployment.startedAt));
    const EventLog = entries
      .map(({ at, fact: { event } }) => {
        return { EventType: event.type, TriggeredBy: event.by, Description: event.text, OccurredAt: new Date(at) };
      })
      .reverse();
    const { description: Description, kmsKey: KmsKeyIdentifier, profile, strategy } = deployment;
    const rest = { Description, KmsKeyIdentifier, ConfigurationLocationUri: profile.location, EventLog };
    return { ...summary, ApplicationId, EnvironmentId, DeploymentStrategyId: strategy.id, ...rest };
  }
}
