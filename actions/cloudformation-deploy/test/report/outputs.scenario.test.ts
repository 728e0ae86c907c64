import { afterAll, expect, it } from '@jest/globals';
import { definition } from '../../action.js';
import { renderThings, scenario, TestHarness } from '../harness.js';

const harness = await TestHarness.open({
  ...scenario,
  cloudformation: { ...scenario.cloudformation, drift: [{ stack: 'shop', resource: 'A' }] },
});
afterAll(() => harness.close());

it('every declared output is set by some run with its value', async () => {
  const broken = await harness.deploy({ template: harness.writeTemplate({ A: 'bad' }), 'on-failure': 'preserve' });
  const good = await harness.deploy({ template: harness.writeTemplate({ A: 'good', B: 'good' }) });
  const drift = await harness.deploy({ mode: 'drift' });
  const stacks = JSON.stringify([{ name: 'one', template: harness.writeTemplate({ A: 'good' }) }]);
  const several = await harness.deploy({ name: '', stacks });
  const set = await harness.deploy({
    name: 'guard',
    template: harness.writeTemplate({ A: 'good' }),
    accounts: '111111111111',
    regions: 'eu-central-1',
  });
  expect(JSON.parse(set.outputs['stack-set-instances'] ?? '')).toEqual({ '111111111111/eu-central-1': 'SUCCEEDED' });
  const all = { ...set.outputs, ...several.outputs, ...broken.outputs, ...drift.outputs, ...good.outputs };
  const own = Object.keys(definition.outputs).filter((name) => name !== '*');
  expect(Object.keys(all)).toEqual(expect.arrayContaining(own));

  expect(good.outputs['stack-id']).toMatch(/^arn:aws:cloudformation:eu-central-1:123456789012:stack\/shop\//u);
  expect(JSON.parse(good.outputs['stack-outputs'] ?? '')).toEqual({
    AName: good.outputs['AName'],
    BName: good.outputs['BName'],
  });
  expect(good.outputs['change-set-id']).toContain(good.outputs['change-set-name']);
  expect(good.outputs['has-changes']).toBe('true');
  expect(good.outputs['changes-markdown']).toContain('🟢 Add | `B` | Test::Thing');
  expect(good.outputs['console-url']).toContain('https://eu-central-1.console.aws.amazon.com/cloudformation/');
  expect(JSON.parse(several.outputs['stack-results'] ?? '')).toMatchObject({
    one: { 'stack-status': 'CREATE_COMPLETE' },
  });
  expect(broken.outputs['retry-count']).toBe('0');
  expect(broken.outputs['was-resumed']).toBe('false');
});

it('every output of the action has a hyphen, which stack outputs cannot have', () => {
  for (const name of Object.keys(definition.outputs)) expect(name === '*' || name.includes('-')).toBe(true);
});

it('stack outputs that differ only in case are set in stack-outputs alone', async () => {
  const Resources = { A: { Type: 'Test::Thing' } };
  const Outputs = { Url: { Value: 'one' }, URL: { Value: 'two' }, Name: { Value: 'three' } };
  const file = harness.write('alike.json', JSON.stringify({ Resources, Outputs }));
  const run = await harness.deploy({ name: 'alike', template: file });
  expect(run.failure).toBeUndefined();
  expect(Object.keys(run.outputs)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^url$/iu)]));
  expect(run.outputs['Name']).toBe('three');
  expect(JSON.parse(run.outputs['stack-outputs'] ?? '')).toEqual({ Url: 'one', URL: 'two', Name: 'three' });
  expect(run.log).toContain('Stack outputs Url, URL differ only in case');
});

it('following a stack of 500 resources makes few calls and adds little time', async () => {
  const modes = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`R${index}`, 'good']));
  const { Resources } = JSON.parse(renderThings(modes));
  const run = await harness.deploy({ name: 'big', template: harness.write('big.json', JSON.stringify({ Resources })) });
  expect(run.failure).toBeUndefined();
  const lines = run.log.split('\n').filter((line) => line.startsWith('[')).length;
  expect(lines).toBeLessThanOrEqual(2 * 500 + 2);
  expect(run.log).toContain('(500/500)');
  expect(run.summary.split('\n').length).toBeLessThan(150);
});

it('a run ends at most two seconds after its operation', async () => {
  const { durationMs } = await harness.deploy({ name: 'timed', template: harness.writeTemplate({ A: 'good' }) });
  // One second for the change set, four for the resource.
  expect(durationMs).toBeLessThanOrEqual(5000 + 2000);
});
