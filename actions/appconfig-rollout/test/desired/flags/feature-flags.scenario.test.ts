import { describe, expect, it } from '@jest/globals';
import { withHarness } from '../../harness.js';

const FAST = { strategy: 'AppConfig.AllAtOnce' };

describe('feature flags', () => {
  const settings = 'profiles:\n  Flags:\n    type: AWS.AppConfig.FeatureFlags\n';

  it('in YAML are deployed as JSON', () =>
    withHarness(async (harness) => {
      await harness.write({
        'config/appconfig.yml': settings,
        'config/template/Flags.yaml': "version: '1'\nflags:\n  a: { name: A }\nvalues:\n  a: { enabled: true }\n",
      });
      const inputs = { ...FAST, profiles: 'Flags', tenants: 'acme', environments: 'dev' };
      expect((await harness.run({ inputs })).failures).toEqual([]);
      expect(JSON.parse(await harness.readServed('acme', 'dev', 'Flags'))).toEqual({
        version: '1',
        flags: { a: { name: 'A' } },
        values: { a: { enabled: true } },
      });
    }));

  it('that AppConfig rejects fail before anything starts, with their lines', () =>
    withHarness(async (harness) => {
      await harness.write({
        'config/appconfig.yml': settings,
        'config/template/Flags.yaml': "version: '1'\nflags:\n  a: { name: A }\nvalues:\n  b: { enabled: yes please }\n",
      });
      const { failures, calls, recorded } = await harness.run({ inputs: { ...FAST, profiles: 'Flags' } });
      expect(failures[0]).toContain("config/template/Flags.yaml:5: 'b' has a value, but no flag: define it in 'flags'");
      expect(calls).toEqual([]);
      expect(recorded.log.entries.filter(({ kind }) => kind === 'error')).toHaveLength(1);
    }));
});
