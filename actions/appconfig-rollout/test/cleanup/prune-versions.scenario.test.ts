import { describe, expect, it } from '@jest/globals';
import { MINUTE, withHarness } from '../harness.js';

const FAST = { strategy: 'AppConfig.AllAtOnce' };

describe('pruning', () => {
  it('keeps the latest versions, deployed ones, and those that a revert may need', () =>
    withHarness(async (harness) => {
      const inputs = { ...FAST, tenants: 'globex', environments: 'dev', 'keep-versions': '1' };
      for (const rate of [1, 2, 3]) {
        await harness.write({ 'config/tenants/globex/dev/Limits.json': `{"rate": ${rate}}` });
        await harness.run({ inputs });
      }
      const listDeleted = () =>
        harness.aws
          .calls()
          .filter(({ operation }) => operation === 'DeleteHostedConfigurationVersion')
          .map(({ input }) => input['VersionNumber']);
      expect(listDeleted()).toEqual([]);
      await harness.clock.advance(80 * 60 * MINUTE);
      await harness.run({ inputs });
      expect(listDeleted()).toEqual([2, 1]);
      expect(await harness.readServed('globex', 'dev', 'Limits')).toBe('{"rate": 3}');
    }));
});
