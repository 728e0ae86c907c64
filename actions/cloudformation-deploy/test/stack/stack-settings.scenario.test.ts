import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TestHarness } from '../harness.js';

const harness = await TestHarness.open();
afterAll(() => harness.close());
beforeEach(() => harness.aws.reset());

describe('an unreadable stack policy', () => {
  it.each(['deploy', 'retry'])('stops mode %s before any write', async (mode) => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good', B: 'bad' }), 'on-failure': 'preserve' });
    const run = await harness.deploy({
      mode,
      template: harness.writeTemplate({ A: 'good' }),
      'stack-policy': 'absent.json',
    });
    expect(run.failure).toContain('absent.json');
    expect(run.writes).toEqual([]);
  });
});
