import { describe, expect, it } from '@jest/globals';
import type { Document } from '../../../../src/api-call.js';
import { CloudFormationFixture, expectRows } from '../fixture.js';
import { STACK_NAME, scenario } from '../stack-states.js';

const renderChild = (mode: string) => `
Parameters: { Mode: { Type: String, Default: ${mode} } }
Resources: { Inner: { Type: Test::Thing, Properties: { Mode: !Ref Mode } } }
Outputs: { Name: { Value: !Ref Inner } }
`;

const renderParent = (url: string, mode: string) => `
Resources:
  Nested: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: ${url}, Parameters: { Mode: ${mode} } } }
  After: { Type: Test::Thing, Properties: { Name: !GetAtt Nested.Outputs.Name } }
Outputs: { Name: { Value: !GetAtt Nested.Outputs.Name } }
`;

const getNestedId = async (fixture: CloudFormationFixture) =>
  String((await fixture.getPhysicalIds(STACK_NAME))['Nested']);

const createNestedStack = async (mode: string, extra: Document = {}) => {
  const fixture = new CloudFormationFixture(scenario);
  const url = await fixture.putObject('templates', 'child.yaml', renderChild('good'));
  await fixture.call('CreateStack', { StackName: STACK_NAME, TemplateBody: renderParent(url, mode), ...extra });
  await fixture.waitForTerminal(STACK_NAME);
  return { fixture, url };
};

