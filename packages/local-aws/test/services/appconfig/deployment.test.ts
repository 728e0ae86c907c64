import { GetEnvironmentCommand, ListDeploymentsCommand, StopDeploymentCommand } from '@aws-sdk/client-appconfig';
import { describe, expect, it } from '@jest/globals';
import { HOUR, MINUTE, SECOND, withFixture } from './fixture.js';

describe('an AppConfig deployment', () => {
  it('grows in equal steps, bakes and completes', () =>
    withFixture({}, async (fixture) => {
      const number = await fixture.start(await fixture.createVersion('{}'), {
        DeploymentStrategyId: 'AppConfig.Linear50PercentEvery30Seconds',
      });
      expect(await fixture.getState(number)).toBe('DEPLOYING 0');
      fixture.advance(30 * SECOND);
      expect(await fixture.getState(number)).toBe('DEPLOYING 50');
      fixture.advance(30 * SECOND);
      expect(await fixture.getState(number)).toBe('BAKING 100');
      fixture.advance(MINUTE);
      const { State, EventLog, CompletedAt } = await fixture.getDeployment(number);
      expect(State).toBe('COMPLETE');
      expect(CompletedAt).toEqual(new Date(fixture.aws.clock.now()));
      expect(EventLog?.map(({ EventType }) => EventType)).toEqual([
        'DEPLOYMENT_COMPLETED',
        'BAKE_TIME_STARTED',
        'PERCENTAGE_UPDATED',
        'PERCENTAGE_UPDATED',
        'DEPLOYMENT_STARTED',
      ]);
    }));

  it('doubles its percentage with exponential growth', () =>
    withFixture({}, async (fixture) => {
      const number = await fixture.start(await fixture.createVersion('{}'), {
        DeploymentStrategyId: await fixture.createStrategy(5, 0, 10, 'EXPONENTIAL'),
      });
      const states: string[] = [];
      for (let step = 0; step < 5; step += 1) {
        fixture.advance(MINUTE);
        states.push(await fixture.getState(number));
      }
      expect(states).toEqual(['DEPLOYING 10', 'DEPLOYING 20', 'DEPLOYING 40', 'DEPLOYING 80', 'COMPLETE 100']);
    }));

  it('is the only one in its environment, also across profiles', () =>
    withFixture({}, async (fixture) => {
      const version = await fixture.createVersion('{}');
      await fixture.start(version);
      await expect(fixture.start(version)).rejects.toMatchObject({
        name: 'ConflictException',
        message: 'Deployment number 1 already exists',
      });
      fixture.advance(10 * MINUTE);
      expect(await fixture.start(version)).toBe(2);
    }));

  it('is rejected if LatestDeploymentNumber is outdated', () =>
    withFixture({}, async (fixture) => {
      const version = await fixture.createVersion('{}');
      await fixture.start(version, { LatestDeploymentNumber: 0 });
      fixture.advance(10 * MINUTE);
      await expect(fixture.start(version, { LatestDeploymentNumber: 0 })).rejects.toMatchObject({
        name: 'ConflictException',
      });
      expect(await fixture.start(version, { LatestDeploymentNumber: 1 })).toBe(2);
    }));

  it('is rolled back when it is stopped, also while baking', () =>
    withFixture({}, async (fixture) => {
      const number = await fixture.start(await fixture.createVersion('{}'));
      await fixture.client.send(new StopDeploymentCommand({ ...fixture.environmentRef, DeploymentNumber: number }));
      expect(await fixture.getState(number)).toBe('ROLLED_BACK 0');
      const environment = await fixture.client.send(new GetEnvironmentCommand(fixture.environmentRef));
      expect(environment.State).toBe('ROLLED_BACK');
    }));

  it('can be reverted within 72 hours of its completion, only with AllowRevert', () =>
    withFixture({}, async (fixture) => {
      const number = await fixture.start(await fixture.createVersion('{}'));
      fixture.advance(10 * MINUTE);
      const stop = (AllowRevert?: boolean) =>
        fixture.client.send(
          new StopDeploymentCommand({ ...fixture.environmentRef, DeploymentNumber: number, AllowRevert }),
        );
      await expect(stop()).rejects.toMatchObject({ name: 'BadRequestException' });
      fixture.advance(72 * HOUR);
      await stop(true);
      expect(await fixture.getState(number)).toBe('REVERTED 0');
    }));

  it('cannot be reverted after 72 hours', () =>
    withFixture({}, async (fixture) => {
      const number = await fixture.start(await fixture.createVersion('{}'));
      fixture.advance(10 * MINUTE + 72 * HOUR + 1);
      await expect(
        fixture.client.send(
          new StopDeploymentCommand({ ...fixture.environmentRef, DeploymentNumber: number, AllowRevert: true }),
        ),
      ).rejects.toThrow('more than 72 hours ago');
    }));

  it('is listed newest first, and not before its start', () =>
    withFixture({}, async (fixture) => {
      const version = await fixture.createVersion('{}');
      await fixture.start(version);
      fixture.advance(10 * MINUTE);
      await fixture.start(version);
      const list = async () =>
        (await fixture.client.send(new ListDeploymentsCommand(fixture.environmentRef))).Items ?? [];
      expect((await list()).map(({ DeploymentNumber, State }) => [DeploymentNumber, State])).toEqual([
        [2, 'BAKING'],
        [1, 'COMPLETE'],
      ]);
      fixture.aws.setFaults([{ fault: 'stale', service: 'appconfig', by: '1s' }]);
      expect((await list()).map(({ DeploymentNumber }) => DeploymentNumber)).toEqual([1]);
    }));
});

describe('an AppConfig alarm', () => {
  const createMonitoredOptions = (changes: readonly { readonly at: string; readonly state: 'ALARM' | 'OK' }[]) => ({
    scenario: { cloudwatch: { alarms: { errors: { changes: [...changes] } } } },
    monitors: [{ AlarmArn: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors' }],
  });

  it('rolls a baking deployment back', () =>
    withFixture(createMonitoredOptions([{ at: '5m', state: 'ALARM' }]), async (fixture) => {
      const number = await fixture.start(await fixture.createVersion('{}'));
      fixture.advance(4 * MINUTE);
      expect(await fixture.getState(number)).toBe('BAKING 100');
      fixture.advance(2 * MINUTE);
      const { State, EventLog } = await fixture.getDeployment(number);
      expect(State).toBe('ROLLED_BACK');
      expect(EventLog?.[1]).toMatchObject({ EventType: 'ROLLBACK_STARTED', TriggeredBy: 'CLOUDWATCH_ALARM' });
      expect(await fixture.getServedContent()).toBe('');
    }));

  it('does not affect a completed deployment', () =>
    withFixture(createMonitoredOptions([{ at: '11m', state: 'ALARM' }]), async (fixture) => {
      const number = await fixture.start(await fixture.createVersion('{}'));
      fixture.advance(12 * MINUTE);
      expect(await fixture.getState(number)).toBe('COMPLETE 100');
    }));
});
