import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ACCOUNTS, deploySet, getInstances, openStackSets, renderTemplate } from './stack-set-harness.js';

const harness = await openStackSets();
afterAll(() => harness.close());
beforeEach(() => harness.aws.reset());

const [first, second, third] = ACCOUNTS;

describe('a deployment of a stack set', () => {
  it('creates the set and its instances with one operation', async () => {
    const run = await deploySet(harness);
    expect(run.failure).toBeUndefined();
    expect(run.writes).toEqual(['CreateStackSet', 'CreateStackInstances']);
    expect(getInstances(run)).toEqual(
      Object.fromEntries(
        ACCOUNTS.flatMap((account) =>
          ['eu-central-1', 'us-east-1'].map((region) => [`${account}/${region}`, 'SUCCEEDED']),
        ),
      ),
    );
    expect(run.log).toContain(`SUCCEEDED ${first} eu-central-1`);
    expect(run.outputs['stack-set-id']).toMatch(/^guard:/u);
    expect(JSON.parse(run.outputs['operation-ids'] ?? '')).toHaveLength(1);
  });

  it('makes no writing call if nothing differs', async () => {
    await deploySet(harness);
    const run = await deploySet(harness);
    expect([run.failure, run.writes]).toEqual([undefined, []]);
    expect(run.outputs['has-changes']).toBe('false');
    expect(run.summary).toContain('guard: no changes');
    expect((await deploySet(harness, { 'fail-on-empty': 'true' })).failure).toContain('fail-on-empty');
  });

  it('updates all instances with one call without targets', async () => {
    await deploySet(harness);
    const run = await deploySet(harness, { template: renderTemplate(14) });
    expect([run.failure, run.writes]).toEqual([undefined, ['UpdateStackSet']]);
    expect(run.calls.find(({ operation }) => operation === 'UpdateStackSet')).toBeDefined();
  });

  it('creates only what is missing', async () => {
    await deploySet(harness, { accounts: first });
    const run = await deploySet(harness);
    expect(run.writes).toEqual(['CreateStackInstances']);
    expect(getInstances(run)[`${first}/us-east-1`]).toBe('CURRENT');
  });

  it('leaves instances that are not targeted as they are', async () => {
    await deploySet(harness);
    const run = await deploySet(harness, { accounts: `${first},${second}`, template: renderTemplate(14) });
    expect([run.failure, run.writes]).toEqual([undefined, ['UpdateStackSet']]);
    const after = await deploySet(harness, { mode: 'drift', accounts: third });
    expect(Object.keys(getInstances(after))).toEqual([`${third}/eu-central-1`, `${third}/us-east-1`]);
    expect(run.log).not.toContain(third);
  });

  it('refuses a change that would reach instances that are not targeted', async () => {
    await deploySet(harness, { accounts: third });
    const run = await deploySet(harness, { accounts: first, template: renderTemplate(14) });
    expect(run.failure).toContain('would reach 2 instances that are not targeted');
    expect(run.writes).toEqual([]);
  });

  it('deletes instances only with remove-untargeted', async () => {
    await deploySet(harness);
    expect((await deploySet(harness, { accounts: first })).writes).toEqual([]);
    const run = await deploySet(harness, { accounts: first, 'remove-untargeted': 'true' });
    expect([run.failure, run.writes]).toEqual([undefined, ['DeleteStackInstances']]);
    expect((await deploySet(harness)).writes).toEqual(['CreateStackInstances']);
  });

  it('deletes untargeted instances first if the set has no targeted ones', async () => {
    await deploySet(harness, { accounts: third });
    const inputs = { accounts: first, template: renderTemplate(14), 'remove-untargeted': 'true' };
    const run = await deploySet(harness, inputs);
    expect([run.failure, run.writes]).toEqual([
      undefined,
      ['DeleteStackInstances', 'UpdateStackSet', 'CreateStackInstances'],
    ]);
  });

  it('changes managed execution first and alone', async () => {
    await deploySet(harness);
    const run = await deploySet(harness, { 'managed-execution': 'true', template: renderTemplate(14) });
    expect([run.failure, run.writes]).toEqual([undefined, ['UpdateStackSet', 'UpdateStackSet']]);
    expect((await deploySet(harness, { 'managed-execution': 'true', template: renderTemplate(14) })).writes).toEqual(
      [],
    );
  });

  it('updates the set before an override of its new parameter', async () => {
    await deploySet(harness);
    const template = renderTemplate(7, { Owner: { Type: 'String', Default: 'team' } });
    const inputs = {
      template,
      'parameter-overrides-by-target': `{"${first}": {"Owner": "security"}, "us-east-1": {"Prefix": "b"}}`,
    };
    const run = await deploySet(harness, inputs);
    expect(run.failure).toBeUndefined();
    expect(run.writes).toEqual(['UpdateStackSet', ...Array(3).fill('UpdateStackInstances')]);
    expect((await deploySet(harness, inputs)).writes).toEqual([]);
    const reset = await deploySet(harness, { template, 'parameter-overrides-by-target': '{}' });
    expect(reset.writes.every((name) => name === 'UpdateStackInstances')).toBe(true);
    expect((await deploySet(harness, { template, 'parameter-overrides-by-target': '{}' })).writes).toEqual([]);
  });

  it('creates instances with their overrides', async () => {
    const inputs = { 'parameter-overrides-by-target': '{"us-east-1": {"Prefix": "b"}}' };
    expect((await deploySet(harness, inputs)).writes).toEqual([
      'CreateStackSet',
      'CreateStackInstances',
      'CreateStackInstances',
    ]);
    expect((await deploySet(harness, inputs)).writes).toEqual([]);
  });

  it('rejects inputs that contradict each other before any call', async () => {
    const run = await deploySet(harness, { accounts: '12' });
    expect(run.failure).toContain("input 'accounts': '12' is not a 12-digit account ID");
    const filter = await deploySet(harness, { 'account-filter': 'difference' });
    expect(filter.failure).toContain('account-filter requires');
    const mode = await deploySet(harness, { mode: 'rollback' });
    expect(mode.failure).toContain('mode rollback is not available for stack sets');
    const policy = await deploySet(harness, { 'stack-policy': '{}' });
    expect(policy.failure).toContain("input 'stack-policy' is not available for stack sets");
    const drift = await deploySet(harness, { mode: 'drift', 'ignore-file': 'drift.yml', protect: 'security' });
    expect(drift.failure).toContain("input 'ignore-file', 'protect' is not available for stack sets");
    const preferences = await deploySet(harness, { 'operation-preferences': 'MaxConcurrentCount: 0' });
    expect(preferences.failure).toContain("MaxConcurrentCount '0' is not a whole number from 1 to 1000");
    expect([run, filter, mode, policy, drift, preferences].flatMap(({ calls }) => calls)).toEqual([]);
  });
});

