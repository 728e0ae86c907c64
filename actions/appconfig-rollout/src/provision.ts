import { classify } from '@aws-delivery/action-kit/aws-error';
import { poll } from '@aws-delivery/action-kit/poll';
import {
  CreateApplicationCommand,
  CreateConfigurationProfileCommand,
  CreateDeploymentStrategyCommand,
  CreateEnvironmentCommand,
  GetConfigurationProfileCommand,
  UpdateConfigurationProfileCommand,
  type Validator,
} from '@aws-sdk/client-appconfig';
import type { AppConfig } from './appconfig.js';
import { canonical } from './document.js';
import {
  findNamed,
  listApplications,
  listEnvironments,
  listProfiles,
  listStrategies,
  type Named,
  type ProfileEntry,
} from './inventory.js';
import { isOurs, MADE_BY, TREE_TAG } from './ownership.js';
import type { PlannedStrategy } from './plan.js';
import type { Creation } from './request.js';
import type { Monitor, TreeSettings } from './settings.js';
import type { Target } from './target.js';
import type { Waiting } from './waiting.js';

export interface ProvisionOptions {
  readonly appConfig: AppConfig;
  readonly waiting: Waiting;
  readonly creation: Creation;
  readonly settings: TreeSettings;
  /** What tells this tree from others: `octocat/my-repo:config`. */
  readonly origin: string;
  /** `arn:aws:appconfig:eu-west-1:123456789012`, for reading tags. */
  readonly arnPrefix: () => Promise<string>;
  readonly created: (what: string) => void;
  /** Told what was decided about something that is there. */
  readonly remarked: (what: string) => void;
}

/** How long to go on creating when AppConfig is out of order, in milliseconds. */
const PATIENCE = 5 * 60_000;

/** For how long a list may not show what has been made, in milliseconds. */
const BEHIND = 15_000;

interface Making {
  /** For logs and errors: `application 'shop'`. */
  readonly what: string;
  readonly find: () => Promise<Named | undefined>;
  readonly create: () => Promise<{ readonly Id?: string | undefined; readonly Name?: string | undefined }>;
}

const isSame = (one: readonly Validator[], other: readonly Validator[]): boolean => {
  const texts = (validators: readonly Validator[]) =>
    validators.map(
      ({ Type, Content = '' }) => `${Type} ${Type === 'JSON_SCHEMA' ? canonical(JSON.parse(Content)) : Content}`,
    );
  return texts(one).sort().join('\n') === texts(other).sort().join('\n');
};

/** Makes what is missing, each thing once. */
export class Provision {
  private readonly making = new Map<string, Promise<Named>>();
  private readonly checked = new Map<string, Promise<void>>();

  constructor(private readonly options: ProvisionOptions) {}

  application(name: string, known: Named | undefined): Promise<Named> {
    const { appConfig } = this.options;
    return this.present(known, {
      what: `application '${name}'`,
      find: async () => findNamed(await listApplications(appConfig), name, 'application'),
      create: () => appConfig.once.send(new CreateApplicationCommand({ Name: name, Tags: this.tags() })),
    });
  }

  environment(application: Named, name: string, known: Named | undefined): Promise<Named> {
    const { appConfig } = this.options;
    const Monitors = this.monitorsOf(name).map(({ alarm, role }) => ({ AlarmArn: alarm, AlarmRoleArn: role }));
    return this.present(known, {
      what: `environment '${application.name}/${name}'`,
      find: async () => findNamed(await listEnvironments(appConfig, application.id), name, 'environment'),
      create: () =>
        appConfig.once.send(
          new CreateEnvironmentCommand({ ApplicationId: application.id, Name: name, Monitors, Tags: this.tags() }),
        ),
    });
  }

  async profile(application: Named, target: Target, known: ProfileEntry | undefined): Promise<Named> {
    const { appConfig } = this.options;
    const { profile: Name, type: Type, wanted } = target;
    const elsewhere = wanted.kind === 'elsewhere' ? wanted.location : undefined;
    const Validators = this.validatorsOf(target);
    const place = { ApplicationId: application.id, Name, Type, LocationUri: elsewhere?.uri ?? 'hosted' };
    const RetrievalRoleArn = elsewhere?.retrievalRole;
    const found = await this.present(known, {
      what: `configuration profile '${application.name}/${Name}'`,
      find: async () => findNamed(await listProfiles(appConfig, application.id), Name, 'configuration profile'),
      create: () =>
        appConfig.once.send(
          new CreateConfigurationProfileCommand({ ...place, RetrievalRoleArn, Validators, Tags: this.tags() }),
        ),
    });
    const isChecked = Validators.length > 0 || (known?.isValidated ?? false);
    if (known !== undefined && isChecked) await this.keepValidators(application, found, Validators);
    return found;
  }

