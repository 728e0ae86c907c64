import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { groupBy } from '@aws-delivery/action-kit/util/group-by';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { type Harness, MINUTE, type RunResult, withHarness } from './harness.js';

const EXAMPLE_DIRECTORY = fileURLToPath(new URL('../../../examples/appconfig', import.meta.url));

const ENVIRONMENTS = ['acme', 'globex'].flatMap((tenant) =>
  ['dev', 'qa'].map((environment) => [tenant, environment] as const),
);

const readServed = async (harness: Harness, tenant: string, environment: string) => {
  const read = (profile: string) => harness.readServed(tenant, environment, profile);
  return {
    users: parse(await read('AllowList')).users.length,
    rate: JSON.parse(await read('ThrottlingLimits')).requestsPerSecond,
    checkout: JSON.parse(await read('FeatureFlags')).values.checkout._variants?.length ?? 0,
  };
};

type Calls = RunResult['calls'];

const countByOperation = (calls: Calls): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...groupBy(calls, ({ operation }) => operation)].map(([name, operationCalls]) => [name, operationCalls.length]),
  );

/** Number of GetDeployment calls by deployment. */
const countReads = (calls: Calls): readonly number[] => {
  const reads = calls.filter(({ operation }) => operation === 'GetDeployment');
  const getDeploymentKey = ({ input }: Calls[number]) => `${input['EnvironmentId']} ${input['DeploymentNumber']}`;
  return [...groupBy(reads, getDeploymentKey).values()].map(({ length }) => length);
};

describe('the reference tree', () => {
  it('takes twelve deployments, and the second run writes nothing', () =>
    withHarness(
      async (harness) => {
        await cp(EXAMPLE_DIRECTORY, join(harness.directory, 'config'), { recursive: true });
        const started = harness.clock.now();
        const first = await harness.run({ inputs: { strategy: 'Linear50PercentEvery30Seconds' } });
        expect(first.failures).toEqual([]);
        expect(first.outputs).toMatchObject({ changed: '12', skipped: '0', failed: '0' });
        // Three deployments of two minutes; four environments in parallel.
        expect(harness.clock.now() - started).toBeLessThanOrEqual(3 * 2 * MINUTE * 1.15);
        const contents = await Promise.all(
          ENVIRONMENTS.map(([tenant, environment]) => readServed(harness, tenant, environment)),
        );
        expect(contents).toEqual([
          { users: 2, rate: 50, checkout: 0 },
          { users: 1, rate: 20, checkout: 0 },
          { users: 1, rate: 50, checkout: 2 },
          { users: 2, rate: 50, checkout: 0 },
        ]);
        const second = await harness.run({ inputs: { strategy: 'Linear50PercentEvery30Seconds' } });
        expect(second.failures).toEqual([]);
        expect(second.outputs).toMatchObject({ changed: '0', skipped: '12' });
        expect(second.writes).toEqual([]);
      },
      {},
      {},
    ));

  it('needs the number of calls that the README states', () =>
    withHarness(
      async (harness) => {
        await cp(EXAMPLE_DIRECTORY, join(harness.directory, 'config'), { recursive: true });
        const { calls } = await harness.run({ inputs: { strategy: 'Linear50PercentEvery30Seconds' } });
        expect(countByOperation(calls)).toEqual({
          ...{ ListApplications: 1, ListDeploymentStrategies: 1 },
          ...{ CreateApplication: 2, CreateEnvironment: 4, CreateConfigurationProfile: 6 },
          ...{ ListDeployments: 12, ListHostedConfigurationVersions: 12 },
          ...{ CreateHostedConfigurationVersion: 12, StartDeployment: 12 },
          GetDeployment: expect.any(Number),
        });
        // A deployment of two minutes is polled every ten seconds, and more often after each new state.
        for (const reads of countReads(calls)) expect(reads).toBeLessThanOrEqual(28);
        const again = await harness.run({ inputs: { strategy: 'Linear50PercentEvery30Seconds' } });
        expect(countByOperation(again.calls)).toEqual({
          ...{ ListApplications: 1, ListDeploymentStrategies: 1 },
          ...{ ListEnvironments: 2, ListConfigurationProfiles: 2, ListDeployments: 4 },
          ListHostedConfigurationVersions: 12,
        });
      },
      {},
      {},
    ));

  it.each([
    ['AppConfig.AllAtOnce', 10],
    ['AppConfig.Canary10Percent20Minutes', 30],
    ['AppConfig.Linear20PercentEvery6Minutes', 60],
    ['{ duration: 2h, growth: 10, bake: 1h }', 180],
  ])('is polled at most twice a minute in the long run: %s', (strategy, minutes) =>
    withHarness(async (harness) => {
      const inputs = { strategy, tenants: 'globex', environments: 'dev' };
      const { calls, failures } = await harness.run({ inputs });
      expect(failures).toEqual([]);
      // Jitter shortens pauses by up to a quarter.
      for (const reads of countReads(calls)) expect(reads).toBeLessThanOrEqual(28 + (2 * minutes) / 0.75);
    }),
  );
});
