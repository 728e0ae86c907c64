import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { scenario, TestHarness } from '../harness.js';

const alarm = 'arn:aws:cloudwatch:eu-central-1:123456789012:alarm:errors';
const harness = await TestHarness.open({
  ...scenario,
  cloudformation: {
    ...scenario.cloudformation,
    types: {
      'Test::Thing': { replace: ['Key'], conditional: ['Maybe'] },
      'AWS::DynamoDB::Table': { replace: ['Key'] },
    },
    drift: [{ stack: 'shop', resource: 'A', differences: [{ path: '/Mode', expected: 'good', actual: 'odd' }] }],
    rules: [
      ...(scenario.cloudformation?.rules ?? []),
      {
        on: { property: { path: 'Mode', equals: 'invalid' } },
        fail: { reason: 'invalid is no mode', validation: 'PROPERTY_VALIDATION' },
      },
    ],
    hooks: [
      {
        type: 'Corp::Guard::Names',
        on: { property: { path: 'Mode', equals: 'hooked' } },
        reason: 'names must be nice',
      },
    ],
    alarms: [{ arn: alarm, after: '2s' }],
  },
});
afterAll(() => harness.close());
beforeEach(() => harness.aws.reset());

interface Row {
  readonly Type?: string;
  readonly Properties: Readonly<Record<string, string>>;
}

const writeResources = (resources: Readonly<Record<string, Row>>): string =>
  harness.write(
    'rows.json',
    JSON.stringify({
      Resources: Object.fromEntries(
        Object.entries(resources).map(([id, row]) => [id, { Type: 'Test::Thing', ...row }]),
      ),
    }),
  );

const writeTable = (Key: string): string =>
  writeResources({ Table: { Type: 'AWS::DynamoDB::Table', Properties: { Key } } });

describe('modes create-only and execute', () => {
  it('keep a change set and execute it later', async () => {
    const made = await harness.deploy({ template: harness.writeTemplate({ A: 'good' }), mode: 'create-only' });
    expect(made.failure).toBeUndefined();
    expect(made.writes).toEqual(['CreateChangeSet']);
    expect(JSON.parse(made.outputs['changes-summary'] ?? '')).toMatchObject({ totalChanges: 1, truncated: false });
    const id = made.outputs['change-set-id'] ?? '';
    const run = await harness.deploy({ 'execute-change-set-id': id });
    expect(run.failure).toBeUndefined();
    expect(run.writes).toEqual(['ExecuteChangeSet']);
    expect(run.outputs['stack-status']).toBe('CREATE_COMPLETE');
  });

  it('create another change set on a stack under review', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }), mode: 'create-only' });
    const again = await harness.deploy({
      template: harness.writeTemplate({ A: 'better' }),
      'no-execute-changeset': 'true',
    });
    expect(again.failure).toBeUndefined();
    const preview = await harness.deploy({ template: harness.writeTemplate({ A: 'best' }), mode: 'preview' });
    expect(preview.writes).toEqual(['CreateChangeSet', 'DeleteChangeSet']);
    const run = await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    expect(run.failure).toBeUndefined();
  });

  it('use a fixed name, and replace an earlier change set of that name', async () => {
    const name = { 'change-set-name': 'release', mode: 'create-only' };
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }), ...name });
    const second = await harness.deploy({ template: harness.writeTemplate({ A: 'good', B: 'good' }), ...name });
    expect(second.failure).toBeUndefined();
    expect(second.writes).toEqual(['CreateChangeSet', 'DeleteChangeSet', 'CreateChangeSet']);
    expect(second.outputs['changes-count']).toBe('2');
    const run = await harness.deploy({ mode: 'execute', 'change-set-name': 'release' });
    expect(run.outputs['stack-status']).toBe('CREATE_COMPLETE');
  });

  it('reject a change set of another stack', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }), name: 'other' });
    const made = await harness.deploy({
      template: harness.writeTemplate({ A: 'better' }),
      name: 'other',
      mode: 'create-only',
    });
    const run = await harness.deploy({ 'execute-change-set-id': made.outputs['change-set-id'] ?? '' });
    expect(run.failure).toContain('belongs to stack other');
    expect(run.writes).toEqual([]);
  });

  it('delete a stack whose creation failed, with on-failure delete', async () => {
    const made = await harness.deploy({ template: harness.writeTemplate({ A: 'bad' }), mode: 'create-only' });
    const inputs = { 'execute-change-set-id': made.outputs['change-set-id'] ?? '', 'on-failure': 'delete' };
    const run = await harness.deploy(inputs);
    expect(run.failure).toContain('The stack was deleted.');
  });

  it('fail if the change set does not exist', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    const run = await harness.deploy({ mode: 'execute-only', 'execute-change-set-id': 'nothing' });
    expect(run.failure).toContain('does not exist');
  });
});

