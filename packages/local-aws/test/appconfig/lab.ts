import {
  AppConfigClient,
  CreateApplicationCommand,
  CreateConfigurationProfileCommand,
  CreateDeploymentStrategyCommand,
  CreateEnvironmentCommand,
  CreateHostedConfigurationVersionCommand,
  GetDeploymentCommand,
  type Monitor,
  StartDeploymentCommand,
  type StartDeploymentCommandInput,
  type Validator,
} from '@aws-sdk/client-appconfig';
import {
  AppConfigDataClient,
  GetLatestConfigurationCommand,
  StartConfigurationSessionCommand,
} from '@aws-sdk/client-appconfigdata';
import { createClock } from '../../src/clock.js';
import { type LocalAws, startLocalAws } from '../../src/local-aws.js';
import type { ScenarioInput } from '../../src/scenario.js';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

export interface LabOptions {
  readonly scenario?: ScenarioInput;
  readonly monitors?: Monitor[];
  readonly validators?: Validator[];
  readonly type?: string;
}

/** One application with an environment `dev` and a profile `Flags`, by the SDK's own clients on a stepped clock. */
export class Lab {
  private constructor(
    readonly aws: LocalAws,
    readonly client: AppConfigClient,
    readonly data: AppConfigDataClient,
    readonly place: { readonly ApplicationId: string; readonly EnvironmentId: string },
    readonly profile: string,
  ) {}

  static async open({ scenario = {}, monitors, validators, type }: LabOptions = {}): Promise<Lab> {
    const aws = await startLocalAws({
      scenario: { iam: { accessKeys: { test: 'test' } }, ...scenario },
      clock: createClock({ start: Date.UTC(2026, 0, 1), scale: 0 }),
    });
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const settings = { endpoint: aws.url, region: 'eu-west-1', credentials, maxAttempts: 1 };
    const client = new AppConfigClient(settings);
    const { Id: ApplicationId = '' } = await client.send(new CreateApplicationCommand({ Name: 'shop' }));
    const { Id: EnvironmentId = '' } = await client.send(
      new CreateEnvironmentCommand({ ApplicationId, Name: 'dev', Monitors: monitors }),
    );
    const { Id: profile = '' } = await client.send(
      new CreateConfigurationProfileCommand({
        ApplicationId,
        Name: 'Flags',
        LocationUri: 'hosted',
        Validators: validators,
        Type: type,
      }),
    );
    return new Lab(aws, client, new AppConfigDataClient(settings), { ApplicationId, EnvironmentId }, profile);
  }

  get key() {
    return { ApplicationId: this.place.ApplicationId, ConfigurationProfileId: this.profile };
  }

  pass(milliseconds: number): void {
    this.aws.clock.advance(milliseconds);
  }

  async version(text: string, options: { readonly latest?: number; readonly label?: string } = {}): Promise<number> {
    const { VersionNumber = 0 } = await this.client.send(
      new CreateHostedConfigurationVersionCommand({
        ...this.key,
        Content: Buffer.from(text),
        ContentType: 'application/json',
        LatestVersionNumber: options.latest,
        VersionLabel: options.label,
      }),
    );
    return VersionNumber;
  }

  async strategy(duration: number, bake: number, growth: number, type: 'LINEAR' | 'EXPONENTIAL' = 'LINEAR') {
    const { Id = '' } = await this.client.send(
      new CreateDeploymentStrategyCommand({
        Name: 'own',
        DeploymentDurationInMinutes: duration,
        FinalBakeTimeInMinutes: bake,
        GrowthFactor: growth,
        GrowthType: type,
      }),
    );
    return Id;
  }

  async start(version: number | string, changes: Partial<StartDeploymentCommandInput> = {}): Promise<number> {
    const { DeploymentNumber = 0 } = await this.client.send(
      new StartDeploymentCommand({
        ...this.place,
        ConfigurationProfileId: this.profile,
        ConfigurationVersion: String(version),
        DeploymentStrategyId: 'AppConfig.AllAtOnce',
        ...changes,
      }),
    );
    return DeploymentNumber;
  }

  async look(number: number) {
    return this.client.send(new GetDeploymentCommand({ ...this.place, DeploymentNumber: number }));
  }

  /** State and percentage, as `DEPLOYING 50`. */
  async state(number: number): Promise<string> {
    const { State, PercentageComplete } = await this.look(number);
    return `${State} ${PercentageComplete}`;
  }

  /** What a new client of the data plane gets. */
  async served(): Promise<string> {
    const { InitialConfigurationToken } = await this.data.send(
      new StartConfigurationSessionCommand({
        ApplicationIdentifier: 'shop',
        EnvironmentIdentifier: 'dev',
        ConfigurationProfileIdentifier: 'Flags',
      }),
    );
    const { Configuration } = await this.data.send(
      new GetLatestConfigurationCommand({ ConfigurationToken: InitialConfigurationToken }),
    );
    return Buffer.from(Configuration ?? []).toString();
  }

  close(): Promise<void> {
    return this.aws.close();
  }
}

/** A lab for one story, closed whatever comes of it. */
export const withLab = async (options: LabOptions, story: (lab: Lab) => Promise<void>): Promise<void> => {
  const lab = await Lab.open(options);
  try {
    await story(lab);
  } finally {
    await lab.close();
  }
};
