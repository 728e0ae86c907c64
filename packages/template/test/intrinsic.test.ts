import { describe, expect, it } from '@jest/globals';
import { parseTemplateDocument } from '../src/document.js';
import { type EvaluationScope, evaluate, evaluateCondition } from '../src/intrinsic.js';
import type { Value } from '../src/value.js';

const values: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['Env', 'prod'],
  ['Zones', ['a', 'b']],
  ['Queue', 'queue-url'],
  ['AWS::Region', 'eu-west-1'],
]);

const scope: EvaluationScope = {
  resolveReference: (name) => values.get(name),
  resolveAttribute: (id, attribute) => (id === 'Queue' && attribute === 'Arn' ? 'arn:queue' : undefined),
  mappings: { Sizes: { prod: { count: 3 } } },
  conditions: new Map<string, Value>([
    ['IsProd', { 'Fn::Equals': [{ Ref: 'Env' }, 'prod'] }],
    ['IsTest', { 'Fn::Not': [{ Condition: 'IsProd' }] }],
  ]),
  findExport: (name) => (name === 'shared-vpc' ? 'vpc-1' : undefined),
  listZones: (region) => [`${region}a`, `${region}b`],
};

const evaluateYaml = (text: string) => evaluate(parseTemplateDocument(`v: ${text}`).value, scope);

describe('evaluate', () => {
  it.each<[string, Value]>([
    ['!Ref Env', 'prod'],
    ['!GetAtt Queue.Arn', 'arn:queue'],
    ['!Sub "${Env}-${Queue.Arn}-${!literal}"', 'prod-arn:queue-${literal}'],
    ['!Sub ["${A}/${Env}", { A: !Ref Queue }]', 'queue-url/prod'],
    ['!Join ["-", [a, !Ref Env, 1]]', 'a-prod-1'],
    ['!Join [",", !Ref Zones]', 'a,b'],
    ['!If [IsProd, big, small]', 'big'],
    ['!If [IsTest, big, !Ref Env]', 'prod'],
    ['!Select [1, !Split [",", "x,y"]]', 'y'],
    ['!FindInMap [Sizes, !Ref Env, count]', 3],
    ['!FindInMap [Sizes, dev, count, { DefaultValue: 1 }]', 1],
    ['!ImportValue shared-vpc', 'vpc-1'],
    ['!Base64 hé', 'aMOp'],
    ['!Cidr [10.0.0.0/16, 3, 8]', ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24']],
    ['!GetAZs ""', ['eu-west-1a', 'eu-west-1b']],
    ['{ a: !Ref AWS::NoValue, b: [!Ref AWS::NoValue, c] }', { b: ['c'] }],
    ['!Or [!Condition IsTest, !Equals [1, "1"]]', true],
    ['!And [!Condition IsTest, !Condition IsProd]', false],
    ['!ToJsonString { a: !Ref Env }', '{"a":"prod"}'],
    ['!Length !Ref Zones'.replace('!Length !Ref Zones', '!Length { Ref: Zones }'), 2],
    ['{ Condition: { StringEquals: { a: b } } }', { Condition: { StringEquals: { a: 'b' } } }],
  ])('evaluates %s', (text, expected) => {
    expect(evaluateYaml(text)).toEqual({ v: expected });
  });

  it.each([
    ['!Ref Missing', 'Missing is not a parameter or an existing resource'],
    ['!GetAtt Queue.Url', 'Queue has no attribute Url'],
    ['!ImportValue other', 'no export named other found'],
    ['!Select [5, [a]]', 'cannot select nonexistent value at index 5'],
    ['!FindInMap [Sizes, dev, count]', 'has no value for Sizes.dev.count'],
    ['!If [Nope, a, b]', 'condition Nope is not declared'],
    ['!Join [",", text]', 'Fn::Join requires a list'],
    ['!Cidr [10.0.0.0/24, 2, 8]', 'cannot fit 2 blocks into 10.0.0.0/24'],
    ['{ Fn::Macro: x }', 'cannot be evaluated outside CloudFormation'],
  ])('rejects %s', (text, message) => {
    expect(() => evaluateYaml(text)).toThrow(message);
  });

  it('evaluates conditions that refer to other conditions', () => {
    expect([evaluateCondition('IsProd', scope), evaluateCondition('IsTest', scope)]).toEqual([true, false]);
  });
});
