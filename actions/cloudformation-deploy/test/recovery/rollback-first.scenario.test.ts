import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeEach, expect, it } from '@jest/globals';
import { scenario, TestHarness } from '../harness.js';

const replacement = 'Replacement type updates not supported on stack with disable-rollback.';
const harness = await TestHarness.open({
  ...scenario,
  cloudformation: {
    ...scenario.cloudformation,
    types: { 'Test::Thing': { conditional: ['Maybe'] } },
    rules: [
      {
        on: { property: { path: 'Maybe', equals: 'two' }, operation: 'update', attempts: [1] },
        fail: { reason: replacement, after: '1s' },
      },
      ...(scenario.cloudformation?.rules ?? []),
    ],
  },
});
afterAll(() => harness.close());
beforeEach(() => harness.aws.reset());

const writeResource = (properties: Readonly<Record<string, string>>, id = 'A'): string =>
  harness.write('rows.json', JSON.stringify({ Resources: { [id]: { Type: 'Test::Thing', Properties: properties } } }));
const listDisableRollback = (calls: Awaited<ReturnType<TestHarness['deploy']>>['calls']) =>
  calls.filter(({ operation }) => operation === 'ExecuteChangeSet').map(({ input }) => input['DisableRollback']);

it('a replacement found only by the execution is rolled back and deployed again with rollback enabled', async () => {
  await harness.deploy({ template: writeResource({ Maybe: 'one' }) });
  const run = await harness.deploy({ template: writeResource({ Maybe: 'two' }), 'on-failure': 'preserve' });
  expect(run.failure).toBeUndefined();
  expect(listDisableRollback(run.calls)).toEqual([true, false]);
  expect(run.writes).toContain('RollbackStack');
  expect(run.summary).toContain('A resource cannot be replaced while rollback is disabled');
});

it('a failed creation with OnStackFailure=DO_NOTHING is recreated by a deployment and rejected by a retry', async () => {
  const client = new CloudFormationClient({});
  const broken = JSON.stringify({ Resources: { A: { Type: 'Test::Thing', Properties: { Mode: 'bad' } } } });
  await client.send(new CreateStackCommand({ StackName: 'shop', TemplateBody: broken, OnFailure: 'DO_NOTHING' }));
  client.destroy();
  await harness.wait(10);
  const retried = await harness.deploy({ mode: 'retry' });
  expect(retried.failure).toContain('DO_NOTHING');
  expect(retried.outputs['stack-status']).toBe('CREATE_FAILED');
  const run = await harness.deploy({ template: writeResource({ Mode: 'good' }), 'on-failure': 'preserve' });
  expect(run.failure).toBeUndefined();
  expect(run.summary).toContain(
    'Rolling back first: a stack that was created with OnFailure DO\\_NOTHING cannot be resumed',
  );
  expect(run.outputs['stack-status']).toBe('CREATE_COMPLETE');
  expect(listDisableRollback(run.calls)).toEqual([true]);
});

it('EXPRESS mode is passed on and switches retries off, with a note', async () => {
  await harness.deploy({ template: writeResource({ Mode: 'good' }) });
  const express = { 'deployment-mode': 'EXPRESS', 'on-failure': 'preserve', 'retry-attempts': '3' };
  const run = await harness.deploy({ template: writeResource({ Mode: 'good' }, 'F'), ...express });
  const input = run.calls.find(({ operation }) => operation === 'CreateChangeSet')?.input;
  expect(input?.['DeploymentConfig']).toEqual({ Mode: 'EXPRESS', DisableRollback: true });
  expect(run.summary).toContain('EXPRESS mode does not support retries');
});
