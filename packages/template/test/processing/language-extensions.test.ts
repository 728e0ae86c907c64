import { describe, expect, it } from '@jest/globals';
import type { EvaluationScope } from '../../src/intrinsic.js';
import { expandLanguageExtensions } from '../../src/processing/language-extensions.js';
import { parseTemplate } from '../../src/template.js';

const values: Readonly<Record<string, string | readonly string[]>> = { Names: ['Red', 'Blue'], Policy: 'Retain' };

/** The document of a template after the transform. */
const expand = (body: string) => {
  const template = parseTemplate(`Transform: AWS::LanguageExtensions\n${body}`, { isStrict: true });
  const scope: EvaluationScope = {
    resolveReference: (name) => values[name],
    resolveAttribute: () => undefined,
    mappings: template.mappings,
    conditions: template.conditions,
    findExport: () => undefined,
    listZones: () => [],
  };
  return expandLanguageExtensions(template, scope);
};

const expandResources = (body: string) => expand(`Resources:\n${body}`).document['Resources'];

describe('Fn::ForEach', () => {
  it.each([
    ['a list', '[Red, Blue]'],
    ['a parameter', '!Ref Names'],
    ['a parameter in a list', '[!Ref Names]'],
  ])('makes one resource for each item of %s', (_, collection) => {
    const resources = expandResources(`
  Fn::ForEach::Topics:
    - Name
    - ${collection}
    - Topic\${Name}: { Type: AWS::SNS::Topic, DependsOn: "Queue\${Name}", Properties: { TopicName: !Ref Name, DisplayName: !Sub "\${Name}-x" } }
`);
    expect(resources).toEqual(
      Object.fromEntries(
        ['Red', 'Blue'].map((name) => [
          `Topic${name}`,
          {
            Type: 'AWS::SNS::Topic',
            DependsOn: `Queue${name}`,
            Properties: { TopicName: name, DisplayName: { 'Fn::Sub': `${name}-x` } },
          },
        ]),
      ),
    );
  });

  it('strips what a logical id cannot have with &{}, in nested loops, properties, conditions and outputs', () => {
    const { document, resources } = expand(`
Conditions:
  Fn::ForEach::Conditions: [Env, [a, b], { "Is\${Env}": !Equals [!Ref Env, a] }]
Resources:
  Fn::ForEach::Outer:
    - Ip
    - [10.0.0.1, 10.0.0.2]
    - Fn::ForEach::Inner:
        - Port
        - ["80"]
        - "Rule&{Ip}P\${Port}":
            Type: AWS::SNS::Topic
            Properties:
              Fn::ForEach::Members: [Member, [TopicName], { "\${Member}": !Sub "\${Ip}:\${Port}" }]
Outputs:
  Fn::ForEach::Arns: [Ip, [10.0.0.1], { "Arn&{Ip}": { Value: !GetAtt [!Sub "Rule&{Ip}P80", TopicArn] } }]
`);
    expect(Object.keys(document['Conditions'] ?? {})).toEqual(['Isa', 'Isb']);
    expect([...resources].map(([id, { properties }]) => [id, properties])).toEqual([
      ['Rule10001P80', { TopicName: { 'Fn::Sub': '10.0.0.1:80' } }],
      ['Rule10002P80', { TopicName: { 'Fn::Sub': '10.0.0.2:80' } }],
    ]);
    expect(document['Outputs']).toEqual({ Arn10001: { Value: { 'Fn::GetAtt': ['Rule10001P80', 'TopicArn'] } } });
  });

  it.each([
    ['[Name, [a]]', 'Fn::ForEach::L layout is incorrect'],
    ['[Name, !Ref Policy, { "T${Name}": { Type: AWS::SNS::Topic } }]', 'Fn::ForEach::L layout is incorrect'],
    ['[Name, [a], { T: { Type: AWS::SNS::Topic } }]', 'Fn::ForEach::L: the key T has no ${Name}'],
    ['[Policy, [a], { "T${Policy}": { Type: AWS::SNS::Topic } }]', 'identifier Policy is used already'],
    ['[Name, [a-, a], { "T&{Name}": { Type: AWS::SNS::Topic } }]', 'duplicate key Ta'],
  ])('%s is rejected', (loop, reason) => {
    expect(() => expandResources(`  Fn::ForEach::L: ${loop}\n`)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(reason) }),
    );
  });

  it('over an empty list leaves a template without resources, which is rejected', () => {
    expect(() => expandResources('  Fn::ForEach::L: [Name, [], { "T${Name}": { Type: AWS::SNS::Topic } }]\n')).toThrow(
      'must declare at least one resource',
    );
  });
});

it('evaluates the policies of resources', () => {
  const { resources } = expand('Resources: { T: { Type: AWS::SNS::Topic, DeletionPolicy: !Ref Policy } }');
  expect(resources.get('T')?.deletionPolicy).toBe('Retain');
  expect(() => expand('Resources: { T: { Type: AWS::SNS::Topic, DeletionPolicy: !Ref Names } }')).toThrow(
    'DeletionPolicy of T must be a string',
  );
});
