import { describe, expect, it } from '@jest/globals';
import type { Document } from '../../../../src/api-call.js';
import { CloudFormationFixture, expectRows, getFirstRow } from '../fixture.js';
import { createFixtureInState, renderTemplate, STACK_NAME, scenario } from '../stack-states.js';

const createChangeSet = async (fixture: CloudFormationFixture, template: string, extra: Document = {}) => {
  const input = { StackName: STACK_NAME, ChangeSetName: 'next', TemplateBody: template, ...extra };
  const { Id: id } = await fixture.call('CreateChangeSet', input);
  fixture.wait(2);
  return String(id);
};

const listChanges = async (fixture: CloudFormationFixture, id: string, extra: Document = {}) =>
  expectRows((await fixture.call('DescribeChangeSet', { ChangeSetName: id, ...extra }))['Changes']).map((change) => {
    const detail = change['ResourceChange'];
    if (typeof detail !== 'object' || detail === null) throw new Error('a change without a resource');
    return Object.fromEntries(Object.entries(detail));
  });

describe('a change set for a new stack', () => {
  it('puts the stack in REVIEW_IN_PROGRESS, and creates it when executed', async () => {
    const fixture = new CloudFormationFixture(scenario);
    const create = {
      StackName: STACK_NAME,
      ChangeSetName: 'first',
      ChangeSetType: 'CREATE',
      TemplateBody: renderTemplate({ A: 'good' }),
    };
    const { Id: id, StackId: arn } = await fixture.call('CreateChangeSet', create);
    expect(await fixture.call('DescribeChangeSet', { ChangeSetName: id })).toMatchObject({
      Status: 'CREATE_IN_PROGRESS',
      ExecutionStatus: 'UNAVAILABLE',
      Changes: [],
    });
    fixture.wait(2);
    expect(await fixture.getStatus(STACK_NAME)).toBe('REVIEW_IN_PROGRESS');
    expect(await fixture.call('DescribeChangeSet', { ChangeSetName: 'first', StackName: STACK_NAME })).toMatchObject({
      Status: 'CREATE_COMPLETE',
      ExecutionStatus: 'AVAILABLE',
      Changes: [
        { Type: 'Resource', ResourceChange: { Action: 'Add', LogicalResourceId: 'A', ResourceType: 'Test::Thing' } },
      ],
    });
    expect(await fixture.call('ExecuteChangeSet', { ChangeSetName: id, ClientRequestToken: 'run-1' })).toEqual({});
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('CREATE_COMPLETE');
    expect(await fixture.getStack(STACK_NAME)).toMatchObject({
      StackId: arn,
      ChangeSetId: id,
      LastOperations: [{ OperationType: 'CREATE_STACK' }],
    });
    expect(await fixture.call('DescribeChangeSet', { ChangeSetName: id })).toMatchObject({
      ExecutionStatus: 'EXECUTE_COMPLETE',
    });
    expect((await fixture.call('ListChangeSets', { StackName: STACK_NAME }))['Summaries']).toEqual([]);
  });

  it('is rejected with type UPDATE', async () => {
    const set = { StackName: STACK_NAME, ChangeSetName: 'next', TemplateBody: renderTemplate({ A: 'good' }) };
    expect(await new CloudFormationFixture(scenario).callRejected('CreateChangeSet', set)).toBe(
      'ValidationError: Stack [shop] does not exist',
    );
  });
});

