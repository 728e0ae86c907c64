import { StopDeploymentCommand } from '@aws-sdk/client-appconfig';
import { describe, expect, it } from '@jest/globals';
import { MINUTE, withHarness } from '../harness.js';

const FAST = { strategy: 'AppConfig.AllAtOnce' };

describe('a rollout', () => {
  it('creates missing resources and deploys the content of each environment', () =>
    withHarness(async (harness) => {
      const step = await harness.run({ inputs: FAST });
      expect(step.failures).toEqual([]);
      expect(step.outputs).toMatchObject({ changed: '7', skipped: '0', failed: '0', 'rolled-back': '0' });
      expect(await harness.readServed('acme', 'dev', 'Limits')).toBe('{"rate": 10}');
      expect(await harness.readServed('globex', 'dev', 'Limits')).toBe('{"rate": 20}');
      expect(await harness.readServed('globex', 'qa', 'Names')).toBe('names: [g]\n');
      expect(step.log).toContain("Created application 'acme'");
      expect(step.log).toMatch(/acme\/dev Limits: BAKING \(deployment \d, version dev-[0-9a-f]{24}-0123456789ab\)/);
      expect(step.summary).toContain('✅ AppConfig rollout: 7 changed, 0 unchanged');
      expect(step.summary).toContain('| **acme** |');
      expect(step.summary).toContain('```mermaid');
    }));

  it('writes nothing when all content is deployed', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      const again = await harness.run({ inputs: FAST, env: { GITHUB_RUN_ID: '101', GITHUB_SHA: 'f'.repeat(40) } });
      expect(again.writes).toEqual([]);
      expect(again.outputs).toMatchObject({ changed: '0', skipped: '7' });
      expect(again.calls.map(({ operation }) => operation)).not.toContain('GetHostedConfigurationVersion');
      expect(again.log).toContain('acme/dev Limits: unchanged');
    }));

  it('deploys changed values and ignores changed formatting', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      await harness.write({
        'config/tenants/acme/dev/Names.yaml': '# who\nnames:\n  - a\n',
        'config/tenants/acme/qa/Names.yaml': 'names: [a, b]\n',
      });
      const { deployments } = await harness.run({ inputs: FAST });
      const states = deployments.filter(({ tenant, profile }) => tenant === 'acme' && profile === 'Names');
      expect(states.map(({ environment, state }) => [environment, state])).toEqual([
        ['dev', 'unchanged'],
        ['qa', 'complete'],
      ]);
    }));

  it('deploys equal values again when their content type changes', () =>
    withHarness(async (harness) => {
      const inputs = { ...FAST, tenants: 'acme', environments: 'dev', profiles: 'Names' };
      expect((await harness.run({ inputs })).failures).toEqual([]);
      await harness.remove('config/tenants/acme/dev/Names.yaml');
      await harness.remove('config/tenants/acme/qa');
      await harness.remove('config/tenants/globex');
      await harness.write({ 'config/tenants/acme/dev/Names.json': '{"names": ["a"]}' });
      const { failures, deployments } = await harness.run({ inputs, env: { GITHUB_RUN_ID: '101' } });
      expect(failures).toEqual([]);
      expect(deployments).toMatchObject([{ state: 'complete', deployment: 2 }]);
      expect(await harness.readServed('acme', 'dev', 'Names')).toBe('{"names": ["a"]}');
    }));

  it('creates a version per environment for equal content', () =>
    withHarness(async (harness) => {
      const { deployments } = await harness.run({ inputs: FAST });
      const labels = deployments
        .filter(({ tenant, profile }) => tenant === 'acme' && profile === 'Names')
        .map(({ label }) => label);
      expect(labels.map((label) => label?.split('-')[0])).toEqual(['dev', 'qa']);
      const versions = harness.aws.calls().filter(({ operation }) => operation === 'CreateHostedConfigurationVersion');
      expect(versions).toHaveLength(7);
    }));

  it('deploys reverted content again, with the existing version', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      const environmentIds = await harness.findEnvironment('globex', 'dev');
      await harness.foreignClient.send(
        new StopDeploymentCommand({ ...environmentIds, DeploymentNumber: 1, AllowRevert: true }),
      );
      const { deployments, writes } = await harness.run({ inputs: FAST });
      expect(deployments.filter(({ state }) => state === 'complete')).toEqual([
        expect.objectContaining({ tenant: 'globex', environment: 'dev', deployment: 2 }),
      ]);
      // The version exists.
      expect(writes).toEqual(['StartDeployment']);
    }));

  it('runs deployments of one environment in sequence and environments in parallel', () =>
    withHarness(async (harness) => {
      const startedAt = harness.clock.now();
      const { log } = await harness.run({ inputs: { strategy: 'Linear50PercentEvery30Seconds' } });
      expect(log).toMatch(/dev +qa\nacme +0\/2 \d+% +0\/2 \d+%\nglobex +0\/1 \d+% +0\/2 \d+%\n/);
      // Two minutes each, at most two per environment.
      expect(harness.clock.now() - startedAt).toBeLessThan(2 * 2 * MINUTE * 1.15);
      expect(harness.aws.calls().filter(({ error }) => error === 'ConflictException')).toEqual([]);
    }));

  it('rolls out waves in order, and rings of tenants within a wave', () =>
    withHarness(async (harness) => {
      const { calls, failures } = await harness.run({
        inputs: { ...FAST, waves: 'dev\nqa', rings: 'globex\n*', pause: '1m' },
      });
      expect(failures).toEqual([]);
      const ids = new Map([
        [(await harness.findEnvironment('acme', 'dev')).EnvironmentId, 'acme/dev'],
        [(await harness.findEnvironment('acme', 'qa')).EnvironmentId, 'acme/qa'],
        [(await harness.findEnvironment('globex', 'dev')).EnvironmentId, 'globex/dev'],
        [(await harness.findEnvironment('globex', 'qa')).EnvironmentId, 'globex/qa'],
      ]);
      const startedAt = calls
        .filter(({ operation }) => operation === 'StartDeployment')
        .map(({ input }) => ids.get(String(input['EnvironmentId'])));
      expect([...new Set(startedAt)]).toEqual(['globex/dev', 'acme/dev', 'globex/qa', 'acme/qa']);
    }));

  it('rejects an environment that is in no wave', () =>
    withHarness(async (harness) => {
      const { failures, writes } = await harness.run({ inputs: { ...FAST, waves: 'dev' } });
      expect(failures).toEqual([
        "input 'waves': 'qa' does not match any line: add it, or add a last line '*' for all others",
      ]);
      expect(writes).toEqual([]);
    }));

  it('leaves the last deployment of an environment baking with wait-for: deployed', () =>
    withHarness(async (harness) => {
      const { deployments } = await harness.run({ inputs: { ...FAST, 'wait-for': 'deployed' } });
      const acme = deployments.filter(({ tenant, environment }) => tenant === 'acme' && environment === 'dev');
      expect(acme.map(({ state }) => state).sort()).toEqual(['complete', 'deployed']);
    }));

  it('creates an inline strategy once', () =>
    withHarness(async (harness) => {
      const inputs = { strategy: '{ name: quick, duration: 2m, bake: 1m, growth: 50% }' };
      await harness.run({ inputs });
      const again = await harness.run({ inputs });
      const made = harness.aws.calls().filter(({ operation }) => operation === 'CreateDeploymentStrategy');
      expect(made).toHaveLength(1);
      expect(made[0]?.input).toMatchObject({ Name: 'quick', DeploymentDurationInMinutes: 2, GrowthFactor: 50 });
      expect(again.failures).toEqual([]);
    }));
});
