import { describe, expect, it } from '@jest/globals';
import { CloudFormationFixture, expectRows, getFirstRow } from '../fixture.js';
import { createFixtureInState, renderTemplate, STACK_NAME, scenario } from '../stack-states.js';

const secretTemplate = `
Parameters:
  Password: { Type: String, NoEcho: true, MinLength: 4 }
  Size: { Type: String, Default: small, AllowedValues: [small, large], Description: how large }
Resources: { A: { Type: Test::Thing, Properties: { Login: !Sub 'admin:\${Password}' } } }
`;

const toParameters = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));

describe('parameters', () => {
  it('keep previous values on request, and otherwise return to defaults', async () => {
    const fixture = new CloudFormationFixture(scenario);
    await fixture.call('CreateStack', {
      StackName: STACK_NAME,
      TemplateBody: secretTemplate,
      Parameters: toParameters({ Password: 'hunter2', Size: 'large' }),
    });
    await fixture.waitForTerminal(STACK_NAME);
    const keep = { ParameterKey: 'Password', UsePreviousValue: true };
    await fixture.call('UpdateStack', {
      StackName: STACK_NAME,
      TemplateBody: secretTemplate.replace('admin', 'root'),
      Parameters: [keep],
    });
    await fixture.waitForTerminal(STACK_NAME);
    expect((await fixture.getStack(STACK_NAME))['Parameters']).toEqual([
      { ParameterKey: 'Password', ParameterValue: '****' },
      { ParameterKey: 'Size', ParameterValue: 'small' },
    ]);
    const events = expectRows((await fixture.call('DescribeStackEvents', { StackName: STACK_NAME }))['StackEvents']);
    const properties = events.map((event) => event['ResourceProperties']).filter((entry) => entry !== undefined);
    expect(properties).toContain('{"Login":"root:****"}');
    expect(JSON.stringify(events)).not.toContain('hunter2');
  });

  it('with NoEcho are masked, also during a rollback', async () => {
    const fixture = new CloudFormationFixture(scenario);
    const bad = secretTemplate.replace(
      '{ A:',
      '{ B: { Type: Test::Thing, DependsOn: A, Properties: { Mode: bad } }, A:',
    );
    const create = {
      StackName: STACK_NAME,
      TemplateBody: secretTemplate,
      Parameters: toParameters({ Password: 'hunter2' }),
    };
    await fixture.call('CreateStack', create);
    await fixture.waitForTerminal(STACK_NAME);
    await fixture.call('UpdateStack', {
      ...create,
      TemplateBody: bad,
      Parameters: toParameters({ Password: 'hunter3' }),
    });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('UPDATE_ROLLBACK_COMPLETE');
    const events = expectRows((await fixture.call('DescribeStackEvents', { StackName: STACK_NAME }))['StackEvents']);
    expect(JSON.stringify(events)).not.toMatch(/hunter\d/);
  });

  it.each([
    [{ Password: 'hunter2', Sise: 'x' }, 'Parameters: [Sise] do not exist in the template'],
    [{}, 'Parameters: [Password] must have values'],
    [{ Password: 'abc' }, "Parameter 'Password' must contain at least 4 characters"],
    [{ Password: 'hunter2', Size: 'medium' }, "Parameter 'Size' must be one of AllowedValues"],
  ])('%j are rejected before any resource is created', async (values, reason) => {
    const fixture = new CloudFormationFixture(scenario);
    const create = { StackName: STACK_NAME, TemplateBody: secretTemplate, Parameters: toParameters(values) };
    expect(await fixture.callRejected('CreateStack', create)).toBe(`ValidationError: ${reason}`);
    expect((await fixture.call('ListStacks'))['StackSummaries']).toEqual([]);
  });
});

