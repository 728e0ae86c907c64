import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { MINUTE, onStage, type Stage } from './helpers/stage.js';

const EXAMPLE = fileURLToPath(new URL('../../../examples/appconfig', import.meta.url));

const PLACES = ['acme', 'globex'].flatMap((tenant) =>
  ['dev', 'qa'].map((environment) => [tenant, environment] as const),
);

const served = async (stage: Stage, tenant: string, environment: string) => {
  const read = (profile: string) => stage.served(tenant, environment, profile);
  return {
    users: parse(await read('AllowList')).users.length,
    rate: JSON.parse(await read('ThrottlingLimits')).requestsPerSecond,
    checkout: JSON.parse(await read('FeatureFlags')).values.checkout._variants?.length ?? 0,
  };
};

describe('the reference tree', () => {
  it('is twelve deployments, each environment ends with its own content, and the second run writes nothing', () =>
    onStage(
      async (stage) => {
        await cp(EXAMPLE, join(stage.folder, 'config'), { recursive: true });
        const started = stage.clock.now();
        const first = await stage.run({ inputs: { strategy: 'Linear50PercentEvery30Seconds' } });
        expect(first.failures).toEqual([]);
        expect(first.outputs).toMatchObject({ changed: '12', skipped: '0', failed: '0' });
        // Three deployments of two minutes, four environments beside each other.
        expect(stage.clock.now() - started).toBeLessThanOrEqual(3 * 2 * MINUTE * 1.15);
        const contents = await Promise.all(PLACES.map(([tenant, environment]) => served(stage, tenant, environment)));
        expect(contents).toEqual([
          { users: 2, rate: 50, checkout: 0 },
          { users: 1, rate: 20, checkout: 0 },
          { users: 1, rate: 50, checkout: 2 },
          { users: 2, rate: 50, checkout: 0 },
        ]);
        const second = await stage.run({ inputs: { strategy: 'Linear50PercentEvery30Seconds' } });
        expect(second.failures).toEqual([]);
        expect(second.outputs).toMatchObject({ changed: '0', skipped: '12' });
        expect(second.writes).toEqual([]);
      },
      {},
      {},
    ));

  it('needs a bounded number of calls for each deployment', () =>
    onStage(
      async (stage) => {
        await cp(EXAMPLE, join(stage.folder, 'config'), { recursive: true });
        const { calls } = await stage.run({ inputs: { strategy: 'Linear50PercentEvery30Seconds' } });
        const count = (...names: readonly string[]) =>
          calls.filter(({ operation }) => names.includes(operation)).length;
        expect(count('StartDeployment', 'CreateHostedConfigurationVersion')).toBe(2 * 12);
        expect(count('ListHostedConfigurationVersions')).toBe(12);
        expect(count('ListDeployments')).toBe(12);
        // Two minutes are looked at about every ten seconds, and sooner after each new state.
        expect(count('GetDeployment')).toBeLessThanOrEqual(12 * 28);
      },
      {},
      {},
    ));
});
