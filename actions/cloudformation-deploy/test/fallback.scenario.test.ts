import { afterAll, beforeEach, expect, it } from '@jest/globals';
import { Stage, scenario } from './stage.js';

const replacement = 'Replacement type updates not supported on stack with disable-rollback.';
const stage = await Stage.open({
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
afterAll(() => stage.close());
beforeEach(() => stage.aws.reset());

const rows = (properties: Readonly<Record<string, string>>, id = 'A'): string =>
  stage.write('rows.json', JSON.stringify({ Resources: { [id]: { Type: 'Test::Thing', Properties: properties } } }));
const rollbacksOf = (calls: Awaited<ReturnType<Stage['deploy']>>['calls']) =>
  calls.filter(({ operation }) => operation === 'ExecuteChangeSet').map(({ input }) => input['DisableRollback']);

it('a replacement that only execution shows is rolled back and made again with rollback enabled', async () => {
  await stage.deploy({ template: rows({ Maybe: 'one' }) });
  const run = await stage.deploy({ template: rows({ Maybe: 'two' }), 'on-failure': 'preserve' });
  expect(run.failure).toBeUndefined();
  expect(rollbacksOf(run.calls)).toEqual([true, false]);
  expect(run.writes).toContain('RollbackStack');
  expect(run.summary).toContain('a replacement is impossible while rollback is disabled');
});

it('EXPRESS mode is passed through, allows no retry, and says so', async () => {
  await stage.deploy({ template: rows({ Mode: 'good' }) });
  const express = { 'deployment-mode': 'EXPRESS', 'on-failure': 'preserve', 'retry-attempts': '3' };
  const run = await stage.deploy({ template: rows({ Mode: 'good' }, 'F'), ...express });
  const asked = run.calls.find(({ operation }) => operation === 'CreateChangeSet')?.input;
  expect(asked?.['DeploymentConfig']).toEqual({ Mode: 'EXPRESS', DisableRollback: true });
  expect(run.summary).toContain('EXPRESS mode allows no retry');
});
