import { CloudFormationClient, CreateChangeSetCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Stage, things } from './stage.js';

const stage = await Stage.open();
afterAll(() => stage.close());
beforeEach(() => stage.aws.reset());

const template = (modes: Parameters<typeof things>[0]): string => stage.write('template.json', things(modes));
type Faults = Parameters<Stage['aws']['setFaults']>[0];
const withFaults = async <T>(faults: Faults, work: () => Promise<T>): Promise<T> => {
  stage.aws.setFaults(faults);
  try {
    return await work();
  } finally {
    stage.aws.setFaults([]);
  }
};

/** As somebody else would make it: this action keeps none. */
const makeEmptyChangeSet = async (TemplateBody: string): Promise<void> => {
  const client = new CloudFormationClient({});
  const input = { StackName: 'shop', ChangeSetName: 'nothing', TemplateBody };
  await client.send(new CreateChangeSetCommand(input));
  client.destroy();
  await stage.wait(5);
};

describe('two steps that the host names alike', () => {
  const variables = { GITHUB_RUN_ID: '7' };

  it('have each the end of its own operation', async () => {
    const first = await stage.deploy({ template: template({ A: 'good' }) }, { variables });
    expect(first.failure).toBeUndefined();
    const second = await stage.deploy({ template: template({ A: 'bad' }) }, { variables });
    expect(second.failure).toContain('Mode bad is not good');
  });

  it('have each a change set of its own', async () => {
    await stage.deploy({ template: template({ A: 'good' }), mode: 'create-only' }, { variables });
    const second = await stage.deploy({ template: template({ B: 'good' }) }, { variables });
    expect(second.outputs['BName']).toMatch(/^shop-B-/u);
  });
});

describe('mode wait', () => {
  it('does not take the end of an earlier operation for that of the one under way', async () => {
    await stage.deploy({ template: template({ A: 'good' }) });
    await stage.wait(60);
    await stage.deploy({ template: template({ A: 'bad' }), wait: 'false' });
    const waited = await withFaults([{ fault: 'stale', operation: 'DescribeStackEvents', by: '5s', calls: 1 }], () =>
      stage.deploy({ mode: 'wait' }),
    );
    expect(waited.failure).toBeDefined();
    expect(waited.outputs['stack-status']).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  it('sees what a step before it has started, although reading lags behind', async () => {
    await stage.deploy({ template: template({ A: 'good' }) });
    await stage.wait(60);
    const waited = await withFaults([{ fault: 'stale', operation: 'Describe*', by: '3s' }], async () => {
      const started = await stage.deploy({ template: template({ A: 'bad' }), wait: 'false' });
      expect(started.failure).toBeUndefined();
      return stage.deploy({ mode: 'wait' });
    });
    expect(waited.failure).toContain('Mode bad is not good');
  });
});

describe('an empty change set', () => {
  it('fails mode execute where asked to', async () => {
    await stage.deploy({ template: template({ A: 'good' }) });
    await makeEmptyChangeSet(things({ A: 'good' }));
    const inputs = { 'execute-change-set-id': 'nothing' };
    expect((await stage.deploy(inputs)).failure).toBeUndefined();
    expect((await stage.deploy({ ...inputs, 'fail-on-empty': 'true' })).failure).toContain('fail-on-empty');
  });
});

describe('a stack policy that cannot be read', () => {
  it.each(['deploy', 'retry'])('stops mode %s before anything is written', async (mode) => {
    await stage.deploy({ template: template({ A: 'good', B: 'bad' }), 'on-failure': 'preserve' });
    const run = await stage.deploy({ mode, template: template({ A: 'good' }), 'stack-policy': 'absent.json' });
    expect(run.failure).toContain('absent.json');
    expect(run.writes).toEqual([]);
  });
});
