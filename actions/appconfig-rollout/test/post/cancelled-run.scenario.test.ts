import { StartDeploymentCommand, StopDeploymentCommand } from '@aws-sdk/client-appconfig';
import { describe, expect, it } from '@jest/globals';
import { type Harness, withHarness } from '../harness.js';

const FAST = { strategy: 'AppConfig.AllAtOnce', tenants: 'acme', environments: 'dev' };

const isStarted = (harness: Harness, count: number): boolean =>
  harness.aws.calls().filter(({ operation }) => operation === 'StartDeployment').length >= count;

/** Cancels a run one minute after it has started the given number of deployments. */
const cancelAfter = async (harness: Harness, count: number, inputs: Readonly<Record<string, string>>) => {
  const controller = new AbortController();
  const running = harness.run({ inputs: { ...FAST, ...inputs }, signal: controller.signal });
  while (!isStarted(harness, count)) await new Promise(setImmediate);
  await harness.clock.sleep(60_000);
  controller.abort(new Error('cancelled by the test'));
  return running;
};

describe('the post step of a cancelled run', () => {
  it('stops the running deployment and reports it', () =>
    withHarness(async (harness) => {
      const step = await cancelAfter(harness, 1, {});
      expect(step.failures[0]).toContain('cancelled');
      expect(step.deployments.map(({ state }) => state)).toEqual(['unfinished', 'not-started']);
      expect(await harness.post(step.recorded.state)).toContain(
        'acme/dev Limits: deployment 1 was stopped and rolled back',
      );
      expect(await harness.readServed('acme', 'dev', 'Limits')).toBe('');
    }));

  it('leaves it with on-cancel: leave', () =>
    withHarness(async (harness) => {
      const step = await cancelAfter(harness, 1, { 'on-cancel': 'leave' });
      expect(await harness.post(step.recorded.state)).toContain('deployment 1 was not changed (BAKING)');
      expect(await harness.readServed('acme', 'dev', 'Limits')).toBe('{"rate": 10}');
    }));

  it('also reverts completed deployments with on-cancel: revert', () =>
    withHarness(async (harness) => {
      const step = await cancelAfter(harness, 2, { 'on-cancel': 'revert' });
      expect(step.deployments.map(({ state }) => state)).toEqual(['complete', 'unfinished']);
      const postLog = await harness.post(step.recorded.state);
      expect(postLog).toContain('acme/dev Names: deployment 2 was stopped and rolled back');
      expect(postLog).toContain('acme/dev Limits: deployment 1 was reverted');
      expect(await harness.readServed('acme', 'dev', 'Limits')).toBe('');
    }));

  it('reverts once a conflicting deployment of another owner has ended', () =>
    withHarness(async (harness) => {
      const step = await cancelAfter(harness, 2, { 'on-cancel': 'revert' });
      const [first, second] = harness.aws.calls().filter(({ operation }) => operation === 'StartDeployment');
      const getId = (name: string) => String(first?.input[name]);
      const environmentRef = { ApplicationId: getId('ApplicationId'), EnvironmentId: getId('EnvironmentId') };
      await harness.foreignClient.send(new StopDeploymentCommand({ ...environmentRef, DeploymentNumber: 2 }));
      await harness.foreignClient.send(
        new StartDeploymentCommand({
          ...environmentRef,
          ConfigurationProfileId: String(second?.input['ConfigurationProfileId']),
          ConfigurationVersion: '1',
          DeploymentStrategyId: 'AppConfig.Linear50PercentEvery30Seconds',
        }),
      );
      const postLog = await harness.post(step.recorded.state);
      expect(postLog).toContain('acme/dev Limits: deployment 1 was reverted');
      const conflicts = harness.aws.calls().filter(({ error }) => error === 'ConflictException');
      expect(conflicts.map(({ operation }) => operation)).toContain('StopDeployment');
    }));

  it('ignores a deployment of another run with the expected number', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      const pendingDeployment = { name: 'acme/dev Limits', number: 1, description: 'another one' };
      const calls = harness.aws.calls().filter(({ operation }) => operation === 'StartDeployment');
      const { ApplicationId: applicationId, EnvironmentId: environmentId } = calls[0]?.input ?? {};
      const postLog = await harness.post({
        'pending-deployments': JSON.stringify({ region: 'eu-west-1', policy: 'revert', entryCount: 1 }),
        'pending-deployments-0': JSON.stringify([{ ...pendingDeployment, applicationId, environmentId }]),
      });
      expect(postLog).toContain('acme/dev Limits: deployment 1 was not started');
      expect(await harness.readServed('acme', 'dev', 'Limits')).toBe('{"rate": 10}');
    }));

  it('does nothing after a run that ended by itself', () =>
    withHarness(async (harness) => {
      const step = await harness.run({ inputs: FAST });
      expect(await harness.post(step.recorded.state)).toBe('');
    }));

  it('leaves a running deployment to the next attempt, which follows it', () =>
    withHarness(async (harness) => {
      await cancelAfter(harness, 1, { 'on-cancel': 'leave' });
      const again = await harness.run({ inputs: FAST, env: { GITHUB_RUN_ATTEMPT: '2' } });
      expect(again.failures).toEqual([]);
      expect(again.writes.filter((name) => name === 'StartDeployment')).toHaveLength(1);
      expect(again.deployments.map(({ deployment }) => deployment)).toEqual([1, 2]);
    }));
});
