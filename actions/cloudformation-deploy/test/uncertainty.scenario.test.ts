import { CloudFormationClient, CreateChangeSetCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { renderThings, TestHarness } from './harness.js';

const harness = await TestHarness.open();
afterAll(() => harness.close());
beforeEach(() => harness.aws.reset());

/** As somebody else would make it: this action keeps none. */
const makeEmptyChangeSet = async (TemplateBody: string): Promise<void> => {
  const client = new CloudFormationClient({});
  const input = { StackName: 'shop', ChangeSetName: 'nothing', TemplateBody };
  await client.send(new CreateChangeSetCommand(input));
  client.destroy();
  await harness.wait(5);
};

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

describe('mode wait', () => {
  it('does not report the end of an earlier operation', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    await harness.wait(60);
    await harness.deploy({ template: harness.writeTemplate({ A: 'bad' }), wait: 'false' });
    const waited = await harness.withFaults(
      [{ fault: 'stale', operation: 'DescribeStackEvents', by: '5s', calls: 1 }],
      () => harness.deploy({ mode: 'wait' }),
    );
    expect(waited.failure).toBeDefined();
    expect(waited.outputs['stack-status']).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  it('attaches to an operation of an earlier step despite stale reads', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    await harness.wait(60);
    const waited = await harness.withFaults([{ fault: 'stale', operation: 'Describe*', by: '3s' }], async () => {
      const started = await harness.deploy({ template: harness.writeTemplate({ A: 'bad' }), wait: 'false' });
      expect(started.failure).toBeUndefined();
      return harness.deploy({ mode: 'wait' });
    });
    expect(waited.failure).toContain('Mode bad is not good');
  });
});

describe('an empty change set', () => {
  it('fails mode execute with fail-on-empty', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    await makeEmptyChangeSet(renderThings({ A: 'good' }));
    const inputs = { 'execute-change-set-id': 'nothing' };
    expect((await harness.deploy(inputs)).failure).toBeUndefined();
    expect((await harness.deploy({ ...inputs, 'fail-on-empty': 'true' })).failure).toContain('fail-on-empty');
  });
});

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
