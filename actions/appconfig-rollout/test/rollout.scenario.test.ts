import { describe, expect, it } from '@jest/globals';
import { onStage } from './helpers/stage.js';

describe('a rollout', () => {
  it('creates what is missing, deploys, and gives each environment its own content', () =>
    onStage(async (stage) => {
      const step = await stage.run({ inputs: { strategy: 'AppConfig.AllAtOnce' } });
      expect(step.failures).toEqual([]);
      expect(step.outputs).toMatchObject({ changed: '7', skipped: '0', failed: '0', 'rolled-back': '0' });
      expect(await stage.served('acme', 'dev', 'Limits')).toBe('{"rate": 10}');
      expect(await stage.served('globex', 'dev', 'Limits')).toBe('{"rate": 20}');
      expect(await stage.served('globex', 'qa', 'Names')).toBe('names: [g]\n');
    }));
});