describe('a template', () => {
  it.each([
    ['Resources: {}', 'Template format error: the template must declare at least one resource under Resources'],
    [
      'Resources: { A: { Type: Test::Thing, Properties: { X: !Ref B } } }',
      'Template format error: Resources.A.Properties.X refers to B',
    ],
    [
      'Resources: { A: { Type: AWS::S3::Bucket }, B: { Type: Test::Thing, Properties: { X: !GetAtt A.Nope } } }',
      'Template error: resource A does not support attribute type Nope in Fn::GetAtt',
    ],
  ])('%s is rejected', async (template, reason) => {
    const fixture = new CloudFormationFixture(scenario);
    expect(await fixture.callRejected('CreateStack', { StackName: STACK_NAME, TemplateBody: template })).toContain(
      `ValidationError: ${reason}`,
    );
    expect(
      await fixture.callRejected('CreateChangeSet', {
        StackName: STACK_NAME,
        ChangeSetName: 'a',
        ChangeSetType: 'CREATE',
        TemplateBody: template,
      }),
    ).toContain(reason);
  });

  it('requires capabilities', async () => {
    const fixture = new CloudFormationFixture(scenario);
    const TemplateBody = 'Resources: { R: { Type: AWS::IAM::Role, Properties: { RoleName: r } } }';
    expect(
      await fixture.callRejected('CreateStack', {
        StackName: STACK_NAME,
        TemplateBody,
        Capabilities: ['CAPABILITY_IAM'],
      }),
    ).toBe('InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_NAMED_IAM]');
    expect(await fixture.call('ValidateTemplate', { TemplateBody })).toMatchObject({
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    });
    await fixture.call('CreateStack', { StackName: STACK_NAME, TemplateBody, Capabilities: ['CAPABILITY_NAMED_IAM'] });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('CREATE_COMPLETE');
  });

  it('is summarized, from a stack or from the input', async () => {
    const fixture = new CloudFormationFixture(scenario);
    const TemplateBody = `
Parameters: { Mode: { Type: String, Default: good }, Key: { Type: String, NoEcho: true, Default: k } }
Resources: { A: { Type: Test::Thing, Properties: { Mode: !Ref Mode } }, B: { Type: Test::Thing } }
`;
    await fixture.call('CreateStack', { StackName: STACK_NAME, TemplateBody });
    const summary = await fixture.call('GetTemplateSummary', { StackName: STACK_NAME });
    expect(summary).toMatchObject({
      Parameters: [
        { ParameterKey: 'Mode', ParameterType: 'String', DefaultValue: 'good' },
        { ParameterKey: 'Key', NoEcho: true },
      ],
      ResourceTypes: ['Test::Thing'],
    });
    expect(await fixture.call('GetTemplateSummary', { TemplateBody })).toEqual(summary);
    expect(await fixture.callRejected('GetTemplateSummary', { StackName: 'other' })).toContain('does not exist');
  });

  it('is limited to 51,200 bytes in a call, but not in S3', async () => {
    const fixture = new CloudFormationFixture(scenario);
    const large = `${renderTemplate({ A: 'good' }).slice(0, -1)},"Metadata":{"Notes":"${'x'.repeat(51_200)}"}}`;
    expect(await fixture.callRejected('ValidateTemplate', { TemplateBody: large })).toContain(
      "at 'templateBody' failed to satisfy constraint",
    );
    const url = await fixture.putObject('templates', 'large.json', large);
    await fixture.call('CreateStack', { StackName: STACK_NAME, TemplateURL: url });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('CREATE_COMPLETE');
  });

  it('has conditions that select resources', async () => {
    const fixture = new CloudFormationFixture(scenario);
    const template = `
Parameters: { Env: { Type: String, Default: dev } }
Conditions: { IsProd: !Equals [!Ref Env, prod] }
Resources:
  A: { Type: Test::Thing, Properties: { Size: !If [IsProd, 3, !Ref AWS::NoValue] } }
  B: { Type: Test::Thing, Condition: IsProd }
Outputs: { B: { Condition: IsProd, Value: !Ref B } }
`;
    await fixture.call('CreateStack', { StackName: STACK_NAME, TemplateBody: template });
    await fixture.waitForTerminal(STACK_NAME);
    expect(Object.keys(await fixture.getResourceStatuses(STACK_NAME))).toEqual(['A']);
    await fixture.call('UpdateStack', {
      StackName: STACK_NAME,
      UsePreviousTemplate: true,
      Parameters: toParameters({ Env: 'prod' }),
    });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('UPDATE_COMPLETE');
    expect(await fixture.getResourceStatuses(STACK_NAME)).toEqual({ A: 'UPDATE_COMPLETE', B: 'CREATE_COMPLETE' });
    expect(Object.keys(await fixture.getOutputs(STACK_NAME))).toEqual(['B']);
  });

  it('with a member that is not modeled is rejected', async () => {
    const fixture = new CloudFormationFixture(scenario);
    const create = { StackName: STACK_NAME, TemplateBody: renderTemplate({ A: 'good' }), StackPolicyURL: 'https://x' };
    expect(await fixture.callRejected('CreateStack', create)).toBe(
      'ValidationError: Local AWS does not support StackPolicyURL of CreateStack',
    );
  });
});

