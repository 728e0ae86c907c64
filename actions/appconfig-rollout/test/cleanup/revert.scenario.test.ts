import { describe, expect, it } from '@jest/globals';
import { MINUTE, withHarness } from '../harness.js';

const FAST = { strategy: 'AppConfig.AllAtOnce' };

describe('a revert', () => {
  it('reverts the deployments of a run, and no others', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      await harness.write({ 'config/tenants/acme/dev/Names.yaml': 'names: [z]\n' });
      await harness.run({ inputs: FAST, env: { GITHUB_RUN_ID: '101' } });
      const { deployments, failures } = await harness.run({
        inputs: { mode: 'revert', 'run-id': '101' },
        env: { GITHUB_RUN_ID: '102' },
      });
      expect(failures).toEqual([]);
      expect(deployments).toMatchObject([
        {
          tenant: 'acme',
          environment: 'dev',
          profile: 'Names',
          state: 'reverted',
          label: expect.stringMatching(/^dev-/),
        },
      ]);
      expect(await harness.readServed('acme', 'dev', 'Names')).toBe('names: [a]\n');
      expect(await harness.readServed('acme', 'qa', 'Names')).toBe('names: [a]\n');
    }));

  it('reverts the latest run of each environment without a run id', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      const { outputs } = await harness.run({ inputs: { mode: 'revert', tenants: 'globex' } });
      expect(outputs).toMatchObject({ 'rolled-back': '3', failed: '0' });
      expect(await harness.readServed('globex', 'dev', 'Limits')).toBe('');
      expect(await harness.readServed('acme', 'dev', 'Limits')).toBe('{"rate": 10}');
    }));

  it('ignores invalid files', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      await harness.write({ 'config/tenants/globex/dev/Limits.json': '{"rate": ' });
      const { failures, outputs } = await harness.run({ inputs: { mode: 'revert', tenants: 'globex' } });
      expect(failures).toEqual([]);
      expect(outputs).toMatchObject({ 'rolled-back': '3' });
    }));

  it('fails if AppConfig can no longer revert anything', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      const { revertibleUntil } = (await harness.run({ inputs: { ...FAST, mode: 'preview' } })).deployments[0] ?? {};
      expect(revertibleUntil).toBeUndefined();
      await harness.clock.advance(73 * 60 * MINUTE);
      const { failures } = await harness.run({ inputs: { mode: 'revert' } });
      expect(failures[0]).toMatch(/^no deployment of this action can be reverted/);
    }));
});
