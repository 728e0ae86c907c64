import { describe, expect, it } from '@jest/globals';
import { MINUTE, withHarness } from '../harness.js';

/** `count` tenants with two environments and three profiles each: one file of their own, two of the template. */
const createTree = (count: number): Readonly<Record<string, string>> => ({
  'config/template/AllowList.yaml': 'users: [a]\n',
  'config/template/Limits.json': '{"rate": 10}',
  'config/template/Banner.txt': 'Welcome\n',
  ...Object.fromEntries(
    Array.from({ length: count }, (_, index) => `config/tenants/tenant-${index}`).flatMap((tenant, index) =>
      ['dev', 'qa'].map((environment) => [`${tenant}/${environment}/Limits.json`, `{"rate": ${index + 1}}`]),
    ),
  ),
});

const LIMITS = { limits: { applications: 5000 } };

describe('a hundred tenants with two environments and three profiles', () => {
  it(
    'roll out within 1.15 of the duration of the longest environment',
    () =>
      withHarness(
        async (harness) => {
          const startedAt = harness.clock.now();
          const { failures, outputs } = await harness.run({
            inputs: { strategy: '{ duration: 1m, growth: 50 }', concurrency: '200' },
          });
          expect(failures).toEqual([]);
          expect(outputs).toMatchObject({ changed: '600', failed: '0' });
          expect(harness.clock.now() - startedAt).toBeLessThanOrEqual(3 * MINUTE * 1.15);
        },
        { appconfig: LIMITS },
        createTree(100),
      ),
    300_000,
  );
});