describe('DescribeStackEvents', () => {
  it('returns pages, newest events first', async () => {
    const fixture = new CloudFormationFixture(scenario);
    const modes = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`T${index}`, 'good']));
    await fixture.call('CreateStack', { StackName: STACK_NAME, TemplateBody: renderTemplate(modes) });
    await fixture.waitForTerminal(STACK_NAME);
    const page = await fixture.call('DescribeStackEvents', { StackName: STACK_NAME });
    expect(expectRows(page['StackEvents'])).toHaveLength(100);
    expect(getFirstRow(page['StackEvents'])).toMatchObject({
      ResourceStatus: 'CREATE_COMPLETE',
      LogicalResourceId: STACK_NAME,
    });
    const rest = await fixture.call('DescribeStackEvents', { StackName: STACK_NAME, NextToken: page['NextToken'] });
    expect(expectRows(rest['StackEvents'])).toHaveLength(82);
  });

  it('returns an earlier state for a stale read', async () => {
    const fixture = await createFixtureInState('CREATE_COMPLETE');
    const { Stacks: stale } = await fixture.call(
      'DescribeStacks',
      { StackName: STACK_NAME },
      { at: fixture.at - 2000 },
    );
    expect(getFirstRow(stale)['StackStatus']).toBe('CREATE_IN_PROGRESS');
  });
});

describe('DescribeEvents', () => {
  it('returns the causes of a failed operation in one call', async () => {
    const fixture = new CloudFormationFixture(scenario);
    const { OperationId } = await fixture.call('CreateStack', {
      StackName: STACK_NAME,
      TemplateBody: renderTemplate({ A: 'bad', B: 'good' }),
    });
    await fixture.waitForTerminal(STACK_NAME);
    const { OperationEvents: failed } = await fixture.call('DescribeEvents', {
      OperationId,
      Filters: { FailedEvents: true },
    });
    expect(
      expectRows(failed).map(({ LogicalResourceId: id, ResourceStatusReason: reason, EventType: type }) => [
        id,
        reason,
        type,
      ]),
    ).toEqual([
      ['B', 'Resource creation cancelled', 'PROVISIONING_ERROR'],
      ['A', 'no such luck', 'PROVISIONING_ERROR'],
    ]);
    const { OperationEvents: all } = await fixture.call('DescribeEvents', { StackName: STACK_NAME });
    expect(getFirstRow(all)).toMatchObject({
      EventType: 'STACK_EVENT',
      OperationType: 'CREATE_STACK',
      OperationStatus: 'FAILED',
    });
    expect(await fixture.callRejected('DescribeEvents', {})).toContain('Exactly one of');
  });
});

