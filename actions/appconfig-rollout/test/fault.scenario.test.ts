import { CreateHostedConfigurationVersionCommand } from '@aws-sdk/client-appconfig';
import { describe, expect, it } from '@jest/globals';
import { onStage } from './helpers/stage.js';

const FAST = { strategy: 'AppConfig.AllAtOnce' };

describe('an answer that is lost', () => {
  it.each([
    'CreateApplication',
    'CreateEnvironment',
    'CreateConfigurationProfile',
    'CreateHostedConfigurationVersion',
    'StartDeployment',
  ])('of %s makes nothing twice', (operation) =>
    onStage(
      async (stage) => {
        const { failures, outputs } = await stage.run({ inputs: FAST });
        expect(failures).toEqual([]);
        expect(outputs).toMatchObject({ changed: '7', failed: '0' });
        const again = await stage.run({ inputs: FAST });
        expect(again.writes).toEqual([]);
        expect(again.failures).toEqual([]);
      },
      { faults: [{ fault: 'lost-reply', operation, calls: '1-2' }] },
    ),
  );
});

describe('limits of the service', () => {
  it('are kept to with patience: nothing fails by throttling', () =>
    onStage(
      async (stage) => {
        const { failures, outputs, calls } = await stage.run({ inputs: FAST });
        expect(failures).toEqual([]);
        expect(outputs).toMatchObject({ changed: '7', failed: '0' });
        expect(calls.some(({ verdict }) => verdict === 'disturbed')).toBe(true);
      },
      { faults: [{ fault: 'throttle', service: 'appconfig', above: 3 }] },
    ));

  it('of an account are told, and what was begun comes to its end', () =>
    onStage(
      async (stage) => {
        const { failures, deployments } = await stage.run({ inputs: { ...FAST, 'on-failure': 'stop-tenant' } });
        expect(failures[0]).toMatch(/ServiceQuotaExceededException.*applications exceeds the limit of 1/);
        const states = new Set(deployments.map(({ tenant, state }) => `${tenant} ${state}`));
        expect([...states].filter((each) => each.endsWith(' complete'))).toHaveLength(1);
        expect([...states].some((each) => each.endsWith(' unfinished'))).toBe(false);
      },
      { appconfig: { limits: { applications: 1 } } },
    ));
});

describe('a version', () => {
  it('that somebody makes at the same moment breaks the lock, and is not overtaken', () =>
    onStage(async (stage) => {
      const inputs = { ...FAST, tenants: 'globex', environments: 'dev' };
      await stage.run({ inputs });
      await stage.write({ 'config/tenants/globex/dev/Limits.json': '{"rate": 21}' });
      const undo = stage.meanwhile(/^POST .*\/hostedconfigurationversions$/, async () => {
        undo();
        const made = stage.aws.calls().find(({ operation }) => operation === 'CreateHostedConfigurationVersion');
        const { ApplicationId, ConfigurationProfileId } = made?.input ?? {};
        const key = { ApplicationId: String(ApplicationId), ConfigurationProfileId: String(ConfigurationProfileId) };
        const content = { Content: Buffer.from('{"rate": 99}'), ContentType: 'application/json' };
        await stage.other.send(new CreateHostedConfigurationVersionCommand({ ...key, ...content }));
      });
      const { failures, deployments, calls } = await stage.run({ inputs });
      expect(failures).toEqual([]);
      expect(calls.map(({ error }) => error)).toContain('ConflictException');
      expect(deployments).toMatchObject([{ state: 'complete', version: '3' }]);
      expect(await stage.served('globex', 'dev', 'Limits')).toBe('{"rate": 21}');
    }));
});

describe('lists that are behind', () => {
  it('break locks, and are waited for', () =>
    onStage(async (stage) => {
      const inputs = { ...FAST, tenants: 'globex', environments: 'dev', 'wait-for': 'started' };
      await stage.run({ inputs });
      await stage.clock.advance(60_000);
      // Another run has just made a version, and has taken its deployment back.
      await stage.write({ 'config/tenants/globex/dev/Limits.json': '{"rate": 21}' });
      await stage.clock.advance(20 * 60_000);
      await stage.run({ inputs, variables: { GITHUB_RUN_ID: '101' } });
      await stage.run({ inputs: { mode: 'revert', tenants: 'globex', environments: 'dev' } });
      await stage.write({ 'config/tenants/globex/dev/Limits.json': '{"rate": 22}' });
      stage.aws.setFaults([{ fault: 'stale', operation: 'List*', by: '5s' }]);
      const { failures, deployments, calls } = await stage.run({ inputs, variables: { GITHUB_RUN_ID: '102' } });
      expect(failures).toEqual([]);
      expect(calls.filter(({ error }) => error === 'ConflictException').map(({ operation }) => operation)).toContain(
        'CreateHostedConfigurationVersion',
      );
      expect(deployments).toMatchObject([{ state: 'deployed', version: '3', deployment: 3 }]);
    }));
});
