import { classifyError } from '@aws-delivery/aws/error';
import { poll } from '@aws-delivery/aws/poll';
import {
  CreateApplicationCommand,
  CreateConfigurationProfileCommand,
  CreateDeploymentStrategyCommand,
  CreateEnvironmentCommand,
  GetConfigurationProfileCommand,
  UpdateConfigurationProfileCommand,
  type Validator,
} from '@aws-sdk/client-appconfig';
import type { AppConfig, WaitContext } from '../appconfig/client.js';
import { isOwned, MADE_BY_TAG, TREE_TAG } from '../appconfig/ownership.js';
import {
  findNamed,
  listApplications,
  listEnvironments,
  listProfiles,
  listStrategies,
  type NamedResource,
  type ProfileEntry,
} from '../appconfig/resources.js';
import type { DesiredProfile } from '../desired/desired-profile.js';
import { stringifyCanonical } from '../desired/documents/document.js';
import type { Monitor, TreeSettings } from '../desired/settings.js';
import type { ResourceOptions } from '../inputs/parse-request.js';
import type { PlannedStrategy } from '../plan/strategy-plan.js';

export interface ResourceCreatorOptions {
  readonly appConfig: AppConfig;
  readonly waitContext: WaitContext;
  readonly resourceOptions: ResourceOptions;
  readonly settings: TreeSettings;
  /** Value of the tree tag: `octocat/my-repo:config`. */
  readonly origin: string;
  /** `arn:aws:appconfig:eu-west-1:123456789012`, for reading tags. */
  readonly getArnPrefix: () => Promise<string>;
  readonly onCreated: (label: string) => void;
  /** Called with notices about existing resources that are left unchanged. */
  readonly onNotice: (label: string) => void;
}

const CREATE_TIMEOUT_MS = 5 * 60_000;

/** How long a list may not show a created resource. */
const LIST_DELAY_MS = 15_000;

interface CreateTask {
  /** For logs and errors: `application 'shop'`. */
  readonly label: string;
  readonly find: () => Promise<NamedResource | undefined>;
  readonly create: () => Promise<{ readonly Id?: string | undefined; readonly Name?: string | undefined }>;
}

const hasSameValidators = (a: readonly Validator[], b: readonly Validator[]): boolean => {
  const formatValidators = (validators: readonly Validator[]) =>
    validators.map(
      ({ Type, Content = '' }) =>
        `${Type} ${Type === 'JSON_SCHEMA' ? stringifyCanonical(JSON.parse(Content)) : Content}`,
    );
  return formatValidators(a).sort().join('\n') === formatValidators(b).sort().join('\n');
};

/** Creates missing resources, each once per run, and updates the validators of profiles created for this tree. */
export class ResourceCreator {
  private readonly pendingCreations = new Map<string, Promise<NamedResource>>();
  private readonly validatorUpdates = new Map<string, Promise<void>>();

  constructor(private readonly options: ResourceCreatorOptions) {}

  ensureApplication(name: string, existing: NamedResource | undefined): Promise<NamedResource> {
    const { appConfig } = this.options;
    return this.ensureOnce(existing, {
      label: `application '${name}'`,
      find: async () => findNamed(await listApplications(appConfig), name, 'application'),
      create: () =>
        appConfig.clientWithoutRetry.send(new CreateApplicationCommand({ Name: name, Tags: this.buildTags() })),
    });
  }

  ensureEnvironment(
    application: NamedResource,
    name: string,
    existing: NamedResource | undefined,
  ): Promise<NamedResource> {
    const { appConfig } = this.options;
    const Monitors = this.getMonitors(name).map(({ alarm, role }) => ({ AlarmArn: alarm, AlarmRoleArn: role }));
    return this.ensureOnce(existing, {
      label: `environment '${application.name}/${name}'`,
      find: async () => findNamed(await listEnvironments(appConfig, application.id), name, 'environment'),
      create: () =>
        appConfig.clientWithoutRetry.send(
          new CreateEnvironmentCommand({ ApplicationId: application.id, Name: name, Monitors, Tags: this.buildTags() }),
        ),
    });
  }

  async ensureProfile(
    application: NamedResource,
    desired: DesiredProfile,
    existing: ProfileEntry | undefined,
  ): Promise<NamedResource> {
    const { appConfig } = this.options;
    const { profile: Name, type: Type, source } = desired;
    const external = source.kind === 'external' ? source.location : undefined;
    const Validators = this.buildValidators(desired);
    const profileInput = { ApplicationId: application.id, Name, Type, LocationUri: external?.uri ?? 'hosted' };
    const RetrievalRoleArn = external?.retrievalRole;
    const found = await this.ensureOnce(existing, {
      label: `configuration profile '${application.name}/${Name}'`,
      find: async () => findNamed(await listProfiles(appConfig, application.id), Name, 'configuration profile'),
      create: () =>
        appConfig.clientWithoutRetry.send(
          new CreateConfigurationProfileCommand({
            ...profileInput,
            RetrievalRoleArn,
            Validators,
            Tags: this.buildTags(),
          }),
        ),
    });
    const isChecked = Validators.length > 0 || (existing?.hasValidators ?? false);
    if (existing !== undefined && isChecked) await this.syncValidators(application, found, Validators);
    return found;
  }