describe('a change set', () => {
  it('fails with a reason if nothing changes', async () => {
    const fixture = await createFixtureInState('CREATE_COMPLETE');
    const id = await createChangeSet(fixture, renderTemplate({ A: 'good' }));
    expect(await fixture.call('DescribeChangeSet', { ChangeSetName: id })).toMatchObject({
      Status: 'FAILED',
      ExecutionStatus: 'UNAVAILABLE',
      StatusReason:
        "The submitted information didn't contain changes. Submit different information to create a change set.",
    });
    expect(await fixture.callRejected('ExecuteChangeSet', { ChangeSetName: id })).toBe(
      `InvalidChangeSetStatus: ChangeSet [${id}] cannot be executed in its current status of [FAILED]`,
    );
  });

  it('fails with another reason if the template has transforms', async () => {
    const fixture = new CloudFormationFixture(scenario);
    const template = `Transform: AWS::LanguageExtensions\n${'Resources: { A: { Type: Test::Thing } }'}`;
    await fixture.call('CreateStack', {
      StackName: STACK_NAME,
      TemplateBody: template,
      Capabilities: ['CAPABILITY_AUTO_EXPAND'],
    });
    await fixture.waitForTerminal(STACK_NAME);
    const id = await createChangeSet(fixture, template);
    const { StatusReason: reason } = await fixture.call('DescribeChangeSet', { ChangeSetName: id });
    expect(reason).toBe('No updates are to be performed.');
  });

  it('is not empty if only outputs change', async () => {
    const fixture = await createFixtureInState('CREATE_COMPLETE');
    const body = { ...JSON.parse(renderTemplate({ A: 'good' })), Outputs: { Id: { Value: { Ref: 'A' } } } };
    const id = await createChangeSet(fixture, JSON.stringify(body));
    expect(await fixture.call('DescribeChangeSet', { ChangeSetName: id })).toMatchObject({
      Status: 'CREATE_COMPLETE',
      Changes: [],
    });
  });

  it('lists added, modified, replaced and removed resources with causes', async () => {
    const fixture = new CloudFormationFixture(scenario);
    const before = `
Parameters: { Name: { Type: String, Default: one } }
Resources:
  Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: !Ref Name } }
  Policy: { Type: AWS::S3::BucketPolicy, Properties: { Bucket: !Ref Topic } }
  Queue: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: 1 } }
  Gone: { Type: Test::Thing, DeletionPolicy: Retain }
`;
    await fixture.call('CreateStack', { StackName: STACK_NAME, TemplateBody: before });
    await fixture.waitForTerminal(STACK_NAME);
    const after = before
      .replace('Default: one', 'Default: two')
      .replace('DelaySeconds: 1', 'DelaySeconds: 2')
      .replace('Gone: { Type: Test::Thing, DeletionPolicy: Retain }', 'New: { Type: Test::Thing }');
    const id = await createChangeSet(fixture, after);
    const changes = await listChanges(fixture, id, { IncludePropertyValues: true });
    const brief = Object.fromEntries(
      changes.map(({ LogicalResourceId: logical, Action: action, Replacement: replacement, PolicyAction: policy }) => [
        logical,
        [action, replacement, policy],
      ]),
    );
    expect(brief).toEqual({
      Topic: ['Modify', 'True', 'ReplaceAndDelete'],
      Policy: ['Modify', 'Conditional', 'ReplaceAndDelete'],
      Queue: ['Modify', 'False', undefined],
      New: ['Add', undefined, undefined],
      Gone: ['Remove', undefined, 'Retain'],
    });
    const [topic, , policy] = ['Topic', 'Queue', 'Policy'].map((name) =>
      changes.find((entry) => entry['LogicalResourceId'] === name),
    );
    expect(topic).toMatchObject({
      Scope: ['Properties'],
      Details: [
        { Evaluation: 'Dynamic', ChangeSource: 'DirectModification' },
        {
          Target: {
            Attribute: 'Properties',
            Name: 'TopicName',
            RequiresRecreation: 'Always',
            BeforeValue: 'one',
            AfterValue: 'two',
          },
          Evaluation: 'Static',
          ChangeSource: 'ParameterReference',
          CausingEntity: 'Name',
        },
      ],
    });
    expect(policy).toMatchObject({
      Details: [
        {
          Target: {
            Name: 'Bucket',
            RequiresRecreation: 'Conditionally',
            AfterValue: '{{changeSet:KNOWN_AFTER_APPLY}}',
          },
          Evaluation: 'Dynamic',
          ChangeSource: 'ResourceReference',
        },
      ],
    });
  });

  it('deletes other change sets when executed, and can still be read by its ARN', async () => {
    const fixture = await createFixtureInState('CREATE_COMPLETE');
    const other = await createChangeSet(fixture, renderTemplate({ A: 'worse' }), { ChangeSetName: 'other' });
    const id = await createChangeSet(fixture, renderTemplate({ A: 'better' }));
    await fixture.call('ExecuteChangeSet', { ChangeSetName: id });
    expect(await fixture.callRejected('DescribeChangeSet', { ChangeSetName: other })).toContain('ChangeSetNotFound');
    expect(await fixture.call('DescribeChangeSet', { ChangeSetName: id })).toMatchObject({
      ExecutionStatus: 'EXECUTE_IN_PROGRESS',
    });
    await fixture.waitForTerminal(STACK_NAME);
    expect(await fixture.call('DescribeChangeSet', { ChangeSetName: id })).toMatchObject({
      ExecutionStatus: 'EXECUTE_COMPLETE',
    });
  });

  it('resumes a preserved failure only with rollback disabled', async () => {
    const fixture = await createFixtureInState('UPDATE_FAILED');
    const id = await createChangeSet(fixture, renderTemplate({ A: 'better' }));
    expect(await fixture.callRejected('ExecuteChangeSet', { ChangeSetName: id, DisableRollback: false })).toContain(
      'currently in a non-terminal [UPDATE_FAILED] state',
    );
    await fixture.call('ExecuteChangeSet', { ChangeSetName: id, DisableRollback: true });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('UPDATE_COMPLETE');
  });

  it('has a unique name, and can be deleted twice', async () => {
    const fixture = await createFixtureInState('CREATE_COMPLETE');
    await createChangeSet(fixture, renderTemplate({ A: 'better' }));
    const again = { StackName: STACK_NAME, ChangeSetName: 'next', TemplateBody: renderTemplate({ A: 'other' }) };
    expect(await fixture.callRejected('CreateChangeSet', again)).toBe(
      'AlreadyExistsException: ChangeSet [next] already exists',
    );
    await fixture.call('DeleteChangeSet', { StackName: STACK_NAME, ChangeSetName: 'next' });
    await fixture.call('DeleteChangeSet', { StackName: STACK_NAME, ChangeSetName: 'next' });
    await createChangeSet(fixture, renderTemplate({ A: 'other' }));
  });

  it('is rejected while an operation is in progress', async () => {
    const fixture = await createFixtureInState('CREATE_COMPLETE');
    const id = await createChangeSet(fixture, renderTemplate({ A: 'better' }));
    await fixture.call('UpdateStack', { StackName: STACK_NAME, TemplateBody: renderTemplate({ A: 'best' }) });
    expect(await fixture.callRejected('ExecuteChangeSet', { ChangeSetName: id })).toContain('InvalidChangeSetStatus');
  });

  it('returns its changes in pages', async () => {
    const fixture = new CloudFormationFixture(scenario);
    const modes = Object.fromEntries(Array.from({ length: 130 }, (_, index) => [`T${index}`, 'good']));
    const id = await createChangeSet(fixture, renderTemplate(modes), { ChangeSetType: 'CREATE' });
    const page = await fixture.call('DescribeChangeSet', { ChangeSetName: id });
    expect(expectRows(page['Changes'])).toHaveLength(100);
    const rest = await fixture.call('DescribeChangeSet', { ChangeSetName: id, NextToken: page['NextToken'] });
    expect(expectRows(rest['Changes'])).toHaveLength(30);
    expect(rest['NextToken']).toBeUndefined();
  });

  it('rejects DisableRollback in addition to OnStackFailure', async () => {
    const fixture = new CloudFormationFixture(scenario);
    const id = await createChangeSet(fixture, renderTemplate({ A: 'bad' }), {
      ChangeSetType: 'CREATE',
      OnStackFailure: 'DELETE',
    });
    expect(await fixture.callRejected('ExecuteChangeSet', { ChangeSetName: id, DisableRollback: true })).toContain(
      'OnStackFailure',
    );
    const arn = String((await fixture.getStack(STACK_NAME))['StackId']);
    await fixture.call('ExecuteChangeSet', { ChangeSetName: id });
    expect(await fixture.waitForTerminal(arn)).toBe('DELETE_COMPLETE');
  });

  it('fails on early validation, with the location in DescribeEvents', async () => {
    const rule = {
      on: { property: { path: 'Mode', equals: 'wrong' } },
      fail: { reason: '#/Mode: wrong is not one of good, bad', validation: 'PROPERTY_VALIDATION' },
    };
    const fixture = new CloudFormationFixture({ ...scenario, rules: [rule] });
    const id = await createChangeSet(fixture, renderTemplate({ A: 'wrong' }), { ChangeSetType: 'CREATE' });
    const described = await fixture.call('DescribeChangeSet', { ChangeSetName: id });
    expect(described['Status']).toBe('FAILED');
    expect(described['StatusReason']).toContain('[AWS::EarlyValidation::PROPERTY_VALIDATION]');
    expect(getFirstRow((await fixture.call('DescribeEvents', { ChangeSetName: id }))['OperationEvents'])).toMatchObject(
      {
        EventType: 'VALIDATION_ERROR',
        LogicalResourceId: 'A',
        ValidationName: 'PROPERTY_VALIDATION',
        ValidationStatus: 'FAILED',
        ValidationStatusReason: '#/Mode: wrong is not one of good, bad',
        ValidationPath: '/Resources/A/Properties/Mode',
      },
    );
    const unchecked = await createChangeSet(fixture, renderTemplate({ A: 'wrong' }), {
      ChangeSetType: 'CREATE',
      ChangeSetName: 'unchecked',
      DisableValidation: true,
    });
    expect((await fixture.call('DescribeChangeSet', { ChangeSetName: unchecked }))['Status']).toBe('CREATE_COMPLETE');
  });

  it('is deleted with its stack in REVIEW_IN_PROGRESS', async () => {
    const fixture = await createFixtureInState('REVIEW_IN_PROGRESS');
    const [set] = expectRows((await fixture.call('ListChangeSets', { StackName: STACK_NAME }))['Summaries']);
    await fixture.call('DeleteStack', { StackName: STACK_NAME });
    expect(await fixture.callRejected('DescribeStacks', { StackName: STACK_NAME })).toContain('does not exist');
    const notFound = await fixture.callRejected('DescribeChangeSet', { ChangeSetName: set?.['ChangeSetId'] });
    expect(notFound).toContain('ChangeSetNotFound');
  });
});

describe('a change set whose stack was updated', () => {
  it('is obsolete', async () => {
    const fixture = await createFixtureInState('CREATE_COMPLETE');
    const id = await createChangeSet(fixture, renderTemplate({ A: 'better' }));
    await fixture.call('UpdateStack', { StackName: STACK_NAME, TemplateBody: renderTemplate({ A: 'best' }) });
    await fixture.waitForTerminal(STACK_NAME);
    expect(await fixture.call('DescribeChangeSet', { ChangeSetName: id })).toMatchObject({
      ExecutionStatus: 'OBSOLETE',
    });
    expect(await fixture.callRejected('ExecuteChangeSet', { ChangeSetName: id })).toBe(
      `InvalidChangeSetStatus: ChangeSet [${id}] cannot be executed in its current status of [OBSOLETE]`,
    );
  });
});
