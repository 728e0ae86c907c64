import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type RunResult, renderThings, scenario, TestHarness } from '../harness.js';

const harness = await TestHarness.open({
  ...scenario,
  cloudformation: { ...scenario.cloudformation, drift: [{ stack: 'data', resource: 'A' }] },
});
afterAll(() => harness.close());
beforeEach(() => harness.aws.reset());

const good = harness.write('good.json', renderThings({ A: 'good' }));
const better = harness.write('better.json', renderThings({ A: 'better' }));
const bad = harness.write('bad.json', renderThings({ A: 'bad' }));
/** A resource whose mode is a parameter. */
const consumer = harness.write(
  'consumer.json',
  JSON.stringify({
    Parameters: { Source: { Type: 'String' } },
    Resources: { A: { Type: 'Test::Thing', Properties: { Mode: { Ref: 'Source' } } } },
    Outputs: { Name: { Value: { Ref: 'A' } } },
  }),
);

type Entry = Readonly<Record<string, unknown>>;

const system: readonly Entry[] = [
  { name: 'app', template: consumer, parameters: { Source: 'stack-output://data/Name' } },
  { name: 'data', template: consumer, parameters: { Source: 'stack-output://network/AName' } },
  { name: 'network', template: good },
  { name: 'mail', template: good, tags: { team: 'mail' } },
];

const run = (stacks: readonly Entry[] | string, inputs: Readonly<Record<string, string>> = {}): Promise<RunResult> =>
  harness.deploy({ name: '', stacks: typeof stacks === 'string' ? stacks : JSON.stringify(stacks), ...inputs });

const getResults = ({ outputs }: RunResult): Readonly<Record<string, Readonly<Record<string, unknown>>>> =>
  JSON.parse(outputs['stack-results'] ?? '{}');

const getStates = (result: RunResult): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(getResults(result)).map(([name, { result: state }]) => [name, state]));

/** Names of stacks in the order of the calls of an operation. */
const listStacks = ({ calls }: RunResult, operation: string): readonly string[] =>
  calls
    .filter((call) => call.operation === operation)
    .map(({ input }) => String(input['StackName'] ?? '').replace(/^arn:.*:stack\/([^/]+)\/.*$/u, '$1'));

describe('a deployment of several stacks', () => {
  it('deploys each stack after those whose outputs it uses', async () => {
    const deployed = await run(system);
    expect(deployed.failure).toBeUndefined();
    const order = listStacks(deployed, 'CreateChangeSet');
    expect(order.toSorted()).toEqual(['app', 'data', 'mail', 'network']);
    expect(order.indexOf('network')).toBeLessThan(order.indexOf('data'));
    expect(order.indexOf('data')).toBeLessThan(order.indexOf('app'));
    const results = getResults(deployed);
    const network = results['network']?.['stack-outputs'] as Readonly<Record<string, string>>;
    const data = deployed.calls.find(
      ({ operation, input }) => operation === 'CreateChangeSet' && input['StackName'] === 'data',
    );
    expect(data?.input['Parameters']).toEqual([{ ParameterKey: 'Source', ParameterValue: network['AName'] }]);
    expect(results['app']).toMatchObject({
      result: 'complete',
      'stack-status': 'CREATE_COMPLETE',
      'has-changes': true,
    });
    expect(deployed.log).toContain('network: Change set');
    expect(deployed.log).toContain('4 stacks: 4 complete');
    expect(deployed.summary).toContain('4 stacks: 4 complete');
  });

  it('gives each stack the inputs of its entry, and those of the step otherwise', async () => {
    const stacks = [
      { name: 'a' },
      { name: 'b', template: better, tags: { team: 'b' }, 'termination-protection': true },
    ];
    const deployed = await run(stacks, { template: good, tags: 'team=all' });
    expect(deployed.failure).toBeUndefined();
    const tags = deployed.calls
      .filter(({ operation }) => operation === 'CreateChangeSet')
      .map(({ input }) => [input['StackName'], input['Tags']]);
    expect(Object.fromEntries(tags)).toEqual({
      a: [{ Key: 'team', Value: 'all' }],
      b: [{ Key: 'team', Value: 'b' }],
    });
    expect(listStacks(deployed, 'UpdateTerminationProtection')).toEqual(['b']);
  });

  it('stops only the stacks that need a failed one, and goes on in the next run', async () => {
    const failing = [system[0], { ...system[1], needs: 'network' }, { name: 'network', template: bad }, system[3]];
    const failed = await run(failing.map((entry) => ({ ...entry })));
    expect(getStates(failed)).toEqual({ app: 'skipped', data: 'skipped', network: 'failed', mail: 'complete' });
    expect(failed.failure).toContain('4 stacks: 1 failed, 2 skipped, 1 complete');
    expect(failed.failure).toContain('Mode bad is not good');
    expect(getResults(failed)['app']).toMatchObject({ reason: 'not started, because of data' });
    expect(failed.outputs['root-cause']).toContain('Mode bad is not good');

    const next = await run(system);
    expect(next.failure).toBeUndefined();
    expect(getStates(next)).toEqual({ app: 'complete', data: 'complete', network: 'complete', mail: 'unchanged' });
  });

  it('changes nothing in a second run', async () => {
    await run(system);
    const again = await run(system);
    expect(getStates(again)).toEqual({ app: 'unchanged', data: 'unchanged', network: 'unchanged', mail: 'unchanged' });
    expect(again.writes).not.toContain('ExecuteChangeSet');
    expect(again.outputs['has-changes']).toBe('false');
  });

  it('takes outputs of stacks that are not in the list', async () => {
    await harness.deploy({ name: 'network', template: good });
    const deployed = await run([system[1] ?? {}]);
    expect(deployed.failure).toBeUndefined();
    const single = await harness.deploy({
      name: 'single',
      template: consumer,
      parameters: 'Source=stack-output://network/AName',
    });
    expect(single.failure).toBeUndefined();
  });

  it('takes about as long as the slowest of 20 independent stacks', async () => {
    const alone = await run([{ name: 'alone', template: good }]);
    const many = await run(Array.from({ length: 20 }, (_, index) => ({ name: `stack-${index}`, template: good })));
    expect(many.failure).toBeUndefined();
    expect(many.durationMs).toBeLessThan(1.3 * alone.durationMs);
  });

  it('bounds all stacks by one timeout', async () => {
    const stopped = await run(system, { timeout: '8s' });
    expect(stopped.durationMs).toBeLessThan(50_000);
    expect(stopped.failure).toContain('timed out');
    expect(getStates(stopped)).toMatchObject({ network: 'complete', data: 'failed', app: 'skipped' });
  });

  it('reads the list from a file', async () => {
    const file = harness.write(
      'stacks.yml',
      `- name: web # the site\n  template: ${good}\n  needs: [api]\n- {name: api, template: ${good}}\n`,
    );
    expect(listStacks(await run(file), 'ExecuteChangeSet')).toEqual(['api', 'web']);
  });
});

