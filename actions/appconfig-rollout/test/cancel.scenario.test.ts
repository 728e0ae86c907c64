import { StartDeploymentCommand, StopDeploymentCommand } from '@aws-sdk/client-appconfig';
import { describe, expect, it } from '@jest/globals';
import { onStage, type Stage } from './helpers/stage.js';

const FAST = { strategy: 'AppConfig.AllAtOnce', tenants: 'acme', environments: 'dev' };

const isStarted = (stage: Stage, count: number): boolean =>
  stage.aws.calls().filter(({ operation }) => operation === 'StartDeployment').length >= count;

/** Runs until a minute after the given number of deployments have begun, and cancels there. */
const cancelAfter = async (stage: Stage, count: number, inputs: Readonly<Record<string, string>>) => {
  const controller = new AbortController();
  const running = stage.run({ inputs: { ...FAST, ...inputs }, signal: controller.signal });
  while (!isStarted(stage, count)) await new Promise(setImmediate);
  await stage.clock.sleep(60_000);
  controller.abort(new Error('cancelled by the test'));
  return running;
};

describe('a run that is cancelled', () => {
  it('stops what is under way by its post step, and says what was', () =>
    onStage(async (stage) => {
      const step = await cancelAfter(stage, 1, {});
      expect(step.failures[0]).toContain('cancelled');
      expect(step.deployments.map(({ state }) => state)).toEqual(['unfinished', 'not-started']);
      expect(await stage.post(step.memory.state)).toContain(
        'acme/dev Limits: deployment 1 was stopped and rolled back',
      );
      expect(await stage.served('acme', 'dev', 'Limits')).toBe('');
    }));

  it('leaves it where that is the policy', () =>
    onStage(async (stage) => {
      const step = await cancelAfter(stage, 1, { 'on-cancel': 'leave' });
      expect(await stage.post(step.memory.state)).toContain('deployment 1 is left as it is (BAKING)');
      expect(await stage.served('acme', 'dev', 'Limits')).toBe('{"rate": 10}');
    }));

  it('also takes back what it had completed where that is the policy', () =>
    onStage(async (stage) => {
      const step = await cancelAfter(stage, 2, { 'on-cancel': 'revert' });
      expect(step.deployments.map(({ state }) => state)).toEqual(['complete', 'unfinished']);
      const said = await stage.post(step.memory.state);
      expect(said).toContain('acme/dev Names: deployment 2 was stopped and rolled back');
      expect(said).toContain('acme/dev Limits: deployment 1 was reverted');
      expect(await stage.served('acme', 'dev', 'Limits')).toBe('');
    }));

  it('takes it back once somebody else’s deployment is over that is in the way', () =>
    onStage(async (stage) => {
      const step = await cancelAfter(stage, 2, { 'on-cancel': 'revert' });
      const [first, second] = stage.aws.calls().filter(({ operation }) => operation === 'StartDeployment');
      const key = (name: string) => String(first?.input[name]);
      const place = { ApplicationId: key('ApplicationId'), EnvironmentId: key('EnvironmentId') };
      await stage.other.send(new StopDeploymentCommand({ ...place, DeploymentNumber: 2 }));
      await stage.other.send(
        new StartDeploymentCommand({
          ...place,
          ConfigurationProfileId: String(second?.input['ConfigurationProfileId']),
          ConfigurationVersion: '1',
          DeploymentStrategyId: 'AppConfig.Linear50PercentEvery30Seconds',
        }),
      );
      const said = await stage.post(step.memory.state);
      expect(said).toContain('acme/dev Limits: deployment 1 was reverted');
      const refused = stage.aws.calls().filter(({ error }) => error === 'ConflictException');
      expect(refused.map(({ operation }) => operation)).toContain('StopDeployment');
    }));

  it('takes nobody else’s deployment for its own', () =>
    onStage(async (stage) => {
      await stage.run({ inputs: FAST });
      const flight = { name: 'acme/dev Limits', number: 1, description: 'another one' };
      const calls = stage.aws.calls().filter(({ operation }) => operation === 'StartDeployment');
      const { ApplicationId: applicationId, EnvironmentId: environmentId } = calls[0]?.input ?? {};
      const said = await stage.post({
        flights: JSON.stringify({ region: 'eu-west-1', policy: 'revert', slots: 1 }),
        'flight-0': JSON.stringify([{ ...flight, applicationId, environmentId }]),
      });
      expect(said).toContain('acme/dev Limits: it did not begin');
      expect(await stage.served('acme', 'dev', 'Limits')).toBe('{"rate": 10}');
    }));

  it('leaves nothing to do after its own end', () =>
    onStage(async (stage) => {
      const step = await stage.run({ inputs: FAST });
      expect(await stage.post(step.memory.state)).toBe('');
    }));

  it('is taken up by the next attempt, which follows what is under way', () =>
    onStage(async (stage) => {
      await cancelAfter(stage, 1, { 'on-cancel': 'leave' });
      const again = await stage.run({ inputs: FAST, variables: { GITHUB_RUN_ATTEMPT: '2' } });
      expect(again.failures).toEqual([]);
      expect(again.writes.filter((name) => name === 'StartDeployment')).toHaveLength(1);
      expect(again.deployments.map(({ deployment }) => deployment)).toEqual([1, 2]);
    }));
});
