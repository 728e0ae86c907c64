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
import { type LocalAws, startLocalAws } from '../../../src/local-aws.js';
import type { ScenarioInput } from '../../../src/scenario.js';
import { createClock } from '../../../src/time/clock.js';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

export interface FixtureOptions {
  readonly scenario?: ScenarioInput;
  readonly monitors?: Monitor[];
  readonly validators?: Validator[];
  readonly type?: string;
}

/** An application with an environment `dev` and a profile `Flags`, called with the SDK's clients on a stepped clock. */
export class AppConfigFixture {
  private constructor(
    readonly aws: LocalAws,
    readonly client: AppConfigClient,
    readonly data: AppConfigDataClient,
    readonly environmentRef: { readonly ApplicationId: string; readonly EnvironmentId: string },
    readonly profile: string,
  ) {}

  static async open({ scenario = {}, monitors, validators, type }: FixtureOptions = {}): Promise<AppConfigFixture> {
    const aws = await startLocalAws({
      scenario: { iam: { accessKeys: { test: 'test' } }, ...scenario },
      clock: createClock({ start: Date.UTC(2026, 0, 1), scale: 0 }),
    });
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const clientConfig = { endpoint: aws.url, region: 'eu-west-1', credentials, maxAttempts: 1 };
    const client = new AppConfigClient(clientConfig);
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
    return new AppConfigFixture(
      aws,
      client,
      new AppConfigDataClient(clientConfig),
      { ApplicationId, EnvironmentId },
      profile,
    );
  }

  get profileRef() {
    return { ApplicationId: this.environmentRef.ApplicationId, ConfigurationProfileId: this.profile };
  }

  advance(milliseconds: number): void {
    this.aws.clock.advance(milliseconds);
  }

  async createVersion(
    content: string,
    options: { readonly latest?: number; readonly label?: string } = {},
  ): Promise<number> {
    const { VersionNumber = 0 } = await this.client.send(
      new CreateHostedConfigurationVersionCommand({
        ...this.profileRef,
        Content: Buffer.from(content),
        ContentType: 'application/json',
        LatestVersionNumber: options.latest,
        VersionLabel: options.label,
      }),
    );
    return VersionNumber;
  }

  async createStrategy(duration: number, bake: number, growth: number, type: 'LINEAR' | 'EXPONENTIAL' = 'LINEAR') {
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
        ...this.environmentRef,
        ConfigurationProfileId: this.profile,
        ConfigurationVersion: String(version),
        DeploymentStrategyId: 'AppConfig.AllAtOnce',
        ...changes,
      }),
    );
    return DeploymentNumber;
  }

  async getDeployment(number: number) {
    return this.client.send(new GetDeploymentCommand({ ...this.environmentRef, DeploymentNumber: number }));
  }

  /** State and percentage: `DEPLOYING 50`. */
  async getState(number: number): Promise<string> {
    const { State, PercentageComplete } = await this.getDeployment(number);
    return `${State} ${PercentageComplete}`;
  }

  /** The content that a new client of the data plane gets. */
  async getServedContent(): Promise<string> {
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

/** Runs a test with a fixture and closes it. */
export const withFixture = async (
  options: FixtureOptions,
  run: (fixture: AppConfigFixture) => Promise<void>,
): Promise<void> => {
  const fixture = await AppConfigFixture.open(options);
  try {
    await run(fixture);
  } finally {
    await fixture.close();
  }
};