  async ensureStrategy(planned: PlannedStrategy): Promise<string> {
    if (planned.kind === 'present') return planned.id;
    const { appConfig } = this.options;
    const { name, growth } = planned;
    const creation = await this.ensureOnce(undefined, {
      label: `deployment strategy '${name}'`,
      find: async () => findNamed(await listStrategies(appConfig), name, 'deployment strategy'),
      create: () =>
        appConfig.clientWithoutRetry.send(
          new CreateDeploymentStrategyCommand({
            Name: name,
            DeploymentDurationInMinutes: growth.durationMinutes,
            FinalBakeTimeInMinutes: growth.bakeMinutes,
            GrowthFactor: growth.growthFactor,
            GrowthType: growth.growthType,
            ReplicateTo: 'NONE',
            Tags: this.buildTags(),
          }),
        ),
    });
    return creation.id;
  }

  private getMonitors(environment: string): readonly Monitor[] {
    const { resourceOptions, settings } = this.options;
    const environmentMonitors = settings.environments.get(environment)?.monitors;
    return (
      environmentMonitors ?? resourceOptions.monitors.map((alarm) => ({ alarm, role: resourceOptions.monitorRole }))
    );
  }

  private buildValidators({ schema, functions }: DesiredProfile): Validator[] {
    const bySchema: Validator[] = schema === undefined ? [] : [{ Type: 'JSON_SCHEMA', Content: schema }];
    return [...bySchema, ...functions.map((Content): Validator => ({ Type: 'LAMBDA', Content }))];
  }

  private syncValidators(application: NamedResource, profile: NamedResource, Validators: Validator[]): Promise<void> {
    const update = this.validatorUpdates.get(profile.id) ?? this.updateValidators(application, profile, Validators);
    this.validatorUpdates.set(profile.id, update);
    return update;
  }

  private async updateValidators(
    { id, name }: NamedResource,
    profile: NamedResource,
    Validators: Validator[],
  ): Promise<void> {
    const { appConfig, getArnPrefix, origin, onNotice } = this.options;
    const key = { ApplicationId: id, ConfigurationProfileId: profile.id };
    const { Validators: current = [] } = await appConfig.client.send(new GetConfigurationProfileCommand(key));
    if (hasSameValidators(current, Validators)) return;
    const path = `application/${id}/configurationprofile/${profile.id}`;
    if (await isOwned({ appConfig, arnPrefix: await getArnPrefix(), origin }, path)) {
      await appConfig.client.send(new UpdateConfigurationProfileCommand({ ...key, Validators }));
      return;
    }
    // Without validators in the tree there is nothing to report.
    if (Validators.length > 0)
      onNotice(
        `Validators of ${name}/${profile.name} not changed: this action did not create the profile for this tree`,
      );
  }

  private ensureOnce(existing: NamedResource | undefined, task: CreateTask): Promise<NamedResource> {
    if (existing !== undefined) return Promise.resolve(existing);
    const creation = this.pendingCreations.get(task.label) ?? this.createWithRetry(task);
    this.pendingCreations.set(task.label, creation);
    return creation;
  }

  // Names are not unique in AppConfig: a retry after a lost response would create a second resource. So after a failed
  // call lists are searched for its resource, for as long as they may lag, before the next attempt.
  private createWithRetry({ label, find, create }: CreateTask): Promise<NamedResource> {
    const { waitContext, onCreated } = this.options;
    const { clock } = waitContext;
    let recheckUntil: number | undefined;
    return poll<NamedResource>({
      ...waitContext,
      label: `the creation of ${label}`,
      deadline: clock.now() + CREATE_TIMEOUT_MS,
      read: async () => {
        const found = recheckUntil === undefined ? undefined : await find();
        if (found !== undefined) return { state: 'done', value: found };
        if (recheckUntil !== undefined && clock.now() < recheckUntil) return { state: 'pending' };
        const { Id: id = '', Name: name = '' } = await create().catch((error: unknown) => {
          recheckUntil = classifyError(error) === 'throttled' ? undefined : clock.now() + LIST_DELAY_MS;
          throw error;
        });
        onCreated(label);
        return { state: 'done', value: { id, name } };
      },
    });
  }

  private buildTags(): Record<string, string> {
    const { resourceOptions, origin } = this.options;
    return { ...resourceOptions.tags, [MADE_BY_TAG.key]: MADE_BY_TAG.value, [TREE_TAG]: origin };
  }
}
