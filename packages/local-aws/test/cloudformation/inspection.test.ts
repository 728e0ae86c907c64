import { describe, expect, it } from '@jest/globals';
import { first, Lab, rows } from './lab.js';
import { STACK, scenario, situation, things } from './situations.js';

const secret = `
Parameters:
  Password: { Type: String, NoEcho: true, MinLength: 4 }
  Size: { Type: String, Default: small, AllowedValues: [small, large], Description: how large }
Resources: { A: { Type: Test::Thing, Properties: { Login: !Sub 'admin:\${Password}' } } }
`;

const parameters = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));

describe('parameters', () => {
  it('keep their values where that is asked for, and go back to defaults where it is not', async () => {
    const lab = new Lab(scenario);
    await lab.call('CreateStack', {
      StackName: STACK,
      TemplateBody: secret,
      Parameters: parameters({ Password: 'hunter2', Size: 'large' }),
    });
    await lab.rest(STACK);
    const keep = { ParameterKey: 'Password', UsePreviousValue: true };
    await lab.call('UpdateStack', {
      StackName: STACK,
      TemplateBody: secret.replace('admin', 'root'),
      Parameters: [keep],
    });
    await lab.rest(STACK);
    expect((await lab.stack(STACK))['Parameters']).toEqual([
      { ParameterKey: 'Password', ParameterValue: '****' },
      { ParameterKey: 'Size', ParameterValue: 'small' },
    ]);
    const events = rows((await lab.call('DescribeStackEvents', { StackName: STACK }))['StackEvents']);
    const properties = events.map((event) => event['ResourceProperties']).filter((one) => one !== undefined);
    expect(properties).toContain('{"Login":"root:****"}');
    expect(JSON.stringify(events)).not.toContain('hunter2');
  });

  it('that nobody may see are hidden on the way back too', async () => {
    const lab = new Lab(scenario);
    const bad = secret.replace('{ A:', '{ B: { Type: T, DependsOn: A, Properties: { Mode: bad } }, A:');
    const create = { StackName: STACK, TemplateBody: secret, Parameters: parameters({ Password: 'hunter2' }) };
    await lab.call('CreateStack', create);
    await lab.rest(STACK);
    await lab.call('UpdateStack', { ...create, TemplateBody: bad, Parameters: parameters({ Password: 'hunter3' }) });
    expect(await lab.rest(STACK)).toBe('UPDATE_ROLLBACK_COMPLETE');
    const events = rows((await lab.call('DescribeStackEvents', { StackName: STACK }))['StackEvents']);
    expect(JSON.stringify(events)).not.toMatch(/hunter\d/);
  });

  it.each([
    [{ Password: 'hunter2', Sise: 'x' }, 'Parameters: [Sise] do not exist in the template'],
    [{}, 'Parameters: [Password] must have values'],
    [{ Password: 'abc' }, "Parameter 'Password' must contain at least 4 characters"],
    [{ Password: 'hunter2', Size: 'medium' }, "Parameter 'Size' must be one of AllowedValues"],
  ])('%j are refused before anything is made', async (values, reason) => {
    const lab = new Lab(scenario);
    const create = { StackName: STACK, TemplateBody: secret, Parameters: parameters(values) };
    expect(await lab.refusal('CreateStack', create)).toBe(`ValidationError: ${reason}`);
    expect((await lab.call('ListStacks'))['StackSummaries']).toEqual([]);
  });
});

