import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TestHarness } from '../harness.js';

const harness = await TestHarness.open();
afterAll(() => harness.close());
beforeEach(() => harness.aws.reset());

describe('two steps with the same step identity', () => {
  const env = { GITHUB_RUN_ID: '7' };

  it('report the results of their own operations', async () => {
    const first = await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) }, { env });
    expect(first.failure).toBeUndefined();
    const second = await harness.deploy({ template: harness.writeTemplate({ A: 'bad' }) }, { env });
    expect(second.failure).toContain('Mode bad is not good');
  });

  it('create separate change sets', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }), mode: 'create-only' }, { env });
    const second = await harness.deploy({ template: harness.writeTemplate({ B: 'good' }) }, { env });
    expect(second.outputs['BName']).toMatch(/^shop-B-/u);
  });
});
