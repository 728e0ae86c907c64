import { describe, expect, it } from '@jest/globals';
import { withHarness } from '../harness.js';

const FAST = { strategy: 'AppConfig.AllAtOnce' };

describe('the settings of a tree', () => {
  it('are rejected with their line if misspelt', () =>
    withHarness(async (harness) => {
      await harness.write({ 'config/appconfig.yml': 'profiles:\n  Limits:\n    typ: AWS.Freeform\n' });
      const { failures, summary } = await harness.run({ inputs: FAST });
      expect(failures[0]).toMatch(/^config\/appconfig.yml:3: 'profiles.Limits': Unrecognized key: "typ"/);
      expect(summary).toContain('❌ AppConfig rollout: not started, 1 error in the configuration files');
    }));
});
