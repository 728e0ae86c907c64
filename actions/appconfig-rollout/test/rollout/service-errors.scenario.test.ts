import { CreateHostedConfigurationVersionCommand } from '@aws-sdk/client-appconfig';
import { describe, expect, it } from '@jest/globals';
import { withHarness } from '../harness.js';

const FAST = { strategy: 'AppConfig.AllAtOnce' };

describe('a lost response', () => {
  it.each([
    'CreateApplication',
    'CreateEnvironment',
    'CreateConfigurationProfile',
    'CreateHostedConfigurationVersion',
    'StartDeployment',
  ])('of %s creates nothing twice', (operation) =>
    withHarness(
      async (harness) => {
        const { failures, outputs } = await harness.run({ inputs: FAST });
        expect(failures).toEqual([]);
        expect(outputs).toMatchObject({ changed: '7', failed: '0' });
        const again = await harness.run({ inputs: FAST });
        expect(again.writes).toEqual([]);
        expect(again.failures).toEqual([]);
      },
      { faults: [{ fault: 'lost-reply', operation, calls: '1-2' }] },
    ),
  );
});

describe('service limits', () => {
  it('throttle calls, which are retried until they succeed', () =>
    withHarness(
      async (harness) => {
        const { failures, outputs, calls } = await harness.run({ inputs: FAST });
        expect(failures).toEqual([]);
        expect(outputs).toMatchObject({ changed: '7', failed: '0' });
        expect(calls.some(({ verdict }) => verdict === 'disturbed')).toBe(true);
      },
      { faults: [{ fault: 'throttle', service: 'appconfig', above: 3 }] },
    ));

  it('fail the tenant that exceeds a quota while started deployments complete', () =>
    withHarness(
      async (harness) => {
        const { failures, deployments } = await harness.run({ inputs: { ...FAST, 'on-failure': 'stop-tenant' } });
        expect(failures[0]).toMatch(/ServiceQuotaExceededException.*applications exceeds the limit of 1/);
        const states = new Set(deployments.map(({ tenant, state }) => `${tenant} ${state}`));
        expect([...states].filter((each) => each.endsWith(' complete'))).toHaveLength(1);
        expect([...states].some((each) => each.endsWith(' unfinished'))).toBe(false);
      },
      { appconfig: { limits: { applications: 1 } } },
    ));
});

describe('a version', () => {
  it('created concurrently breaks the lock, and the run creates the next one', () =>
    withHarness(async (harness) => {
      const inputs = { ...FAST, tenants: 'globex', environments: 'dev' };
      await harness.run({ inputs });
      await harness.write({ 'config/tenants/globex/dev/Limits.json': '{"rate": 21}' });
      const undo = harness.onBeforeCall(/^POST .*\/hostedconfigurationversions$/, async () => {
        undo();
        const made = harness.aws.calls().find(({ operation }) => operation === 'CreateHostedConfigurationVersion');
        const { ApplicationId, ConfigurationProfileId } = made?.input ?? {};
        const key = { ApplicationId: String(ApplicationId), ConfigurationProfileId: String(ConfigurationProfileId) };
        const content = { Content: Buffer.from('{"rate": 99}'), ContentType: 'application/json' };
        await harness.foreignClient.send(new CreateHostedConfigurationVersionCommand({ ...key, ...content }));
      });
      const { failures, deployments, calls } = await harness.run({ inputs });
      expect(failures).toEqual([]);
      expect(calls.map(({ error }) => error)).toContain('ConflictException');
      expect(deployments).toMatchObject([{ state: 'complete', version: '3' }]);
      expect(await harness.readServed('globex', 'dev', 'Limits')).toBe('{"rate": 21}');
    }));
});

describe('stale lists', () => {
  it('break locks, and the run retries until they are consistent', () =>
    withHarness(async (harness) => {
      const inputs = { ...FAST, tenants: 'globex', environments: 'dev', 'wait-for': 'started' };
      await harness.run({ inputs });
      await harness.clock.advance(60_000);
      // Another run has created a version and reverted its deployment.
      await harness.write({ 'config/tenants/globex/dev/Limits.json': '{"rate": 21}' });
      await harness.clock.advance(20 * 60_000);
      await harness.run({ inputs, env: { GITHUB_RUN_ID: '101' } });
      await harness.run({ inputs: { mode: 'revert', tenants: 'globex', environments: 'dev' } });
      await harness.write({ 'config/tenants/globex/dev/Limits.json': '{"rate": 22}' });
      harness.aws.setFaults([{ fault: 'stale', operation: 'List*', by: '5s' }]);
      const { failures, deployments, calls } = await harness.run({ inputs, env: { GITHUB_RUN_ID: '102' } });
      expect(failures).toEqual([]);
      expect(calls.filter(({ error }) => error === 'ConflictException').map(({ operation }) => operation)).toContain(
        'CreateHostedConfigurationVersion',
      );
      expect(deployments).toMatchObject([{ state: 'deployed', version: '3', deployment: 3 }]);
    }));
});
