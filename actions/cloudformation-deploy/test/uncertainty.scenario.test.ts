import { CloudFormationClient, CreateChangeSetCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { renderThings, TestHarness } from './harness.js';

const harness = await TestHarness.open();
afterAll(() => harness.close());
beforeEach(() => harness.aws.reset());

const writeTemplate = (modes: Parameters<typeof renderThings>[0]): string =>
  harness.write('template.json', renderThings(modes));
type Faults = Parameters<TestHarness['aws']['setFaults']>[0];
const withFaults = async <T>(faults: Faults, task: () => Promise<T>): Promise<T> => {
  harness.aws.setFaults(faults);
  try {
    return await task();
  } finally {
    harness.aws.setFaults([]);
  }
};

/** As somebody else would make it: this action keeps none. */
const makeEmptyChangeSet = async (TemplateBody: string): Promise<void> => {
  const client = new CloudFormationClient({});
  const input = { StackName: 'shop', ChangeSetName: 'nothing', TemplateBody };
  await client.send(new CreateChangeSetCommand(input));
  client.destroy();
  await harness.wait(5);
};

describe('two steps that the host names alike', () => {
  const env = { GITHUB_RUN_ID: '7' };

  it('have each the end of its own operation', async () => {
    const first = await harness.deploy({ template: writeTemplate({ A: 'good' }) }, { env });
    expect(first.failure).toBeUndefined();
    const second = await harness.deploy({ template: writeTemplate({ A: 'bad' }) }, { env });
    expect(second.failure).toContain('Mode bad is not good');
  });

  it('have each a change set of its own', async () => {
    await harness.deploy({ template: writeTemplate({ A: 'good' }), mode: 'create-only' }, { env });
    const second = await harness.deploy({ template: writeTemplate({ B: 'good' }) }, { env });
    expect(second.outputs['BName']).toMatch(/^shop-B-/u);
  });
});

describe('mode wait', () => {
  it('does not take the end of an earlier operation for that of the one under way', async () => {
    await harness.deploy({ template: writeTemplate({ A: 'good' }) });
    await harness.wait(60);
    await harness.deploy({ template: writeTemplate({ A: 'bad' }), wait: 'false' });
    const waited = await withFaults([{ fault: 'stale', operation: 'DescribeStackEvents', by: '5s', calls: 1 }], () =>
      harness.deploy({ mode: 'wait' }),
    );
    expect(waited.failure).toBeDefined();
    expect(waited.outputs['stack-status']).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  it('sees what a step before it has started, although reading lags behind', async () => {
    await harness.deploy({ template: writeTemplate({ A: 'good' }) });
    await harness.wait(60);
    const waited = await withFaults([{ fault: 'stale', operation: 'Describe*', by: '3s' }], async () => {
      const started = await harness.deploy({ template: writeTemplate({ A: 'bad' }), wait: 'false' });
      expect(started.failure).toBeUndefined();
      return harness.deploy({ mode: 'wait' });
    });
    expect(waited.failure).toContain('Mode bad is not good');
  });
});

describe('an empty change set', () => {
  it('fails mode execute where asked to', async () => {
    await harness.deploy({ template: writeTemplate({ A: 'good' }) });
    await makeEmptyChangeSet(renderThings({ A: 'good' }));
    const inputs = { 'execute-change-set-id': 'nothing' };
    expect((await harness.deploy(inputs)).failure).toBeUndefined();
    expect((await harness.deploy({ ...inputs, 'fail-on-empty': 'true' })).failure).toContain('fail-on-empty');
  });
});

describe('a stack policy that cannot be read', () => {
  it.each(['deploy', 'retry'])('stops mode %s before anything is written', async (mode) => {
    await harness.deploy({ template: writeTemplate({ A: 'good', B: 'bad' }), 'on-failure': 'preserve' });
    const run = await harness.deploy({ mode, template: writeTemplate({ A: 'good' }), 'stack-policy': 'absent.json' });
    expect(run.failure).toContain('absent.json');
    expect(run.writes).toEqual([]);
  });
});