describe('a stack set with service-managed permissions', () => {
  const inputs = { 'organizational-units': 'ou-abcd-11111111' };

  it('deploys to organizational units', async () => {
    const run = await deploySet(harness, inputs);
    expect([run.failure, run.writes]).toEqual([undefined, ['CreateStackSet', 'CreateStackInstances']]);
    expect(Object.keys(getInstances(run))).toHaveLength(4);
    expect((await deploySet(harness, inputs)).writes).toEqual([]);
  });

  it('deploys to units first and then to accounts', async () => {
    const run = await deploySet(harness, { ...inputs, accounts: third });
    expect([run.failure, run.writes]).toEqual([
      undefined,
      ['CreateStackSet', 'CreateStackInstances', 'CreateStackInstances'],
    ]);
    expect(Object.keys(getInstances(run))).toHaveLength(6);
    expect((await deploySet(harness, { ...inputs, accounts: third })).writes).toEqual([]);
  });

  it.each([
    ['intersection', [first]],
    ['difference', [second]],
  ])('narrows units with account-filter %s', async (filter, accounts) => {
    const run = await deploySet(harness, { ...inputs, accounts: first, 'account-filter': filter });
    expect(run.failure).toBeUndefined();
    expect([...new Set(Object.keys(getInstances(run)).map((key) => key.split('/')[0]))]).toEqual(accounts);
    expect((await deploySet(harness, { ...inputs, accounts: first, 'account-filter': filter })).writes).toEqual([]);
  });

  it('removes units that are not targeted any more', async () => {
    await deploySet(harness, { 'organizational-units': 'ou-abcd-11111111,ou-abcd-22222222' });
    const run = await deploySet(harness, { ...inputs, 'remove-untargeted': 'true' });
    expect([run.failure, run.writes]).toEqual([undefined, ['DeleteStackInstances']]);
    expect((await deploySet(harness, { ...inputs, 'remove-untargeted': 'true' })).writes).toEqual([]);
  });

  it('changes automatic deployment without targets', async () => {
    await deploySet(harness, inputs);
    const run = await deploySet(harness, { ...inputs, 'auto-deployment': 'true' });
    expect([run.failure, run.writes]).toEqual([undefined, ['UpdateStackSet']]);
    expect((await deploySet(harness, { ...inputs, 'auto-deployment': 'true' })).writes).toEqual([]);
  });

  it.each([
    ['macros', { Transform: 'AWS::Serverless-2016-10-31' }],
    [
      'nested stacks',
      {
        Resources: {
          Inner: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'https://s3.amazonaws.com/b/k' } },
        },
      },
    ],
  ])('refuses %s before any call', async (_, template) => {
    const run = await deploySet(harness, {
      ...inputs,
      template: JSON.stringify({ ...JSON.parse(renderTemplate()), ...template }),
    });
    expect(run.failure).toContain('service-managed permissions do not support macros and nested stacks');
    expect(run.calls.map(({ operation }) => operation)).toEqual(['GetCallerIdentity']);
  });
});
