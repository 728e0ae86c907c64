import { describe, expect, it } from '@jest/globals';
import type { Document } from '../../src/call.js';
import { first, Lab, rows } from './lab.js';
import { STACK, scenario, situation, things } from './situations.js';

const propose = async (lab: Lab, template: string, more: Document = {}) => {
  const input = { StackName: STACK, ChangeSetName: 'next', TemplateBody: template, ...more };
  const { Id: id } = await lab.call('CreateChangeSet', input);
  lab.wait(2);
  return String(id);
};

const changesOf = async (lab: Lab, id: string, more: Document = {}) =>
  rows((await lab.call('DescribeChangeSet', { ChangeSetName: id, ...more }))['Changes']).map((change) => {
    const detail = change['ResourceChange'];
    if (typeof detail !== 'object' || detail === null) throw new Error('a change without a resource');
    return Object.fromEntries(Object.entries(detail));
  });

describe('a change set for a stack that is not there', () => {
  it('puts it up for review, and creates it when it is executed', async () => {
    const lab = new Lab(scenario);
    const create = {
      StackName: STACK,
      ChangeSetName: 'first',
      ChangeSetType: 'CREATE',
      TemplateBody: things({ A: 'good' }),
    };
    const { Id: id, StackId: arn } = await lab.call('CreateChangeSet', create);
    expect(await lab.call('DescribeChangeSet', { ChangeSetName: id })).toMatchObject({
      Status: 'CREATE_IN_PROGRESS',
      ExecutionStatus: 'UNAVAILABLE',
      Changes: [],
    });
    lab.wait(2);
    expect(await lab.status(STACK)).toBe('REVIEW_IN_PROGRESS');
    expect(await lab.call('DescribeChangeSet', { ChangeSetName: 'first', StackName: STACK })).toMatchObject({
      Status: 'CREATE_COMPLETE',
      ExecutionStatus: 'AVAILABLE',
      Changes: [
        { Type: 'Resource', ResourceChange: { Action: 'Add', LogicalResourceId: 'A', ResourceType: 'Test::Thing' } },
      ],
    });
    expect(await lab.call('ExecuteChangeSet', { ChangeSetName: id, ClientRequestToken: 'run-1' })).toEqual({});
    expect(await lab.rest(STACK)).toBe('CREATE_COMPLETE');
    expect(await lab.stack(STACK)).toMatchObject({
      StackId: arn,
      ChangeSetId: id,
      LastOperations: [{ OperationType: 'CREATE_STACK' }],
    });
    expect(await lab.call('DescribeChangeSet', { ChangeSetName: id })).toMatchObject({
      ExecutionStatus: 'EXECUTE_COMPLETE',
    });
    expect((await lab.call('ListChangeSets', { StackName: STACK }))['Summaries']).toEqual([]);
  });

  it('needs a stack where it is of type UPDATE', async () => {
    const set = { StackName: STACK, ChangeSetName: 'next', TemplateBody: things({ A: 'good' }) };
    expect(await new Lab(scenario).refusal('CreateChangeSet', set)).toBe(
      'ValidationError: Stack [shop] does not exist',
    );
  });
});