describe('a nested stack', () => {
  it('is created from a template in S3, and its outputs are attributes', async () => {
    const { fixture } = await createNestedStack('good');
    expect(await fixture.getStatus(STACK_NAME)).toBe('CREATE_COMPLETE');
    const id = await getNestedId(fixture);
    expect(await fixture.getStack(id)).toMatchObject({
      StackStatus: 'CREATE_COMPLETE',
      ParentId: (await fixture.getStack(STACK_NAME))['StackId'],
      RootId: (await fixture.getStack(STACK_NAME))['StackId'],
    });
    expect((await fixture.getOutputs(STACK_NAME))['Name']).toBe((await fixture.getPhysicalIds(id))['Inner']);
    expect(await fixture.callRejected('DeleteStack', { StackName: id })).toContain('delete its root');
  });

  it('rolls its parent back when it fails', async () => {
    const { fixture } = await createNestedStack('bad');
    expect(await fixture.getStatus(STACK_NAME)).toBe('ROLLBACK_COMPLETE');
    const id = await getNestedId(fixture);
    expect(await fixture.listEvents(STACK_NAME)).toContain(
      `Nested CREATE_FAILED Embedded stack ${id} was not successfully created: The following resource(s) failed to create: [Inner]. `,
    );
    expect(await fixture.getStatus(id)).toBe('DELETE_COMPLETE');
  });

  it('resumes after a preserved failure', async () => {
    const { fixture, url } = await createNestedStack('bad', { DisableRollback: true });
    expect(await fixture.getStatus(STACK_NAME)).toBe('CREATE_FAILED');
    const id = await getNestedId(fixture);
    expect(await fixture.getStatus(id)).toBe('CREATE_FAILED');
    await fixture.call('UpdateStack', {
      StackName: STACK_NAME,
      TemplateBody: renderParent(url, 'good'),
      DisableRollback: true,
    });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('UPDATE_COMPLETE');
    expect(await getNestedId(fixture)).toBe(id);
    expect(await fixture.getStatus(id)).toBe('UPDATE_COMPLETE');
    expect((await fixture.listEvents(STACK_NAME)).join()).not.toContain('Nested DELETE');
  });

  it('is not updated if nothing in it changes', async () => {
    const { fixture, url } = await createNestedStack('good');
    const before = (await fixture.listEvents(await getNestedId(fixture))).length;
    await fixture.call('UpdateStack', {
      StackName: STACK_NAME,
      TemplateBody: `${renderParent(url, 'good')}\nDescription: x`,
      Tags: [{ Key: 'a', Value: 'b' }],
    });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('UPDATE_COMPLETE');
    expect(await fixture.listEvents(await getNestedId(fixture))).toHaveLength(before);
  });

  it('is rolled back when its parent fails later', async () => {
    const { fixture, url } = await createNestedStack('good');
    const id = await getNestedId(fixture);
    const inner = await fixture.getPhysicalIds(id);
    const next = renderParent(url, 'better').replace('Name: !GetAtt', 'Mode: bad, Name: !GetAtt');
    await fixture.call('UpdateStack', { StackName: STACK_NAME, TemplateBody: next });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await fixture.getStatus(id)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await fixture.getPhysicalIds(id)).toEqual(inner);
    expect((await fixture.listEvents(id)).slice(5)).toEqual([
      expect.stringMatching(/ UPDATE_IN_PROGRESS User Initiated$/),
      'Inner UPDATE_IN_PROGRESS',
      'Inner UPDATE_COMPLETE',
      expect.stringMatching(/ UPDATE_COMPLETE_CLEANUP_IN_PROGRESS$/),
      expect.stringMatching(/ UPDATE_ROLLBACK_IN_PROGRESS Rollback requested by parent stack$/),
      'Inner UPDATE_IN_PROGRESS',
      'Inner UPDATE_COMPLETE',
      expect.stringMatching(/ UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS$/),
      expect.stringMatching(/ UPDATE_ROLLBACK_COMPLETE$/),
    ]);
  });

  it('is cancelled with its parent', async () => {
    const { fixture, url } = await createNestedStack('good');
    const id = await getNestedId(fixture);
    await fixture.call('UpdateStack', { StackName: STACK_NAME, TemplateBody: renderParent(url, 'better') });
    fixture.wait(1);
    expect(await fixture.getStatus(id)).toBe('UPDATE_IN_PROGRESS');
    await fixture.call('CancelUpdateStack', { StackName: STACK_NAME });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await fixture.getStatus(id)).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  it('allows skipping single resources whose rollback failed', async () => {
    const { fixture, url } = await createNestedStack('stuck');
    await fixture.call('UpdateStack', { StackName: STACK_NAME, TemplateBody: renderParent(url, 'bad') });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('UPDATE_ROLLBACK_FAILED');
    await fixture.call('ContinueUpdateRollback', { StackName: STACK_NAME, ResourcesToSkip: ['Nested.Inner'] });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await fixture.getStatus(await getNestedId(fixture))).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  it('is deleted with its root', async () => {
    const { fixture } = await createNestedStack('good');
    const id = await getNestedId(fixture);
    await fixture.call('DeleteStack', { StackName: STACK_NAME });
    fixture.wait(30);
    expect(await fixture.getStatus(id)).toBe('DELETE_COMPLETE');
  });

  it('gets its own change set on request', async () => {
    const { fixture, url } = await createNestedStack('good');
    const set = {
      StackName: STACK_NAME,
      ChangeSetName: 'next',
      TemplateBody: renderParent(url, 'better'),
      IncludeNestedStacks: true,
    };
    const { Id: root } = await fixture.call('CreateChangeSet', set);
    fixture.wait(2);
    const described = await fixture.call('DescribeChangeSet', { ChangeSetName: root });
    const [change] = expectRows(described['Changes']);
    const inner = String(
      Object.entries(change?.['ResourceChange'] ?? {}).find(([name]) => name === 'ChangeSetId')?.[1],
    );
    expect(await fixture.call('DescribeChangeSet', { ChangeSetName: inner })).toMatchObject({
      ParentChangeSetId: root,
      RootChangeSetId: root,
      Changes: [{ ResourceChange: { LogicalResourceId: 'Inner', Action: 'Modify' } }],
    });
    await fixture.call('ExecuteChangeSet', { ChangeSetName: root });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('UPDATE_COMPLETE');
    expect(await fixture.call('DescribeChangeSet', { ChangeSetName: inner })).toMatchObject({
      ExecutionStatus: 'EXECUTE_COMPLETE',
    });
  });

  it('is in REVIEW_IN_PROGRESS after a change set, and created by its execution', async () => {
    const fixture = new CloudFormationFixture(scenario);
    const url = await fixture.putObject('templates', 'child.yaml', renderChild('good'));
    const set = {
      StackName: STACK_NAME,
      ChangeSetName: 'first',
      ChangeSetType: 'CREATE',
      TemplateBody: renderParent(url, 'good'),
      IncludeNestedStacks: true,
    };
    await fixture.call('CreateChangeSet', set);
    const review = expectRows(
      (await fixture.call('ListStacks', { StackStatusFilter: ['REVIEW_IN_PROGRESS'] }))['StackSummaries'],
    );
    expect(review.map(({ StackName: name }) => name)).toEqual([expect.stringMatching(/^shop-Nested-/), STACK_NAME]);
    fixture.wait(2);
    await fixture.call('ExecuteChangeSet', { StackName: STACK_NAME, ChangeSetName: 'first' });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('CREATE_COMPLETE');
    expect(await getNestedId(fixture)).toBe(review[0]?.['StackId']);
  });

  it('requires a readable template', async () => {
    const fixture = new CloudFormationFixture(scenario);
    const missing = renderParent('https://templates.s3.us-east-1.amazonaws.com/none.yaml', 'good');
    expect(await fixture.callRejected('CreateStack', { StackName: STACK_NAME, TemplateBody: missing })).toBe(
      'ValidationError: S3 error: The specified bucket does not exist',
    );
  });
});
