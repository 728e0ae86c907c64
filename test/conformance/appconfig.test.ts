import { setTimeout as sleep } from 'node:timers/promises';
import { startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { createClock } from '@aws-delivery/local-aws/time/clock';
import {
  AppConfigClient,
  CreateApplicationCommand,
  CreateConfigurationProfileCommand,
  CreateDeploymentStrategyCommand,
  CreateEnvironmentCommand,
  CreateHostedConfigurationVersionCommand,
  GetDeploymentCommand,
  StartDeploymentCommand,
  StopDeploymentCommand,
} from '@aws-sdk/client-appconfig';
import {
  AppConfigDataClient,
  GetLatestConfigurationCommand,
  StartConfigurationSessionCommand,
} from '@aws-sdk/client-appconfigdata';
import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ACCOUNT, REGION } from './account.js';
import { startMiniStack } from './ministack.js';
import { describeEachEmulator, type EmulatorName } from './reference-emulator.js';

/** An emulator of AppConfig whose time can advance by minutes; that of `Emulator` advances by a second at most. */
interface AppConfigEmulator {
  readonly url: string;
  readonly advance: (seconds: number) => Promise<void>;
  readonly createAlarm: (client: CloudWatchClient) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

const ALARM = 'errors';

const emulators: Readonly<Record<EmulatorName, () => Promise<AppConfigEmulator>>> = {
  'local AWS': async () => {
    const clock = createClock({ scale: 0 });
    const scenario = { account: ACCOUNT, region: REGION, cloudwatch: { alarms: { [ALARM]: {} } } };
    const aws = await startLocalAws({ scenario, clock });
    return {
      url: aws.url,
      advance: async (seconds) => clock.advance(seconds * 1000),
      createAlarm: async () => undefined,
      close: aws.close,
    };
  },
  MiniStack: async () => {
    const { url, close } = await startMiniStack();
    const alarm = new PutMetricAlarmCommand({
      AlarmName: ALARM,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      MetricName: 'Errors',
      Namespace: 'Shop',
      Period: 60,
      Statistic: 'Sum',
      Threshold: 1,
    });
    return { url, advance: (seconds) => sleep(seconds * 1000), createAlarm: (client) => client.send(alarm), close };
  },
};

// Deployments on MiniStack take real time: it has no clock that a test can advance.
describeEachEmulator('AppConfig on %s', (name) => {
  let emulator: AppConfigEmulator;
  let client: AppConfigClient;
  let data: AppConfigDataClient;
  let alarms: CloudWatchClient;

  beforeAll(async () => {
    emulator = await emulators[name]();
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const settings = { endpoint: emulator.url, region: REGION, credentials, maxAttempts: 1 };
    client = new AppConfigClient(settings);
    data = new AppConfigDataClient(settings);
    alarms = new CloudWatchClient(settings);
    await emulator.createAlarm(alarms);
  });
  afterAll(async () => {
    for (const each of [client, data, alarms]) each.destroy();
    await emulator.close();
  });

  /** Creates an environment with a profile, and a strategy: 1 minute, growth factor 50, 1 minute of bake time. */
  const setUp = async (monitors: readonly string[] = []) => {
    const { Id: ApplicationId } = await client.send(new CreateApplicationCommand({ Name: `shop-${Math.random()}` }));
    const Monitors = monitors.map((AlarmArn) => ({ AlarmArn }));
    const { Id: EnvironmentId } = await client.send(
      new CreateEnvironmentCommand({ ApplicationId, Name: 'dev', Monitors }),
    );
    const { Id: ConfigurationProfileId } = await client.send(
      new CreateConfigurationProfileCommand({ ApplicationId, Name: 'Limits', LocationUri: 'hosted' }),
    );
    const { Id: DeploymentStrategyId } = await client.send(
      new CreateDeploymentStrategyCommand({
        Name: `half-${Math.random()}`,
        DeploymentDurationInMinutes: 1,
        FinalBakeTimeInMinutes: 1,
        GrowthFactor: 50,
        ReplicateTo: 'NONE',
      }),
    );
    const ids = { ApplicationId, EnvironmentId };
    const start = async (text: string): Promise<number> => {
      const content = { Content: Buffer.from(text), ContentType: 'application/json' };
      const { VersionNumber } = await client.send(
        new CreateHostedConfigurationVersionCommand({ ApplicationId, ConfigurationProfileId, ...content }),
      );
      const { DeploymentNumber = 0 } = await client.send(
        new StartDeploymentCommand({
          ...ids,
          ConfigurationProfileId,
          DeploymentStrategyId,
          ConfigurationVersion: String(VersionNumber),
        }),
      );
      return DeploymentNumber;
    };
    const readState = (DeploymentNumber: number) => client.send(new GetDeploymentCommand({ ...ids, DeploymentNumber }));
    const readServed = async (): Promise<string> => {
      const { InitialConfigurationToken: ConfigurationToken } = await data.send(
        new StartConfigurationSessionCommand({
          ApplicationIdentifier: ApplicationId,
          EnvironmentIdentifier: EnvironmentId,
          ConfigurationProfileIdentifier: ConfigurationProfileId,
        }),
      );
      const response = await data.send(new GetLatestConfigurationCommand({ ConfigurationToken }));
      return Buffer.from(response.Configuration ?? []).toString();
    };
    return { ids, start, readState, readServed };
  };

  it('a deployment deploys, bakes and completes; a second one conflicts meanwhile; it can be reverted', async () => {
    const { ids, start, readState, readServed } = await setUp();
    const number = await start('{"rate": 1}');
    expect((await readState(number)).State).toBe('DEPLOYING');
    await expect(start('{"rate": 2}')).rejects.toMatchObject({ name: 'ConflictException' });
    await emulator.advance(35);
    expect(await readState(number)).toMatchObject({ State: 'DEPLOYING', PercentageComplete: 50 });
    await emulator.advance(30);
    expect(await readState(number)).toMatchObject({ State: 'BAKING', PercentageComplete: 100 });
    await emulator.advance(60);
    expect((await readState(number)).State).toBe('COMPLETE');
    expect(await readServed()).toBe('{"rate": 1}');
    await client.send(new StopDeploymentCommand({ ...ids, DeploymentNumber: number, AllowRevert: true }));
    expect((await readState(number)).State).toBe('REVERTED');
  }, 240_000);

  it('a stopped deployment is rolled back', async () => {
    const { ids, start, readState } = await setUp();
    const number = await start('{"rate": 1}');
    await client.send(new StopDeploymentCommand({ ...ids, DeploymentNumber: number }));
    await emulator.advance(2);
    expect((await readState(number)).State).toBe('ROLLED_BACK');
  });

  it('an alarm rolls a deployment back and is named in its event log', async () => {
    const { start, readState } = await setUp([`arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${ALARM}`]);
    const number = await start('{"rate": 1}');
    await emulator.advance(1);
    await alarms.send(new SetAlarmStateCommand({ AlarmName: ALARM, StateValue: 'ALARM', StateReason: 'test' }));
    await emulator.advance(5);
    const { State, EventLog = [] } = await readState(number);
    expect(State).toBe('ROLLED_BACK');
    expect(EventLog.map(({ TriggeredBy }) => TriggeredBy)).toContain('CLOUDWATCH_ALARM');
  });
});