describe('a preview of several stacks', () => {
  it('shows all of them, and names inputs that do not exist yet', async () => {
    const preview = await run(system, { mode: 'preview' });
    expect(preview.failure).toBeUndefined();
    expect(getStates(preview)).toEqual({ app: 'pending', data: 'pending', network: 'changes', mail: 'changes' });
    const line = 'app: parameter Source depends on output Name of stack data, which does not exist yet';
    expect(preview.log).toContain(line);
    expect(preview.summary).toContain('parameter Source depends on output Name of stack data');
    expect(preview.outputs['changes-markdown']).toContain('which does not exist yet');
    expect(preview.outputs['changes-count']).toBe('2');
    expect(preview.writes).not.toContain('ExecuteChangeSet');
  });

  it('says where a value may be replaced by the changes', async () => {
    await run(system);
    const changed = [...system.slice(0, 2), { name: 'network', template: better }];
    const preview = await run(changed, { mode: 'preview' });
    expect(getStates(preview)).toEqual({ app: 'unchanged', data: 'unchanged', network: 'changes' });
    expect(preview.summary).toContain('data: parameter Source has the current value of');
    expect(preview.summary).not.toContain('app: parameter Source has');
  });

  it('fails where a change set cannot be created yet', async () => {
    const created = await run(system, { mode: 'create-only' });
    expect(created.failure).toContain('which does not exist yet');
  });
});

describe('other modes', () => {
  it('deletes the stacks in reverse order', async () => {
    await run(system);
    const deleted = await run(system, { mode: 'delete' });
    expect(deleted.failure).toBeUndefined();
    const order = listStacks(deleted, 'DeleteStack');
    expect(order.indexOf('app')).toBeLessThan(order.indexOf('data'));
    expect(order.indexOf('data')).toBeLessThan(order.indexOf('network'));
    expect(getStates(await run(system, { mode: 'delete' }))).toEqual({
      app: 'unchanged',
      data: 'unchanged',
      network: 'unchanged',
      mail: 'unchanged',
    });
  });

  it('reports the drift of all stacks', async () => {
    await run(system);
    const drift = await run(system, { mode: 'drift', 'fail-on-drift': 'true' });
    expect(getStates(drift)).toEqual({ app: 'in-sync', data: 'failed', network: 'in-sync', mail: 'in-sync' });
    expect(drift.outputs['drift-status']).toBe('DRIFTED');
    expect(drift.failure).toContain('data: fail-on-drift is true');
  });

  it('ignores drift with the exceptions of the step, which are unused only if no stack has their resource', async () => {
    await run(system);
    const inputs = { mode: 'drift', 'fail-on-drift': 'true', 'on-unused-exception': 'fail' };
    const entry = '{ types: "Test::*", resources: A, reason: scaled }';
    const file = harness.write('drift.yml', `ignore: [${entry}]`);
    const drift = await run(system, { ...inputs, 'ignore-file': file });
    expect(drift.failure).toBeUndefined();
    expect(getStates(drift)['data']).toBe('in-sync');
    expect(drift.outputs['drift-status']).toBe('IN_SYNC');
    const results = JSON.parse(drift.outputs['stack-results'] ?? '');
    expect(results.data['ignored-drift']).toEqual([expect.objectContaining({ logicalId: 'A', reason: 'scaled' })]);
    const older = harness.write('older.yml', `ignore: [${entry}, { resources: Gone, reason: old }]`);
    const unused = await run(system, { ...inputs, 'ignore-file': older });
    expect(unused.failure).toContain('1 unused exception: entry 2 of older.yml matches nothing');
  });

  it('starts independent stacks without waiting', async () => {
    const stacks = [
      { name: 'a', template: good },
      { name: 'b', template: good },
    ];
    expect(getStates(await run(stacks, { wait: 'false' }))).toEqual({ a: 'started', b: 'started' });
    expect(getStates(await run(stacks, { mode: 'wait' }))).toEqual({ a: 'complete', b: 'complete' });
  });
});

