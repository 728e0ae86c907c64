import { describe, expect, it } from '@jest/globals';
import { CloudFormationFixture, expectRows } from '../fixture.js';

const TOPIC = 'Resources: { T: { Type: AWS::SNS::Topic } }';
const LOOP = `Transform: AWS::LanguageExtensions
Parameters: { Names: { Type: CommaDelimitedList, Default: 'Red,Blue' } }
Resources:
  Fn::ForEach::Topics:
    - Name
    - !Ref Names
    - Topic\${Name}: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Ref Name } }
Outputs: { Red: { Value: !GetAtt TopicRed.TopicName } }
`;
const create = (TemplateBody: string, members = {}) => ({
  StackName: 'shop',
  TemplateBody,
  Capabilities: ['CAPABILITY_AUTO_EXPAND'],
  ...members,
});

describe('a template is rejected', () => {
  it.each([
    ['with an unknown macro', `Transform: Mine\n${TOPIC}`, 'No transform named Mine found.'],
    ['with a macro that gives it its form', 'Fn::Transform: { Name: Mine }', 'No transform named Mine found.'],
    [
      'with a macro in a property',
      'Resources: { T: { Type: AWS::SNS::Topic, Properties: { Fn::Transform: { Name: Mine } } } }',
      'No transform named Mine found.',
    ],
    [
      'with AWS::Include',
      `Transform: { Name: AWS::Include, Parameters: { Location: s3://a/b } }\n${TOPIC}`,
      'Local AWS does not support the transform AWS::Include',
    ],
    [
      'with a local path of SAM',
      'Transform: AWS::Serverless-2016-10-31\nResources: { F: { Type: AWS::Serverless::Function, Properties: { CodeUri: src } } }',
      "Resource with id [F] is invalid. 'CodeUri' is not a valid S3 Uri",
    ],
    [
      'with a type of SAM but without its transform',
      'Resources: { F: { Type: AWS::Serverless::Function } }',
      'Unrecognized resource types: [AWS::Serverless::Function]',
    ],
    [
      'with types that AWS does not have',
      'Resources: { A: { Type: AWS::S3::Buket }, B: { Type: Acme::Thing } }',
      'Unrecognized resource types: [AWS::S3::Buket, Acme::Thing]',
    ],
    [
      'with null values',
      'Resources: { T: { Type: AWS::SNS::Topic, Properties: { DisplayName: } } }',
      "'null' values are not allowed in templates",
    ],
  ])('%s', async (_, body, message) => {
    const fixture = new CloudFormationFixture();
    expect(await fixture.callRejected('CreateStack', create(body))).toContain(`ValidationError: `);
    expect(await fixture.callRejected('ValidateTemplate', { TemplateBody: body })).toContain(message);
    expect((await fixture.call('ListStacks'))['StackSummaries']).toEqual([]);
  });
});

it('accepts the types and macros of the scenario, and custom resources', async () => {
  const fixture = new CloudFormationFixture({ types: { 'Acme::*': {} }, macros: ['Mine'] });
  const body = 'Transform: Mine\nResources: { A: { Type: Acme::Thing }, B: { Type: Custom::Thing } }';
  await fixture.call('CreateStack', create(body));
  expect(await fixture.waitForTerminal('shop')).toBe('CREATE_COMPLETE');
});

it('expands loops over the values of parameters, and returns the processed template', async () => {
  const fixture = new CloudFormationFixture();
  await fixture.call('CreateStack', create(LOOP));
  expect(await fixture.waitForTerminal('shop')).toBe('CREATE_COMPLETE');
  expect(Object.keys(await fixture.getPhysicalIds('shop'))).toEqual(['TopicRed', 'TopicBlue']);
  const read = async (TemplateStage: string) =>
    String((await fixture.call('GetTemplate', { StackName: 'shop', TemplateStage }))['TemplateBody']);
  expect(await read('Original')).toBe(LOOP);
  expect(Object.keys(JSON.parse(await read('Processed')).Resources)).toEqual(['TopicRed', 'TopicBlue']);
  const Parameters = [{ ParameterKey: 'Names', ParameterValue: 'Red,Green' }];
  await fixture.call('UpdateStack', create(LOOP, { Parameters }));
  expect(await fixture.waitForTerminal('shop')).toBe('UPDATE_COMPLETE');
  expect(Object.keys(await fixture.getPhysicalIds('shop'))).toEqual(['TopicRed', 'TopicGreen']);
});

it('evaluates rules with the values of parameters before it changes anything', async () => {
  const rules = `Parameters: { P: { Type: String, Default: x } }
Rules: { OnlyY: { Assertions: [{ Assert: !Equals [!Ref P, y], AssertDescription: must be y }] } }
${TOPIC}`;
  const fixture = new CloudFormationFixture();
  expect(await fixture.callRejected('CreateStack', create(rules))).toContain('must be y');
  expect((await fixture.call('ListStacks'))['StackSummaries']).toEqual([]);
  await fixture.call('CreateStack', create(rules, { Parameters: [{ ParameterKey: 'P', ParameterValue: 'y' }] }));
  expect(await fixture.waitForTerminal('shop')).toBe('CREATE_COMPLETE');
});

describe('an input is rejected', () => {
  const tags = (count: number) => Array.from({ length: count }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));
  it.each([
    [
      { NotificationARNs: Array(6).fill('arn') },
      `Value '["arn","arn","arn","arn","arn","arn"]' at 'notificationARNs' failed to satisfy constraint: Member must have length less than or equal to 5`,
    ],
    [{ Tags: tags(51) }, "at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50"],
    [
      { Tags: [{ Key: 'a', Value: 'x'.repeat(257) }] },
      "at 'tags.1.member.value' failed to satisfy constraint: Member must have length less than or equal to 256",
    ],
    [
      { Tags: [{ Key: 'a', Value: '' }] },
      "at 'tags.1.member.value' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [{ Tags: [{ Key: 'x'.repeat(129), Value: 'v' }] }, "at 'tags.1.member.key' failed to satisfy constraint"],
    [{ Tags: [{ Key: 'aws:x', Value: 'v' }] }, 'aws: prefixed tag key names are not allowed for external use.'],
    [{ Tags: [...tags(1), ...tags(1)] }, 'Duplicate tag keys are not allowed: k0'],
    [
      { Capabilities: ['CAPABILITY_ALL'] },
      "Value 'CAPABILITY_ALL' at 'capabilities.1.member' failed to satisfy constraint: Member must satisfy enum value set",
    ],
    [
      { ClientRequestToken: 'a b' },
      "Value 'a b' at 'clientRequestToken' failed to satisfy constraint: Member must satisfy regular expression pattern",
    ],
  ])('%j', async (members, message) => {
    const rejection = await new CloudFormationFixture().callRejected('CreateStack', create(TOPIC, members));
    expect(rejection).toContain(message);
    expect(rejection).not.toContain('[object');
  });
});

it('does not complete with fewer resources than declared', async () => {
  const fixture = new CloudFormationFixture();
  const Parameters = [{ ParameterKey: 'Names', ParameterValue: '' }];
  const output = LOOP.slice(0, LOOP.indexOf('Outputs'));
  expect(await fixture.callRejected('CreateStack', create(output, { Parameters }))).toContain('at least one resource');
  expect(expectRows((await fixture.call('ListStacks'))['StackSummaries'])).toEqual([]);
});
