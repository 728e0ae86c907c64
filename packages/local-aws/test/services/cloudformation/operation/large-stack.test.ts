import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Timeline } from '../../../../src/time/timeline.js';
import { CloudFormationFixture, expectRows } from '../fixture.js';
import { renderTemplate, STACK_NAME, scenario } from '../stack-states.js';

const renderLargeTemplate = (count: number, mode: string) =>
  renderTemplate(Object.fromEntries(Array.from({ length: count }, (_, index) => [`T${index}`, mode])));

/** Counts how often a stack's timelines are written and read. */
const countTimelineCalls = async (run: () => Promise<unknown>): Promise<number> => {
  const spies = (['plan', 'listUntil', 'findLatest'] as const).map((name) => jest.spyOn(Timeline.prototype, name));
  await run();
  const count = spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
  jest.restoreAllMocks();
  return count;
};

const createStack = async (count: number): Promise<CloudFormationFixture> => {
  const fixture = new CloudFormationFixture(scenario);
  await fixture.call('CreateStack', { StackName: STACK_NAME, TemplateBody: renderLargeTemplate(count, 'good') });
  await fixture.waitForTerminal(STACK_NAME);
  return fixture;
};

const updateStack = (fixture: CloudFormationFixture, count: number) =>
  fixture.call('UpdateStack', { StackName: STACK_NAME, TemplateBody: renderLargeTemplate(count, 'better') });

describe('a stack of 500 resources', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('is planned with a linear number of reads and writes', async () => {
    const [half, full] = [await createStack(250), await createStack(500)];
    const halfCount = await countTimelineCalls(() => updateStack(half, 250));
    const fullCount = await countTimelineCalls(() => updateStack(full, 500));
    expect(await full.waitForTerminal(STACK_NAME)).toBe('UPDATE_COMPLETE');
    expect(fullCount).toBeLessThan(2.1 * halfCount);
  });

  it('returns its events in pages, and its status without reading events', async () => {
    const fixture = await createStack(500);
    const page = await fixture.call('DescribeStackEvents', { StackName: STACK_NAME });
    expect(expectRows(page['StackEvents'])).toHaveLength(100);
    const pollCount = await countTimelineCalls(() => fixture.call('DescribeStacks', { StackName: STACK_NAME }));
    expect(pollCount).toBeLessThan(10);
  });
});