describe('an invalid list', () => {
  it.each<[string, readonly Entry[] | string, Readonly<Record<string, string>>, string]>([
    [
      'a circle',
      [
        { name: 'a', template: good, needs: ['b'] },
        { name: 'b', template: good, needs: ['a'] },
      ],
      {},
      'a → b → a',
    ],
    [
      'a circle by parameters',
      [{ name: 'a', template: consumer, parameters: 'Source=stack-output://a/Name' }],
      {},
      'a → a',
    ],
    [
      'an unknown need',
      [
        { name: 'app', template: good, needs: ['netwrok'] },
        { name: 'network', template: good },
      ],
      {},
      'did you mean network?',
    ],
    [
      'an output that the template lacks',
      [
        { name: 'app', template: consumer, parameters: { Source: 'stack-output://network/BName' } },
        { name: 'network', template: good },
      ],
      {},
      'did you mean AName?',
    ],
    [
      'an unknown stack',
      [{ name: 'app', template: consumer, parameters: { Source: 'stack-output://nowhere/X' } }],
      {},
      'output X of stack nowhere, but the stack is neither in the list',
    ],
    [
      'a name twice',
      [
        { name: 'a', template: good },
        { name: 'a', template: good },
      ],
      {},
      'listed twice',
    ],
    ['no list', 'name: a\ntemplate: b', {}, 'is not a list of stacks'],
    ['no entry', '[]', {}, 'is not a list of stacks'],
    ['no name', [{ template: good }], {}, 'has no name'],
    ['a text as an entry', '[a]', {}, 'is not a stack'],
    ['an unknown input', [{ name: 'a', tempalte: good }], {}, "did you mean 'template'?"],
    ['an input of the step', [{ name: 'a', template: good, mode: 'delete' }], {}, "'mode' applies to all stacks"],
    [
      'an alias of an input of the step',
      [{ name: 'a', template: good, 'timeout-in-minutes': 3 }],
      {},
      'applies to all stacks',
    ],
    [
      'a value of the wrong form',
      [{ name: 'a', template: good, 'retry-attempts': 'many' }],
      {},
      "stack a: input 'retry-attempts': 'many'",
    ],
    ['an input without a value', '[{name: a, template: }]', {}, "'template' has no value"],
    ['a missing template', [{ name: 'a' }], {}, "stack a: mode deploy requires the input 'template'"],
    [
      'a repeated key',
      `- name: a\n  name: b\n  template: ${good}`,
      {},
      "input 'stacks':1: a key is set more than once",
    ],
    ['dependent stacks without waiting', system, { wait: 'false' }, 'set wait: true'],
    ['a missing file', 'no-such-file.yml', {}, 'no-such-file.yml'],
  ])('%s is an error before anything is written', async (_, stacks, inputs, message) => {
    const rejected = await run(stacks, inputs);
    expect(rejected.failure).toContain(message);
    expect(rejected.writes).toEqual([]);
  });
});

it('an exception of the step is used if one of its stacks uses it, and is judged once all were', async () => {
  await run([
    { name: 'one', template: good },
    { name: 'two', template: good },
  ]);
  const empty = harness.write('empty.json', renderThings({ B: 'good' }));
  const stacks = [
    { name: 'one', template: empty },
    { name: 'two', template: good },
  ];
  const inputs = { protect: 'all', 'on-unused-exception': 'fail', mode: 'preview' };
  const used = await run(stacks, { ...inputs, 'allow-replacement': 'A' });
  expect(used.failure).toBeUndefined();
  const unused = await run(stacks, { ...inputs, 'allow-replacement': 'A, Old' });
  expect(unused.failure).toContain('1 unused exception: allow-replacement: Old matches nothing');
  const broken = [...stacks, { name: 'three', template: harness.write('invalid.json', '{}') }];
  const partly = await run(broken, { ...inputs, 'allow-replacement': 'A, Old' });
  expect(partly.failure).not.toContain('unused exception');
});