describe('a template', () => {
  it.each([
    ['Resources: {}', 'Template format error: the template must declare at least one resource under Resources'],
    [
      'Resources: { A: { Type: T, Properties: { X: !Ref B } } }',
      'Template format error: Resources.A.Properties.X refers to B',
    ],
    [
      'Resources: { A: { Type: AWS::S3::Bucket }, B: { Type: T, Properties: { X: !GetAtt A.Nope } } }',
      'Template error: resource A does not support attribute type Nope in Fn::GetAtt',
    ],
  ])('%s is refused', async (template, reason) => {
    const lab = new Lab(scenario);
    expect(await lab.refusal('CreateStack', { StackName: STACK, TemplateBody: template })).toContain(
      `ValidationError: ${reason}`,
    );
    expect(
      await lab.refusal('CreateChangeSet', {
        StackName: STACK,
        ChangeSetName: 'a',
        ChangeSetType: 'CREATE',
        TemplateBody: template,
      }),
    ).toContain(reason);
  });

  it('asks for its capabilities', async () => {
    const lab = new Lab(scenario);
    const TemplateBody = 'Resources: { R: { Type: AWS::IAM::Role, Properties: { RoleName: r } } }';
    expect(await lab.refusal('CreateStack', { StackName: STACK, TemplateBody, Capabilities: ['CAPABILITY_IAM'] })).toBe(
      'InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_NAMED_IAM]',
    );
    expect(await lab.call('ValidateTemplate', { TemplateBody })).toMatchObject({
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    });
    await lab.call('CreateStack', { StackName: STACK, TemplateBody, Capabilities: ['CAPABILITY_NAMED_IAM'] });
    expect(await lab.rest(STACK)).toBe('CREATE_COMPLETE');
  });

  it("is summed up, a stack's like one that is given", async () => {
    const lab = new Lab(scenario);
    const TemplateBody = `
Parameters: { Mode: { Type: String, Default: good }, Key: { Type: String, NoEcho: true, Default: k } }
Resources: { A: { Type: Test::Thing, Properties: { Mode: !Ref Mode } }, B: { Type: Test::Thing } }
`;
    await lab.call('CreateStack', { StackName: STACK, TemplateBody });
    const summary = await lab.call('GetTemplateSummary', { StackName: STACK });
    expect(summary).toMatchObject({
      Parameters: [
        { ParameterKey: 'Mode', ParameterType: 'String', DefaultValue: 'good' },
        { ParameterKey: 'Key', NoEcho: true },
      ],
      ResourceTypes: ['Test::Thing'],
    });
    expect(await lab.call('GetTemplateSummary', { TemplateBody })).toEqual(summary);
    expect(await lab.refusal('GetTemplateSummary', { StackName: 'other' })).toContain('does not exist');
  });

  it('is limited to 51,200 bytes in a call, not in S3', async () => {
    const lab = new Lab(scenario);
    const large = `${things({ A: 'good' }).slice(0, -1)},"Description":"${'x'.repeat(51_200)}"}`;
    expect(await lab.refusal('ValidateTemplate', { TemplateBody: large })).toContain(
      "at 'templateBody' failed to satisfy constraint",
    );
    const url = await lab.put('templates', 'large.json', large);
    await lab.call('CreateStack', { StackName: STACK, TemplateURL: url });
    expect(await lab.rest(STACK)).toBe('CREATE_COMPLETE');
  });

  it('has conditions that decide what there is', async () => {
    const lab = new Lab(scenario);
    const template = `
Parameters: { Env: { Type: String, Default: dev } }
Conditions: { IsProd: !Equals [!Ref Env, prod] }
Resources:
  A: { Type: Test::Thing, Properties: { Size: !If [IsProd, 3, !Ref AWS::NoValue] } }
  B: { Type: Test::Thing, Condition: IsProd }
Outputs: { B: { Condition: IsProd, Value: !Ref B } }
`;
    await lab.call('CreateStack', { StackName: STACK, TemplateBody: template });
    await lab.rest(STACK);
    expect(Object.keys(await lab.resources(STACK))).toEqual(['A']);
    await lab.call('UpdateStack', {
      StackName: STACK,
      UsePreviousTemplate: true,
      Parameters: parameters({ Env: 'prod' }),
    });
    expect(await lab.rest(STACK)).toBe('UPDATE_COMPLETE');
    expect(await lab.resources(STACK)).toEqual({ A: 'UPDATE_COMPLETE', B: 'CREATE_COMPLETE' });
    expect(Object.keys(await lab.outputs(STACK))).toEqual(['B']);
  });

  it('with a member that is not modelled is refused, never overlooked', async () => {
    const lab = new Lab(scenario);
    const create = { StackName: STACK, TemplateBody: things({ A: 'good' }), StackPolicyURL: 'https://x' };
    expect(await lab.refusal('CreateStack', create)).toBe(
      'ValidationError: local AWS does not model StackPolicyURL of CreateStack',
    );
  });
});

describe('DescribeStackEvents', () => {
  it('pages from the newest on', async () => {
    const lab = new Lab(scenario);
    const modes = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`T${index}`, 'good']));
    await lab.call('CreateStack', { StackName: STACK, TemplateBody: things(modes) });
    await lab.rest(STACK);
    const page = await lab.call('DescribeStackEvents', { StackName: STACK });
    expect(rows(page['StackEvents'])).toHaveLength(100);
    expect(first(page['StackEvents'])).toMatchObject({ ResourceStatus: 'CREATE_COMPLETE', LogicalResourceId: STACK });
    const rest = await lab.call('DescribeStackEvents', { StackName: STACK, NextToken: page['NextToken'] });
    expect(rows(rest['StackEvents'])).toHaveLength(82);
  });

  it('tells the past as it was at an earlier moment: a stale read', async () => {
    const lab = await situation('CREATE_COMPLETE');
    const { Stacks: stale } = await lab.call('DescribeStacks', { StackName: STACK }, { at: lab.at - 2000 });
    expect(first(stale)['StackStatus']).toBe('CREATE_IN_PROGRESS');
  });
});

