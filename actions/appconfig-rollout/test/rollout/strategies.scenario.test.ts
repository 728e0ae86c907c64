import { describe, expect, it } from '@jest/globals';
import { MINUTE, withHarness } from '../harness.js';

const FAST = { strategy: 'AppConfig.AllAtOnce' };

describe('strategies', () => {
  it('apply per environment, and appconfig.yml overrides the input', () =>
    withHarness(async (harness) => {
      await harness.write({ 'config/appconfig.yml': 'environments:\n  qa:\n    strategy: AppConfig.AllAtOnce\n' });
      const strategy = 'dev=AppConfig.Linear50PercentEvery30Seconds\n*=AppConfig.Canary10Percent20Minutes';
      const { calls, failures } = await harness.run({
        inputs: { strategy, tenants: 'globex', environments: 'dev, qa, prod' },
      });
      expect(failures).toEqual([]);
      const used = calls.flatMap(({ operation, input }) =>
        operation === 'StartDeployment' ? [input['DeploymentStrategyId']] : [],
      );
      expect(used.sort()).toEqual([
        'AppConfig.AllAtOnce',
        'AppConfig.AllAtOnce',
        'AppConfig.Canary10Percent20Minutes',
        'AppConfig.Linear50PercentEvery30Seconds',
      ]);
    }));

  it('set the default timeout: their duration and a margin', () =>
    withHarness(
      async (harness) => {
        const startedAt = harness.clock.now();
        const { deployments } = await harness.run({ inputs: { ...FAST, tenants: 'globex', environments: 'dev' } });
        expect(deployments).toMatchObject([{ state: 'unfinished' }]);
        expect(harness.clock.now() - startedAt).toBeGreaterThanOrEqual(15 * MINUTE);
        expect(harness.clock.now() - startedAt).toBeLessThan(17 * MINUTE);
      },
      { faults: [{ fault: 'stale', operation: 'GetDeployment', by: '9m', calls: '20-' }] },
    ));
});
