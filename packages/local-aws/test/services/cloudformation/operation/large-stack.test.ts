import { expect, it } from '@jest/globals';
import { CloudFormationFixture, expectRows } from '../fixture.js';
import { renderTemplate, STACK_NAME, scenario } from '../stack-states.js';

const renderLargeTemplate = (mode: string) =>
  renderTemplate(Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`T${index}`, mode])));

it('plans 500 resources and answers polls of their thousands of events without delay', async () => {
  const fixture = new CloudFormationFixture(scenario);
  const startedAt = performance.now();
  await fixture.call('CreateStack', { StackName: STACK_NAME, TemplateBody: renderLargeTemplate('good') });
  await fixture.waitForTerminal(STACK_NAME);
  for (const mode of ['better', 'best', 'good']) {
    await fixture.call('UpdateStack', { StackName: STACK_NAME, TemplateBody: renderLargeTemplate(mode) });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('UPDATE_COMPLETE');
  }
  const planningTime = performance.now() - startedAt;
  const page = await fixture.call('DescribeStackEvents', { StackName: STACK_NAME });
  expect(expectRows(page['StackEvents'])).toHaveLength(100);
  const polls = performance.now();
  for (let poll = 0; poll < 50; poll += 1) await fixture.call('DescribeStacks', { StackName: STACK_NAME });
  const perPoll = (performance.now() - polls) / 50;
  // Generous, for a busy machine: what is quadratic is ten times slower.
  expect(planningTime).toBeLessThan(20_000);
  expect(perPoll).toBeLessThan(20);
});