describe('drift detection', () => {
  it('reports drift when it has completed', async () => {
    const fixture = new CloudFormationFixture({
      ...scenario,
      drift: [
        { stack: STACK_NAME, resource: 'A', differences: [{ path: '/Mode', expected: 'good', actual: 'changed' }] },
      ],
    });
    await fixture.call('CreateStack', {
      StackName: STACK_NAME,
      TemplateBody: renderTemplate({ A: 'good', B: 'good' }),
    });
    await fixture.waitForTerminal(STACK_NAME);
    expect((await fixture.getStack(STACK_NAME))['DriftInformation']).toEqual({ StackDriftStatus: 'NOT_CHECKED' });
    const { StackDriftDetectionId } = await fixture.call('DetectStackDrift', { StackName: STACK_NAME });
    const status = () => fixture.call('DescribeStackDriftDetectionStatus', { StackDriftDetectionId });
    expect(await status()).toMatchObject({ DetectionStatus: 'DETECTION_IN_PROGRESS' });
    fixture.wait(1);
    expect(await status()).toMatchObject({
      DetectionStatus: 'DETECTION_COMPLETE',
      StackDriftStatus: 'DRIFTED',
      DriftedStackResourceCount: 1,
    });
    expect((await fixture.getStack(STACK_NAME))['DriftInformation']).toMatchObject({ StackDriftStatus: 'DRIFTED' });
    const modified = { StackName: STACK_NAME, StackResourceDriftStatusFilters: ['MODIFIED'] };
    expect((await fixture.call('DescribeStackResourceDrifts', modified))['StackResourceDrifts']).toMatchObject([
      {
        LogicalResourceId: 'A',
        PropertyDifferences: [{ PropertyPath: '/Mode', ActualValue: 'changed', DifferenceType: 'NOT_EQUAL' }],
      },
    ]);
    expect(await fixture.callRejected('DescribeStackDriftDetectionStatus', { StackDriftDetectionId: 'x' })).toContain(
      'does not exist',
    );
  });
});

describe('hooks', () => {
  it('fail a resource with a reason', async () => {
    const hook = { type: 'Acme::Guard::Hook', on: { resource: 'A' }, reason: 'A is not tagged' };
    const fixture = new CloudFormationFixture({ ...scenario, hooks: [hook] });
    await fixture.call('CreateStack', {
      StackName: STACK_NAME,
      TemplateBody: renderTemplate({ A: 'good' }),
      DisableRollback: true,
    });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('CREATE_FAILED');
    expect(await fixture.listEvents(STACK_NAME)).toContain(
      'A CREATE_FAILED The following hook(s) failed: [Acme::Guard::Hook]',
    );
    const events = expectRows((await fixture.call('DescribeStackEvents', { StackName: STACK_NAME }))['StackEvents']);
    expect(events).toContainEqual(
      expect.objectContaining({
        HookType: 'Acme::Guard::Hook',
        HookStatus: 'HOOK_COMPLETE_FAILED',
        HookFailureMode: 'FAIL',
        HookStatusReason: 'A is not tagged',
      }),
    );
  });
});

it('stores and returns a stack policy', async () => {
  const fixture = await createFixtureInState('CREATE_COMPLETE');
  const StackPolicyBody = '{"Statement":[]}';
  await fixture.call('SetStackPolicy', { StackName: STACK_NAME, StackPolicyBody });
  expect(await fixture.call('GetStackPolicy', { StackName: STACK_NAME })).toEqual({ StackPolicyBody });
});

it.each([
  [{ ResourcesToImport: [] }, 'Local AWS does not support ResourcesToImport of CreateChangeSet'],
  [{ DeploymentMode: 'REVERT_DRIFT' }, 'Local AWS does not support DeploymentMode of CreateChangeSet'],
  [{ ChangeSetType: 'IMPORT' }, "Value 'IMPORT' at 'changeSetType' failed to satisfy constraint"],
])('rejects %j, which is not modeled', async (member, reason) => {
  const fixture = await createFixtureInState('CREATE_COMPLETE');
  const set = { StackName: STACK_NAME, ChangeSetName: 'next', TemplateBody: renderTemplate({ A: 'good' }) };
  expect(await fixture.callRejected('CreateChangeSet', { ...set, ...member })).toContain(reason);
});

