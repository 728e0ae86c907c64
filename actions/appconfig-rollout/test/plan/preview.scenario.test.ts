import { describe, expect, it } from '@jest/globals';
import { withHarness } from '../harness.js';

const FAST = { strategy: 'AppConfig.AllAtOnce' };

describe('a preview', () => {
  it('shows new content and writes nothing, with read permissions only', () =>
    withHarness(
      async (harness) => {
        const step = await harness.run({ inputs: { mode: 'preview' } });
        expect(step.failures).toEqual([]);
        expect(step.writes).toEqual([]);
        expect(step.outputs).toMatchObject({ changed: '7', skipped: '0', versions: '{}' });
        expect(step.log).toContain('acme/dev Limits: would be deployed');
        expect(step.summary).toContain('+ (document): {"rate": 10}');
      },
      { allowed: ['always'] },
    ));

  it('shows changed values key by key', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      await harness.write({ 'config/tenants/globex/dev/Limits.json': '{"burst": 5, "rate": 30}' });
      const step = await harness.run({ inputs: { mode: 'preview' } });
      expect(step.outputs).toMatchObject({ changed: '1', skipped: '6' });
      expect(step.summary).toContain('! rate: 20 → 30');
      expect(step.summary).toContain('+ burst: 5');
      expect(step.summary).toContain('**globex**');
      expect(step.writes).toEqual([]);
    }));

  it('shows the result of a deep merge', () =>
    withHarness(async (harness) => {
      await harness.write({
        'config/template/Limits.json': '{"rate": 10, "burst": {"size": 1, "list": [1, 2]}, "old": true}',
        'config/tenants/globex/dev/Limits.json': '{"burst": {"list": [3]}, "old": null}',
      });
      const { summary } = await harness.run({
        inputs: { mode: 'preview', merge: 'deep', tenants: 'globex', environments: 'dev' },
      });
      expect(summary).toContain('+ (document): {"rate": 10, "burst": {"size": 1, "list": [3]}}');
      expect(summary).toContain('merged into config/template/Limits.json');
    }));

  it('of 20,000 changed values fits into a job summary and into a log that can be read', () =>
    withHarness(async (harness) => {
      const selection = { tenants: 'globex', environments: 'dev' };
      const write = (value: string): Promise<void> => {
        const keys = Array.from({ length: 20_000 }, (_, index) => [`feature.with.a.long.name.${index}`, value]);
        return harness.write({ 'config/tenants/globex/dev/Limits.json': JSON.stringify(Object.fromEntries(keys)) });
      };
      await write('before');
      await harness.run({ inputs: { ...FAST, ...selection } });
      await write('after!');
      const { failures, summary, log } = await harness.run({ inputs: { mode: 'preview', ...selection } });
      expect(failures).toEqual([]);
      expect(Buffer.byteLength(summary)).toBeLessThan(1024 * 1024);
      expect(summary).toContain('_Truncated at the size limit: ');
      expect(log.split('\n').length).toBeLessThan(220);
      expect(log).toContain(' more lines)');
    }));

  it('adds a notice for environments that bake without an alarm', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: FAST });
      const { summary } = await harness.run({ inputs: { mode: 'preview' } });
      expect(summary).toContain('No CloudWatch alarm monitors acme/dev, acme/qa, globex/dev, globex/qa');
    }));
});