describe('a change set', () => {
  it('is empty where nothing changes, with the reason that says so', async () => {
    const lab = await situation('CREATE_COMPLETE');
    const id = await propose(lab, things({ A: 'good' }));
    expect(await lab.call('DescribeChangeSet', { ChangeSetName: id })).toMatchObject({
      Status: 'FAILED',
      ExecutionStatus: 'UNAVAILABLE',
      StatusReason:
        "The submitted information didn't contain changes. Submit different information to create a change set.",
    });
    expect(await lab.refusal('ExecuteChangeSet', { ChangeSetName: id })).toBe(
      `InvalidChangeSetStatus: ChangeSet [${id}] cannot be executed in its current status of [FAILED]`,
    );
  });

  it('says it in other words where the template has transforms', async () => {
    const lab = new Lab(scenario);
    const template = `Transform: AWS::LanguageExtensions\n${'Resources: { A: { Type: Test::Thing } }'}`;
    await lab.call('CreateStack', {
      StackName: STACK,
      TemplateBody: template,
      Capabilities: ['CAPABILITY_AUTO_EXPAND'],
    });
    await lab.rest(STACK);
    const id = await propose(lab, template);
    const { StatusReason: reason } = await lab.call('DescribeChangeSet', { ChangeSetName: id });
    expect(reason).toBe('No updates are to be performed.');
  });

  it('with other outputs alone is not empty', async () => {
    const lab = await situation('CREATE_COMPLETE');
    const body = { ...JSON.parse(things({ A: 'good' })), Outputs: { Id: { Value: { Ref: 'A' } } } };
    const id = await propose(lab, JSON.stringify(body));
    expect(await lab.call('DescribeChangeSet', { ChangeSetName: id })).toMatchObject({
      Status: 'CREATE_COMPLETE',
      Changes: [],
    });
  });

  it('tells what is added, modified, replaced and removed, and why', async () => {
    const lab = new Lab(scenario);
    const before = `
Parameters: { Name: { Type: String, Default: one } }
Resources:
  Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: !Ref Name } }
  Policy: { Type: AWS::S3::BucketPolicy, Properties: { Bucket: !Ref Topic } }
  Queue: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: 1 } }
  Gone: { Type: Test::Thing, DeletionPolicy: Retain }
`;
    await lab.call('CreateStack', { StackName: STACK, TemplateBody: before });
    await lab.rest(STACK);
    const after = before
      .replace('Default: one', 'Default: two')
      .replace('DelaySeconds: 1', 'DelaySeconds: 2')
      .replace('Gone: { Type: Test::Thing, DeletionPolicy: Retain }', 'New: { Type: Test::Thing }');
    const id = await propose(lab, after);
    const changes = await changesOf(lab, id, { IncludePropertyValues: true });
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
      changes.find((one) => one['LogicalResourceId'] === name),
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

  it('deletes the others when it is executed, and stays to be seen by its ARN', async () => {
    const lab = await situation('CREATE_COMPLETE');
    const other = await propose(lab, things({ A: 'worse' }), { ChangeSetName: 'other' });
    const id = await propose(lab, things({ A: 'better' }));
    await lab.call('ExecuteChangeSet', { ChangeSetName: id });
    expect(await lab.refusal('DescribeChangeSet', { ChangeSetName: other })).toContain('ChangeSetNotFound');
    expect(await lab.call('DescribeChangeSet', { ChangeSetName: id })).toMatchObject({
      ExecutionStatus: 'EXECUTE_IN_PROGRESS',
    });
    await lab.rest(STACK);
    expect(await lab.call('DescribeChangeSet', { ChangeSetName: id })).toMatchObject({
      ExecutionStatus: 'EXECUTE_COMPLETE',
    });
  });

  it('resumes a preserved failure only with rollback disabled', async () => {
    const lab = await situation('UPDATE_FAILED');
    const id = await propose(lab, things({ A: 'better' }));
    expect(await lab.refusal('ExecuteChangeSet', { ChangeSetName: id, DisableRollback: false })).toContain(
      'currently in a non-terminal [UPDATE_FAILED] state',
    );
    await lab.call('ExecuteChangeSet', { ChangeSetName: id, DisableRollback: true });
    expect(await lab.rest(STACK)).toBe('UPDATE_COMPLETE');
  });

  it('is of one name only, and deleting it twice is no error', async () => {
    const lab = await situation('CREATE_COMPLETE');
    await propose(lab, things({ A: 'better' }));
    const again = { StackName: STACK, ChangeSetName: 'next', TemplateBody: things({ A: 'other' }) };
    expect(await lab.refusal('CreateChangeSet', again)).toBe('AlreadyExistsException: ChangeSet [next] already exists');
    await lab.call('DeleteChangeSet', { StackName: STACK, ChangeSetName: 'next' });
    await lab.call('DeleteChangeSet', { StackName: STACK, ChangeSetName: 'next' });
    await propose(lab, things({ A: 'other' }));
  });

  it('is refused while its stack is busy', async () => {
    const lab = await situation('CREATE_COMPLETE');
    const id = await propose(lab, things({ A: 'better' }));
    await lab.call('UpdateStack', { StackName: STACK, TemplateBody: things({ A: 'best' }) });
    expect(await lab.refusal('ExecuteChangeSet', { ChangeSetName: id })).toContain('InvalidChangeSetStatus');
  });

  it('pages its changes', async () => {
    const lab = new Lab(scenario);
    const modes = Object.fromEntries(Array.from({ length: 130 }, (_, index) => [`T${index}`, 'good']));
    const id = await propose(lab, things(modes), { ChangeSetType: 'CREATE' });
    const page = await lab.call('DescribeChangeSet', { ChangeSetName: id });
    expect(rows(page['Changes'])).toHaveLength(100);
    const rest = await lab.call('DescribeChangeSet', { ChangeSetName: id, NextToken: page['NextToken'] });
    expect(rows(rest['Changes'])).toHaveLength(30);
    expect(rest['NextToken']).toBeUndefined();
  });

  it('does not mix OnStackFailure with DisableRollback', async () => {
    const lab = new Lab(scenario);
    const id = await propose(lab, things({ A: 'bad' }), { ChangeSetType: 'CREATE', OnStackFailure: 'DELETE' });
    expect(await lab.refusal('ExecuteChangeSet', { ChangeSetName: id, DisableRollback: true })).toContain(
      'OnStackFailure',
    );
    const arn = String((await lab.stack(STACK))['StackId']);
    await lab.call('ExecuteChangeSet', { ChangeSetName: id });
    expect(await lab.rest(arn)).toBe('DELETE_COMPLETE');
  });

  it('fails by early validation, and DescribeEvents says where', async () => {
    const rule = {
      on: { property: { path: 'Mode', equals: 'wrong' } },
      fail: { reason: '#/Mode: wrong is not one of good, bad', validation: 'PROPERTY_VALIDATION' },
    };
    const lab = new Lab({ ...scenario, rules: [rule] });
    const id = await propose(lab, things({ A: 'wrong' }), { ChangeSetType: 'CREATE' });
    const described = await lab.call('DescribeChangeSet', { ChangeSetName: id });
    expect(described['Status']).toBe('FAILED');
    expect(described['StatusReason']).toContain('[AWS::EarlyValidation::PROPERTY_VALIDATION]');
    expect(first((await lab.call('DescribeEvents', { ChangeSetName: id }))['OperationEvents'])).toMatchObject({
      EventType: 'VALIDATION_ERROR',
      LogicalResourceId: 'A',
      ValidationName: 'PROPERTY_VALIDATION',
      ValidationStatus: 'FAILED',
      ValidationStatusReason: '#/Mode: wrong is not one of good, bad',
      ValidationPath: '/Resources/A/Properties/Mode',
    });
    const unchecked = await propose(lab, things({ A: 'wrong' }), {
      ChangeSetType: 'CREATE',
      ChangeSetName: 'unchecked',
      DisableValidation: true,
    });
    expect((await lab.call('DescribeChangeSet', { ChangeSetName: unchecked }))['Status']).toBe('CREATE_COMPLETE');
  });

  it('leaves nothing behind when the stack that was up for review is deleted', async () => {
    const lab = await situation('REVIEW_IN_PROGRESS');
    const [set] = rows((await lab.call('ListChangeSets', { StackName: STACK }))['Summaries']);
    await lab.call('DeleteStack', { StackName: STACK });
    expect(await lab.refusal('DescribeStacks', { StackName: STACK })).toContain('does not exist');
    const gone = await lab.refusal('DescribeChangeSet', { ChangeSetName: set?.['ChangeSetId'] });
    expect(gone).toContain('ChangeSetNotFound');
  });
});

describe('a change set that was overtaken', () => {
  it('is obsolete', async () => {
    const lab = await situation('CREATE_COMPLETE');
    const id = await propose(lab, things({ A: 'better' }));
    await lab.call('UpdateStack', { StackName: STACK, TemplateBody: things({ A: 'best' }) });
    await lab.rest(STACK);
    expect(await lab.call('DescribeChangeSet', { ChangeSetName: id })).toMatchObject({ ExecutionStatus: 'OBSOLETE' });
    expect(await lab.refusal('ExecuteChangeSet', { ChangeSetName: id })).toBe(
      `InvalidChangeSetStatus: ChangeSet [${id}] cannot be executed in its current status of [OBSOLETE]`,
    );
  });
});