  async strategy(planned: PlannedStrategy): Promise<string> {
    if (planned.kind === 'present') return planned.id;
    const { appConfig } = this.options;
    const { name, growth } = planned;
    const made = await this.present(undefined, {
      what: `deployment strategy '${name}'`,
      find: async () => findNamed(await listStrategies(appConfig), name, 'deployment strategy'),
      create: () =>
        appConfig.once.send(
          new CreateDeploymentStrategyCommand({
            Name: name,
            DeploymentDurationInMinutes: growth.durationMinutes,
            FinalBakeTimeInMinutes: growth.bakeMinutes,
            GrowthFactor: growth.factor,
            GrowthType: growth.type,
            ReplicateTo: 'NONE',
            Tags: this.tags(),
          }),
        ),
    });
    return made.id;
  }

  private monitorsOf(environment: string): readonly Monitor[] {
    const { creation, settings } = this.options;
    const own = settings.environments.get(environment)?.monitors;
    return own ?? creation.monitors.map((alarm) => ({ alarm, role: creation.monitorRole }));
  }

  private validatorsOf({ schema, functions }: Target): Validator[] {
    const bySchema: Validator[] = schema === undefined ? [] : [{ Type: 'JSON_SCHEMA', Content: schema }];
    return [...bySchema, ...functions.map((Content): Validator => ({ Type: 'LAMBDA', Content }))];
  }

  private keepValidators(application: Named, profile: Named, Validators: Validator[]): Promise<void> {
    const known = this.checked.get(profile.id) ?? this.updateValidators(application, profile, Validators);
    this.checked.set(profile.id, known);
    return known;
  }

  private async updateValidators({ id, name }: Named, profile: Named, Validators: Validator[]): Promise<void> {
    const { appConfig, arnPrefix, origin, remarked } = this.options;
    const key = { ApplicationId: id, ConfigurationProfileId: profile.id };
    const { Validators: present = [] } = await appConfig.client.send(new GetConfigurationProfileCommand(key));
    if (isSame(present, Validators)) return;
    const path = `application/${id}/configurationprofile/${profile.id}`;
    if (await isOurs({ appConfig, arnPrefix: await arnPrefix(), origin }, path)) {
      await appConfig.client.send(new UpdateConfigurationProfileCommand({ ...key, Validators }));
      return;
    }
    // Nobody misses them where there are none in the tree.
    if (Validators.length > 0)
      remarked(`the validators of ${name}/${profile.name} are somebody else's, and stay as they are`);
  }

  private present(known: Named | undefined, making: Making): Promise<Named> {
    if (known !== undefined) return Promise.resolve(known);
    const made = this.making.get(making.what) ?? this.make(making);
    this.making.set(making.what, made);
    return made;
  }

  // AppConfig makes a second thing of the same name when a call is repeated whose answer was lost. So after a call that
  // may have been carried out it is looked for what it made, for as long as lists may be behind, before the next one.
  private make({ what, find, create }: Making): Promise<Named> {
    const { waiting, created } = this.options;
    const { clock } = waiting;
    let doubt: number | undefined;
    return poll<Named>({
      ...waiting,
      what: `${what} to be created`,
      deadline: clock.now() + PATIENCE,
      read: async () => {
        const found = doubt === undefined ? undefined : await find();
        if (found !== undefined) return { state: 'done', value: found };
        if (doubt !== undefined && clock.now() < doubt) return { state: 'pending' };
        const { Id: id = '', Name: name = '' } = await create().catch((error: unknown) => {
          doubt = classify(error) === 'throttled' ? undefined : clock.now() + BEHIND;
          throw error;
        });
        created(what);
        return { state: 'done', value: { id, name } };
      },
    });
  }

  private tags(): Record<string, string> {
    const { creation, origin } = this.options;
    return { ...creation.tags, [MADE_BY.key]: MADE_BY.value, [TREE_TAG]: origin };
  }
}