describe('ImportExistingResources', () => {
  const template = (policy: string) =>
    JSON.stringify({
      Resources: { Q: { Type: 'AWS::SQS::Queue', DeletionPolicy: policy, Properties: { QueueName: 'orders' } } },
    });
  const set = { ChangeSetName: 'next', ChangeSetType: 'CREATE', ImportExistingResources: true };

  it('changes nothing if there is no resource to import, and is rejected otherwise', async () => {
    const fixture = new CloudFormationFixture();
    await fixture.call('CreateChangeSet', { ...set, StackName: 'first', TemplateBody: template('Retain') });
    fixture.wait(2);
    await fixture.call('ExecuteChangeSet', { ChangeSetName: 'next', StackName: 'first' });
    expect(await fixture.waitForTerminal('first')).toBe('CREATE_COMPLETE');
    await fixture.call('DeleteStack', { StackName: 'first' });
    fixture.wait(10);
    const second = { ...set, StackName: 'second', TemplateBody: template('Delete') };
    expect(await fixture.callRejected('CreateChangeSet', second)).toContain(
      'Local AWS does not support the import of Q (orders)',
    );
  });
});

describe('a parameter of an SSM type', () => {
  const TemplateBody = `
Parameters: { Size: { Type: AWS::SSM::Parameter::Value<String>, Default: /shop/size } }
Resources: { Q: { Type: AWS::SQS::Queue, Properties: { QueueName: !Ref Size } } }
`;

  it('has the value in Systems Manager', async () => {
    const fixture = new CloudFormationFixture();
    fixture.ssmParameters.set('/shop/size', 'small');
    await fixture.call('CreateStack', { StackName: STACK_NAME, TemplateBody });
    expect(await fixture.waitForTerminal(STACK_NAME)).toBe('CREATE_COMPLETE');
    expect((await fixture.getStack(STACK_NAME))['Parameters']).toEqual([
      { ParameterKey: 'Size', ParameterValue: '/shop/size', ResolvedValue: 'small' },
    ]);
    const detail = { StackName: STACK_NAME, LogicalResourceId: 'Q' };
    expect((await fixture.call('DescribeStackResource', detail))['StackResourceDetail']).toMatchObject({
      ResourceStatus: 'CREATE_COMPLETE',
      PhysicalResourceId: expect.stringContaining('/small'),
    });
    expect(await fixture.callRejected('DescribeStackResource', { ...detail, LogicalResourceId: 'X' })).toContain(
      'Resource X does not exist for stack shop',
    );
  });

  it('must exist there', async () => {
    const fixture = new CloudFormationFixture();
    expect(await fixture.callRejected('CreateStack', { StackName: STACK_NAME, TemplateBody })).toContain(
      'Unable to fetch parameters [/shop/size] from parameter store',
    );
  });
});

it('lists the stacks that import a value', async () => {
  const fixture = new CloudFormationFixture();
  const queue = '{ Q: { Type: AWS::SQS::Queue } }';
  const outputs = '{ Q: { Value: !Ref Q, Export: { Name: queue } } }';
  await fixture.call('CreateStack', { StackName: 'a', TemplateBody: `Resources: ${queue}\nOutputs: ${outputs}` });
  await fixture.waitForTerminal('a');
  const importing = 'Resources: { T: { Type: AWS::SNS::Topic, Properties: { DisplayName: !ImportValue queue } } }';
  await fixture.call('CreateStack', { StackName: 'b', TemplateBody: importing });
  await fixture.waitForTerminal('b');
  expect((await fixture.call('ListImports', { ExportName: 'queue' }))['Imports']).toEqual(['b']);
  expect(await fixture.callRejected('ListImports', { ExportName: 'other' })).toContain('is not imported by any stack');
});

it('returns 501 with the name of an operation that is not modeled', async () => {
  expect(await new CloudFormationFixture().callRejected('CreateStackRefactor')).toContain(
    'cloudformation:CreateStackRefactor',
  );
});
