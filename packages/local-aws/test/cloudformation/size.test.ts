import { expect, it } from '@jest/globals';
import { Lab, rows } from './lab.js';
import { STACK, scenario, things } from './situations.js';

const modes = (mode: string) =>
  things(Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`T${index}`, mode])));

it('plans 500 resources and answers polls of their thousands of events without delay', async () => {
  const lab = new Lab(scenario);
  const begun = performance.now();
  await lab.call('CreateStack', { StackName: STACK, TemplateBody: modes('good') });
  await lab.rest(STACK);
  for (const mode of ['better', 'best', 'good']) {
    await lab.call('UpdateStack', { StackName: STACK, TemplateBody: modes(mode) });
    expect(await lab.rest(STACK)).toBe('UPDATE_COMPLETE');
  }
  const planned = performance.now() - begun;
  const page = await lab.call('DescribeStackEvents', { StackName: STACK });
  expect(rows(page['StackEvents'])).toHaveLength(100);
  const polls = performance.now();
  for (let poll = 0; poll < 50; poll += 1) await lab.call('DescribeStacks', { StackName: STACK });
  const perPoll = (performance.now() - polls) / 50;
  // Generous, for a busy machine: what is quadratic is ten times slower.
  expect(planned).toBeLessThan(20_000);
  expect(perPoll).toBeLessThan(20);
});