describe('DescribeEvents', () => {
  it('says why an operation failed in one call', async () => {
    const lab = new Lab(scenario);
    const { OperationId } = await lab.call('CreateStack', {
      StackName: STACK,
      TemplateBody: things({ A: 'bad', B: 'good' }),
    });
    await lab.rest(STACK);
    const { OperationEvents: failed } = await lab.call('DescribeEvents', {
      OperationId,
      Filters: { FailedEvents: true },
    });
    expect(
      rows(failed).map(({ LogicalResourceId: id, ResourceStatusReason: reason, EventType: type }) => [
        id,
        reason,
        type,
      ]),
    ).toEqual([
      ['B', 'Resource creation cancelled', 'PROVISIONING_ERROR'],
      ['A', 'no such luck', 'PROVISIONING_ERROR'],
    ]);
    const { OperationEvents: all } = await lab.call('DescribeEvents', { StackName: STACK });
    expect(first(all)).toMatchObject({
      EventType: 'STACK_EVENT',
      OperationType: 'CREATE_STACK',
      OperationStatus: 'FAILED',
    });
    expect(await lab.refusal('DescribeEvents', {})).toContain('Exactly one of');
  });
});

describe('drift', () => {
  it('is found when a detection has ended', async () => {
    const lab = new Lab({
      ...scenario,
      drift: [{ stack: STACK, resource: 'A', differences: [{ path: '/Mode', expected: 'good', actual: 'changed' }] }],
    });
    await lab.call('CreateStack', { StackName: STACK, TemplateBody: things({ A: 'good', B: 'good' }) });
    await lab.rest(STACK);
    expect((await lab.stack(STACK))['DriftInformation']).toEqual({ StackDriftStatus: 'NOT_CHECKED' });
    const { StackDriftDetectionId } = await lab.call('DetectStackDrift', { StackName: STACK });
    const status = () => lab.call('DescribeStackDriftDetectionStatus', { StackDriftDetectionId });
    expect(await status()).toMatchObject({ DetectionStatus: 'DETECTION_IN_PROGRESS' });
    lab.wait(1);
    expect(await status()).toMatchObject({
      DetectionStatus: 'DETECTION_COMPLETE',
      StackDriftStatus: 'DRIFTED',
      DriftedStackResourceCount: 1,
    });
    expect((await lab.stack(STACK))['DriftInformation']).toMatchObject({ StackDriftStatus: 'DRIFTED' });
    const modified = { StackName: STACK, StackResourceDriftStatusFilters: ['MODIFIED'] };
    expect((await lab.call('DescribeStackResourceDrifts', modified))['StackResourceDrifts']).toMatchObject([
      {
        LogicalResourceId: 'A',
        PropertyDifferences: [{ PropertyPath: '/Mode', ActualValue: 'changed', DifferenceType: 'NOT_EQUAL' }],
      },
    ]);
    expect(await lab.refusal('DescribeStackDriftDetectionStatus', { StackDriftDetectionId: 'x' })).toContain(
      'does not exist',
    );
  });
});

describe('hooks', () => {
  it('fail a resource, and say why', async () => {
    const hook = { type: 'Acme::Guard::Hook', on: { resource: 'A' }, reason: 'A is not tagged' };
    const lab = new Lab({ ...scenario, hooks: [hook] });
    await lab.call('CreateStack', { StackName: STACK, TemplateBody: things({ A: 'good' }), DisableRollback: true });
    expect(await lab.rest(STACK)).toBe('CREATE_FAILED');
    expect(await lab.events(STACK)).toContain('A CREATE_FAILED The following hook(s) failed: [Acme::Guard::Hook]');
    const events = rows((await lab.call('DescribeStackEvents', { StackName: STACK }))['StackEvents']);
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

it('keeps and shows a stack policy', async () => {
  const lab = await situation('CREATE_COMPLETE');
  const StackPolicyBody = '{"Statement":[]}';
  await lab.call('SetStackPolicy', { StackName: STACK, StackPolicyBody });
  expect(await lab.call('GetStackPolicy', { StackName: STACK })).toEqual({ StackPolicyBody });
});

it.each([
  [{ ResourcesToImport: [] }, 'local AWS does not model ResourcesToImport of CreateChangeSet'],
  [{ DeploymentMode: 'REVERT_DRIFT' }, 'local AWS does not model DeploymentMode of CreateChangeSet'],
  [{ ChangeSetType: 'IMPORT' }, "Value 'IMPORT' at 'ChangeSetType' failed to satisfy constraint"],
  [{ ImportExistingResources: true }, "Value 'true' at 'ImportExistingResources' failed to satisfy constraint"],
  [
    {
      TemplateBody:
        "{ Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>' } }, Resources: { T: { Type: T } } }",
    },
    'local AWS does not model parameter type AWS::SSM::Parameter::Value<String> of P',
  ],
])('refuses %j, which an upstream may know', async (member, reason) => {
  const lab = await situation('CREATE_COMPLETE');
  const set = { StackName: STACK, ChangeSetName: 'next', TemplateBody: things({ A: 'good' }) };
  const Parameters = 'TemplateBody' in member ? parameters({ P: '/p' }) : [];
  expect(await lab.refusal('CreateChangeSet', { ...set, Parameters, ...member })).toContain(reason);
});

it('answers 501 with its name for an operation that is not modelled', async () => {
  expect(await new Lab().refusal('CreateStackSet')).toContain('cloudformation:CreateStackSet');
});
