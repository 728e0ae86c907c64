import {
  CreateConfigurationProfileCommand,
  CreateHostedConfigurationVersionCommand,
  StartDeploymentCommand,
} from '@aws-sdk/client-appconfig';
import { describe, expect, it } from '@jest/globals';
import { type Harness, MINUTE, withHarness } from '../harness.js';

const FAST = { strategy: 'AppConfig.AllAtOnce' };

/** Starts a deployment of another owner and profile in an environment. */
const deployForeign = async (harness: Harness, tenant: string, environment: string) => {
  const environmentIds = await harness.findEnvironment(tenant, environment);
  const { ApplicationId } = environmentIds;
  const { Id: ConfigurationProfileId } = await harness.foreignClient.send(
    new CreateConfigurationProfileCommand({ ApplicationId, Name: 'Foreign', LocationUri: 'hosted' }),
  );
  const key = { ApplicationId, ConfigurationProfileId };
  const { VersionNumber } = await harness.foreignClient.send(
    new CreateHostedConfigurationVersionCommand({
      ...key,
      Content: Buffer.from('{}'),
      ContentType: 'application/json',
    }),
  );
  const { DeploymentNumber } = await harness.foreignClient.send(
    new StartDeploymentCommand({
      ...environmentIds,
      ConfigurationProfileId,
      ConfigurationVersion: String(VersionNumber),
      DeploymentStrategyId: 'AppConfig.AllAtOnce',
    }),
  );
  const deployment = { ConfigurationProfileId, ConfigurationVersion: String(VersionNumber) };
  return { ...environmentIds, ...deployment, DeploymentStrategyId: 'AppConfig.AllAtOnce', DeploymentNumber };
};

describe('a rollout to an environment with a running deployment', () => {
  const changed = { 'config/tenants/globex/dev/Limits.json': '{"rate": 30}' };

  it('waits for its end by default', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      await deployForeign(harness, 'globex', 'dev');
      await harness.write(changed);
      const { failures, log } = await harness.run({ inputs: FAST });
      expect(failures).toEqual([]);
      expect(log).toContain("deployment 2 of 'Foreign' is in progress (BAKING), waiting until it finishes");
      expect(await harness.readServed('globex', 'dev', 'Limits')).toBe('{"rate": 30}');
    }));

  it('stops it with on-conflict: stop', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      await deployForeign(harness, 'globex', 'dev');
      await harness.write(changed);
      const { failures, writes } = await harness.run({ inputs: { ...FAST, 'on-conflict': 'stop' } });
      expect(failures).toEqual([]);
      expect(writes).toContain('StopDeployment');
    }));

  it('waits for a running deployment of stale content', () =>
    withHarness(async (harness) => {
      const oneEnvironment = { ...FAST, tenants: 'globex', environments: 'dev' };
      await harness.run({ inputs: oneEnvironment });
      // Another run starts a deployment and leaves it running; then its commit is reverted.
      await harness.write(changed);
      await harness.run({ inputs: { ...oneEnvironment, 'wait-for': 'started' }, env: { GITHUB_RUN_ID: '101' } });
      await harness.write({ 'config/tenants/globex/dev/Limits.json': '{"rate": 20}' });
      const seen = await harness.run({ inputs: { ...oneEnvironment, mode: 'preview' } });
      expect(seen.deployments).toMatchObject([
        { state: 'planned', reason: 'deployment 2 of the profile is in progress (BAKING)' },
      ]);
      const { failures } = await harness.run({ inputs: oneEnvironment, env: { GITHUB_RUN_ID: '102' } });
      expect(failures).toEqual([]);
      await harness.clock.advance(60 * MINUTE);
      expect(await harness.readServed('globex', 'dev', 'Limits')).toBe('{"rate": 20}');
    }));

  it('waits for a running deployment of the same content and starts none', () =>
    withHarness(async (harness) => {
      const oneEnvironment = { ...FAST, tenants: 'globex', environments: 'dev' };
      await harness.run({ inputs: { ...oneEnvironment, 'wait-for': 'started' }, env: { GITHUB_RUN_ID: '101' } });
      const { failures, writes, deployments } = await harness.run({
        inputs: oneEnvironment,
        env: { GITHUB_RUN_ID: '102' },
      });
      expect(failures).toEqual([]);
      expect(writes).toEqual([]);
      expect(deployments).toMatchObject([
        { state: 'unchanged', reason: 'another run or user deployed the same content' },
      ]);
    }));

  it('waits for a deployment that starts between the check and StartDeployment', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      await harness.write(changed);
      const undo = harness.onBeforeCall(/^POST .*\/deployments$/, async () => {
        undo();
        await deployForeign(harness, 'globex', 'dev');
      });
      const { failures, log, deployments } = await harness.run({ inputs: FAST });
      expect(failures).toEqual([]);
      expect(log).toContain("deployment 2 of 'Foreign' is in progress (BAKING), waiting until it finishes");
      expect(deployments.find(({ state }) => state === 'complete')).toMatchObject({ deployment: 3 });
    }));

  it('bounds the wait for consecutive deployments by conflict-timeout', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      const { DeploymentNumber: _, ...rest } = await deployForeign(harness, 'globex', 'dev');
      await harness.write(changed);
      // After the end of each deployment the next one starts before the environment is read.
      harness.onBeforeCall(/^GET .*\/deployments$/, () =>
        harness.foreignClient.send(new StartDeploymentCommand(rest)).catch(() => undefined),
      );
      const startedAt = harness.clock.now();
      const { failures } = await harness.run({ inputs: { ...FAST, 'conflict-timeout': '25m' } });
      expect(failures[0]).toMatch(/^globex\/dev Limits: timed out after /);
      expect(harness.clock.now() - startedAt).toBeLessThan(27 * MINUTE);
    }));

  it('fails with on-conflict: fail', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      await deployForeign(harness, 'globex', 'dev');
      await harness.write(changed);
      const { failures, outputs } = await harness.run({ inputs: { ...FAST, 'on-conflict': 'fail' } });
      expect(failures[0]).toMatch(/^globex\/dev Limits: deployment 2 of 'Foreign' is in progress/);
      expect(outputs['failed']).toBe('1');
    }));
});