describe('protect', () => {
  it('rejects the replacement and removal of stateful resources', async () => {
    await harness.deploy({ template: writeTable('one') });
    const replaced = await harness.deploy({ template: writeTable('two'), protect: 'stateful' });
    expect(replaced.failure).toContain("allow-replacement: Table'");
    expect(replaced.writes).toEqual(['CreateChangeSet', 'DeleteChangeSet']);
    const removed = await harness.deploy({ template: harness.writeTemplate({ A: 'good' }), protect: 'stateful' });
    expect(removed.failure).toContain('removed');
  });

  it('allows resources in allow-replacement', async () => {
    await harness.deploy({ template: writeTable('one') });
    const run = await harness.deploy({
      template: writeTable('two'),
      protect: 'stateful',
      'allow-replacement': 'Table',
    });
    expect(run.failure).toBeUndefined();
  });

  it('rejects in a preview, and again in mode execute', async () => {
    await harness.deploy({ template: writeTable('one') });
    const preview = await harness.deploy({ template: writeTable('two'), protect: 'stateful', mode: 'preview' });
    expect(preview.failure).toContain('rejects the changes to');
    expect(preview.summary).toContain('**Replace**');
    const made = await harness.deploy({ template: writeTable('two'), mode: 'create-only' });
    const run = await harness.deploy({
      protect: 'stateful',
      'execute-change-set-id': made.outputs['change-set-id'] ?? '',
    });
    expect(run.failure).toContain('rejects the changes to');
    expect(run.writes).toEqual([]);
  });

  it('treats a possible replacement as a replacement', async () => {
    await harness.deploy({ template: writeResources({ A: { Properties: { Maybe: 'one' } } }) });
    const run = await harness.deploy({
      template: writeResources({ A: { Properties: { Maybe: 'two' } } }),
      protect: 'all',
    });
    expect(run.failure).toContain('may be replaced');
    const lax = await harness.deploy({
      template: writeResources({ A: { Properties: { Maybe: 'two' } } }),
      protect: 'stateful',
    });
    expect(lax.failure).toBeUndefined();
  });

  it('treats types in protect-types as stateful', async () => {
    await harness.deploy({ template: writeResources({ A: { Properties: { Key: 'one' } } }) });
    const changed = writeResources({ A: { Properties: { Key: 'two' } } });
    const run = await harness.deploy({ template: changed, protect: 'stateful', 'protect-types': 'Test::*' });
    expect(run.failure).toContain('rejects the changes to');
  });
});

describe('a replacement', () => {
  it('keeps rollback enabled, with a note', async () => {
    await harness.deploy({ template: writeResources({ A: { Properties: { Key: 'one' } } }) });
    const changed = writeResources({ A: { Properties: { Key: 'two', Mode: 'bad' } } });
    const run = await harness.deploy({ template: changed, 'on-failure': 'preserve' });
    expect(run.outputs['stack-status']).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(run.summary).toContain('a failure is not preserved');
    const call = run.calls.find(({ operation }) => operation === 'ExecuteChangeSet');
    expect(call?.input['DisableRollback']).toBe(false);
  });

  it('of a preserved failure is deployed after a rollback', async () => {
    await harness.deploy({ template: writeResources({ A: { Properties: { Key: 'one' } } }) });
    const broken = writeResources({ A: { Properties: { Key: 'one' } }, B: { Properties: { Mode: 'bad' } } });
    await harness.deploy({ template: broken, 'on-failure': 'preserve' });
    const run = await harness.deploy({
      template: writeResources({ A: { Properties: { Key: 'two' } } }),
      'on-failure': 'preserve',
    });
    expect(run.failure).toBeUndefined();
    expect(run.writes.filter((name) => !name.includes('ChangeSet'))).toEqual(['RollbackStack']);
    expect(run.outputs['stack-status']).toBe('UPDATE_COMPLETE');
  });
});

describe('drift', () => {
  it('is reported, and fails with fail-on-drift', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    const run = await harness.deploy({ mode: 'drift' });
    expect(run.failure).toBeUndefined();
    expect(run.outputs['drift-status']).toBe('DRIFTED');
    expect(run.outputs['drifted-resources']).toContain('/Mode');
    const strict = await harness.deploy({ mode: 'drift', 'fail-on-drift': 'true' });
    expect(strict.failure).toContain('fail-on-drift');
  });

  it('is reported with values only with show-values', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    const quiet = await harness.deploy({ mode: 'drift' });
    expect(quiet.summary).toContain('/Mode (NOT\\_EQUAL)');
    for (const output of [quiet.summary, quiet.log, ...Object.values(quiet.outputs)])
      expect(output).not.toContain('odd');
    const open = await harness.deploy({ mode: 'drift', 'show-values': 'true' });
    expect(open.summary).toContain('odd');
    expect(JSON.parse(open.outputs['drifted-resources'] ?? '')).toMatchObject([
      { logicalId: 'A', properties: [{ path: '/Mode', expected: 'good', actual: 'odd' }] },
    ]);
  });
});

describe('a hook', () => {
  it('that fails is reported with its reason', async () => {
    const run = await harness.deploy({ template: harness.writeTemplate({ A: 'hooked' }) });
    expect(run.failure).toContain('names must be nice');
  });
});

describe('a validation', () => {
  it('that fails leaves no change set of a preview, even with keep-failed-change-set', async () => {
    const inputs = {
      template: harness.writeTemplate({ A: 'invalid' }),
      mode: 'preview',
      'keep-failed-change-set': 'true',
    };
    const run = await harness.deploy(inputs);
    expect(run.failure).toContain('invalid is no mode');
    expect(run.writes).toEqual(['CreateChangeSet', 'DeleteChangeSet', 'DeleteStack']);
  });
});

describe('an alarm', () => {
  it('in ALARM rolls the operation back', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    const run = await harness.deploy({ template: harness.writeTemplate({ A: 'better' }), 'rollback-alarms': alarm });
    expect(run.failure).toBeDefined();
    expect(run.outputs['stack-status']).toBe('UPDATE_ROLLBACK_COMPLETE');
  });
});
