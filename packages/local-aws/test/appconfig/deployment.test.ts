import { GetEnvironmentCommand, ListDeploymentsCommand, StopDeploymentCommand } from '@aws-sdk/client-appconfig';
import { describe, expect, it } from '@jest/globals';
import { HOUR, MINUTE, SECOND, withLab } from './lab.js';

describe('a deployment of AppConfig', () => {
  it('grows in even steps, bakes, and completes', () =>
    withLab({}, async (lab) => {
      const number = await lab.start(await lab.version('{}'), {
        DeploymentStrategyId: 'AppConfig.Linear50PercentEvery30Seconds',
      });
      expect(await lab.state(number)).toBe('DEPLOYING 0');
      lab.pass(30 * SECOND);
      expect(await lab.state(number)).toBe('DEPLOYING 50');
      lab.pass(30 * SECOND);
      expect(await lab.state(number)).toBe('BAKING 100');
      lab.pass(MINUTE);
      const { State, EventLog, CompletedAt } = await lab.look(number);
      expect(State).toBe('COMPLETE');
      expect(CompletedAt).toEqual(new Date(lab.aws.clock.now()));
      expect(EventLog?.map(({ EventType }) => EventType)).toEqual([
        'DEPLOYMENT_COMPLETED',
        'BAKE_TIME_STARTED',
        'PERCENTAGE_UPDATED',
        'PERCENTAGE_UPDATED',
        'DEPLOYMENT_STARTED',
      ]);
    }));

  it('doubles its percentage where it grows exponentially', () =>
    withLab({}, async (lab) => {
      const number = await lab.start(await lab.version('{}'), {
        DeploymentStrategyId: await lab.strategy(5, 0, 10, 'EXPONENTIAL'),
      });
      const seen: string[] = [];
      for (let step = 0; step < 5; step += 1) {
        lab.pass(MINUTE);
        seen.push(await lab.state(number));
      }
      expect(seen).toEqual(['DEPLOYING 10', 'DEPLOYING 20', 'DEPLOYING 40', 'DEPLOYING 80', 'COMPLETE 100']);
    }));

  it('is the only one in its environment, whatever its profile', () =>
    withLab({}, async (lab) => {
      const version = await lab.version('{}');
      await lab.start(version);
      await expect(lab.start(version)).rejects.toMatchObject({
        name: 'ConflictException',
        message: 'Deployment number 1 already exists',
      });
      lab.pass(10 * MINUTE);
      expect(await lab.start(version)).toBe(2);
    }));

  it('is refused where it is not the one after the latest that its starter knows', () =>
    withLab({}, async (lab) => {
      const version = await lab.version('{}');
      await lab.start(version, { LatestDeploymentNumber: 0 });
      lab.pass(10 * MINUTE);
      await expect(lab.start(version, { LatestDeploymentNumber: 0 })).rejects.toMatchObject({
        name: 'ConflictException',
      });
      expect(await lab.start(version, { LatestDeploymentNumber: 1 })).toBe(2);
    }));

  it('is rolled back when it is stopped, also while it bakes', () =>
    withLab({}, async (lab) => {
      const number = await lab.start(await lab.version('{}'));
      await lab.client.send(new StopDeploymentCommand({ ...lab.place, DeploymentNumber: number }));
      expect(await lab.state(number)).toBe('ROLLED_BACK 0');
      const environment = await lab.client.send(new GetEnvironmentCommand(lab.place));
      expect(environment.State).toBe('ROLLED_BACK');
    }));

  it('is reverted within 72 hours of its completion, with AllowRevert alone', () =>
    withLab({}, async (lab) => {
      const number = await lab.start(await lab.version('{}'));
      lab.pass(10 * MINUTE);
      const stop = (AllowRevert?: boolean) =>
        lab.client.send(new StopDeploymentCommand({ ...lab.place, DeploymentNumber: number, AllowRevert }));
      await expect(stop()).rejects.toMatchObject({ name: 'BadRequestException' });
      lab.pass(72 * HOUR);
      await stop(true);
      expect(await lab.state(number)).toBe('REVERTED 0');
    }));

  it('cannot be reverted after 72 hours', () =>
    withLab({}, async (lab) => {
      const number = await lab.start(await lab.version('{}'));
      lab.pass(10 * MINUTE + 72 * HOUR + 1);
      await expect(
        lab.client.send(new StopDeploymentCommand({ ...lab.place, DeploymentNumber: number, AllowRevert: true })),
      ).rejects.toThrow('more than 72 hours ago');
    }));

  it('is listed newest first, and not before it has begun', () =>
    withLab({}, async (lab) => {
      const version = await lab.version('{}');
      await lab.start(version);
      lab.pass(10 * MINUTE);
      await lab.start(version);
      const list = async () => (await lab.client.send(new ListDeploymentsCommand(lab.place))).Items ?? [];
      expect((await list()).map(({ DeploymentNumber, State }) => [DeploymentNumber, State])).toEqual([
        [2, 'BAKING'],
        [1, 'COMPLETE'],
      ]);
      lab.aws.setFaults([{ fault: 'stale', service: 'appconfig', by: '1s' }]);
      expect((await list()).map(({ DeploymentNumber }) => DeploymentNumber)).toEqual([1]);
    }));
});

describe('an alarm of AppConfig', () => {
  const monitored = (changes: readonly { readonly at: string; readonly state: 'ALARM' | 'OK' }[]) => ({
    scenario: { cloudwatch: { alarms: { errors: { changes: [...changes] } } } },
    monitors: [{ AlarmArn: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors' }],
  });

  it('takes a deployment back when it rings while it bakes', () =>
    withLab(monitored([{ at: '5m', state: 'ALARM' }]), async (lab) => {
      const number = await lab.start(await lab.version('{}'));
      lab.pass(4 * MINUTE);
      expect(await lab.state(number)).toBe('BAKING 100');
      lab.pass(2 * MINUTE);
      const { State, EventLog } = await lab.look(number);
      expect(State).toBe('ROLLED_BACK');
      expect(EventLog?.[1]).toMatchObject({ EventType: 'ROLLBACK_STARTED', TriggeredBy: 'CLOUDWATCH_ALARM' });
      expect(await lab.served()).toBe('');
    }));

  it('leaves a completed deployment alone', () =>
    withLab(monitored([{ at: '11m', state: 'ALARM' }]), async (lab) => {
      const number = await lab.start(await lab.version('{}'));
      lab.pass(12 * MINUTE);
      expect(await lab.state(number)).toBe('COMPLETE 100');
    }));
});
