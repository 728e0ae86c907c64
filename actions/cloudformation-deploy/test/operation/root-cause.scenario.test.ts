import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type RunResult, renderThings, TestHarness } from '../harness.js';

const harness = await TestHarness.open();
afterAll(() => harness.close());
beforeEach(() => {
  harness.aws.reset();
  harness.aws.setFaults([]);
});

const template = (modes: Parameters<typeof renderThings>[0]): string =>
  harness.write('template.json', renderThings(modes));

/** Root causes as `stack logical id status`, in their order. */
const findCauses = ({ outputs }: RunResult): readonly string[] =>
  JSON.parse(outputs['failed-resources'] ?? '[]').map((cause: Record<string, string>) =>
    [cause['stack'], cause['logicalId'], cause['status']].join(' '),
  );

const denyEvents = (): void =>
  harness.aws.setFaults([
    { fault: 'error', operation: 'DescribeStackEvents', code: 'AccessDenied', message: 'not allowed', status: 403 },
  ]);

const preserve = { 'on-failure': 'preserve' };

describe.each([
  ['its events', () => {}],
  ['the failed events of the operation alone', denyEvents],
])('the root causes of a stack, read from %s,', (_label, prepare) => {
  it('are the resources that failed, not the stack that failed with them', async () => {
    prepare();
    const run = await harness.deploy({ template: template({ A: 'good', B: 'bad' }), ...preserve });
    expect(run.outputs['stack-status']).toBe('CREATE_FAILED');
    expect(findCauses(run)).toEqual([' B CREATE_FAILED']);
  });

  it('of an update are its resources', async () => {
    await harness.deploy({ template: template({ A: 'good' }) });
    prepare();
    const run = await harness.deploy({ template: template({ A: 'bad' }), ...preserve });
    expect(run.outputs['stack-status']).toBe('UPDATE_FAILED');
    expect(findCauses(run)).toEqual([' A UPDATE_FAILED']);
  });

  it('are none of the resources that were cancelled because of them', async () => {
    prepare();
    const modes = { A: 'bad', B: 'good', C: 'good' };
    expect(findCauses(await harness.deploy({ template: template(modes), ...preserve }))).toEqual([' A CREATE_FAILED']);
  });
});

it('the root causes of a deletion are its resources', async () => {
  await harness.deploy({ template: template({ A: 'sticky', B: 'good' }) });
  const run = await harness.deploy({ mode: 'delete' });
  expect(run.outputs['stack-status']).toBe('DELETE_FAILED');
  expect(findCauses(run)).toEqual([' A DELETE_FAILED']);
});

describe('the root causes of a nested stack', () => {
  it('are the resources at the leaf alone', async () => {
    harness.write('inner.json', renderThings({ Leaf: 'bad' }));
    const Middle = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'inner.json' } };
    const path = harness.write('top.json', JSON.stringify({ Resources: { Middle } }));
    expect(findCauses(await harness.deploy({ template: path, ...preserve }))).toEqual(['Middle Leaf CREATE_FAILED']);
  });

  it('are none that an earlier operation left in its events', async () => {
    harness.write('inner.json', renderThings({ Leaf: 'bad' }));
    const Middle = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'inner.json' } };
    const path = harness.write('top.json', JSON.stringify({ Resources: { Middle } }));
    await harness.deploy({ template: path, ...preserve });
    await harness.wait(60);
    harness.write('inner.json', renderThings({ Leaf: 'good', Other: 'bad' }));
    expect(findCauses(await harness.deploy({ template: path, ...preserve }))).toEqual(['Middle Other CREATE_FAILED']);
  });
});
