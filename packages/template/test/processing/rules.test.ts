import { describe, expect, it } from '@jest/globals';
import { findViolatedRules } from '../../src/processing/rules.js';
import { parseTemplate } from '../../src/template.js';

const PARAMETERS =
  'Parameters: { Env: { Type: String }, Zones: { Type: CommaDelimitedList }, Vpc: { Type: AWS::EC2::VPC::Id }, Subnets: { Type: "List<AWS::EC2::Subnet::Id>" } }';
const values: Readonly<Record<string, string>> = {
  Env: 'prod',
  Zones: 'a,b',
  Vpc: 'vpc-1',
  Subnets: 'subnet-1,subnet-2',
};
const attributes: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>> = {
  'AWS::EC2::VPC::Id': { 'vpc-1': { 'Tags.Team': 'shop' }, 'vpc-2': { 'Tags.Team': 'shop' } },
  'AWS::EC2::Subnet::Id': { 'subnet-1': { VpcId: 'vpc-1' }, 'subnet-2': { VpcId: 'vpc-2' } },
};

const check = (rules: string) => {
  const template = parseTemplate(`${PARAMETERS}\nRules: ${rules}\nResources: { T: { Type: AWS::SNS::Topic } }`);
  return findViolatedRules(template, {
    parameters: new Map(Object.entries(values)),
    resolveReference: (name) => (['Zones', 'Subnets'].includes(name) ? values[name]?.split(',') : values[name]),
    resolveAttribute: () => undefined,
    mappings: {},
    conditions: new Map(),
    findExport: () => undefined,
    listZones: () => [],
    listParameterValues: (type) => (attributes[type] === undefined ? undefined : Object.keys(attributes[type])),
    findValueAttribute: (type, id, attribute) => attributes[type]?.[id]?.[attribute],
  });
};

describe('an assertion', () => {
  it.each([
    ['!Equals [!Ref Env, prod]', true],
    ['!Equals [!Ref Env, dev]', false],
    ['!Not [!Equals [!Ref Env, dev]]', true],
    ['!And [!Equals [!Ref Env, prod], !Equals [!Ref Env, dev]]', false],
    ['!Or [!Equals [!Ref Env, prod], !Equals [!Ref Env, dev]]', true],
    ['Fn::Contains: [[dev, prod], !Ref Env]', true],
    ['Fn::Contains: [!Ref Zones, c]', false],
    ['Fn::EachMemberEquals: [!Ref Zones, a]', false],
    ['Fn::EachMemberEquals: [[a, a], a]', true],
    ['Fn::EachMemberIn: [!Ref Zones, [a, b, c]]', true],
    ['Fn::EachMemberIn: [!Ref Zones, [a]]', false],
    ['Fn::Contains: [{ Fn::RefAll: AWS::EC2::VPC::Id }, !Ref Vpc]', true],
    ['Fn::EachMemberIn: [{ Fn::ValueOf: [Subnets, VpcId] }, { Fn::RefAll: AWS::EC2::VPC::Id }]', true],
    ['Fn::EachMemberEquals: [{ Fn::ValueOf: [Subnets, VpcId] }, !Ref Vpc]', false],
    ['!Equals [{ Fn::ValueOf: [Vpc, Tags.Team] }, shop]', true],
    ['Fn::EachMemberEquals: [{ Fn::ValueOfAll: [AWS::EC2::VPC::Id, Tags.Team] }, shop]', true],
  ])('%s is %s', (assertion, result) => {
    const expression = assertion.startsWith('Fn::') ? `{ ${assertion} }` : assertion;
    expect(check(`{ R: { Assertions: [{ Assert: ${expression}, AssertDescription: not met }] } }`)).toEqual(
      result ? [] : ['not met'],
    );
  });

  it.each([
    ['{ Fn::If: [A, true, false] }', 'Fn::If is not supported in Rules'],
    ['!Equals [{ Fn::ValueOf: [Vpc, Nope] }, x]', 'Fn::ValueOf finds no attribute Nope of Vpc'],
    [
      '{ Fn::Contains: [{ Fn::RefAll: AWS::EC2::Image::Id }, x] }',
      'does not support the parameter type AWS::EC2::Image::Id',
    ],
    ['!Ref Env', 'must be true or false'],
  ])('%s is rejected', (assertion, reason) => {
    expect(() => check(`{ R: { Assertions: [{ Assert: ${assertion} }] } }`)).toThrow(reason);
  });
});

it('applies a rule only if its condition is true, and names a rule without description', () => {
  const assertions = 'Assertions: [{ Assert: !Equals [a, b] }]';
  expect(check(`{ R: { RuleCondition: !Equals [!Ref Env, dev], ${assertions} } }`)).toEqual([]);
  expect(check(`{ R: { RuleCondition: !Equals [!Ref Env, prod], ${assertions} } }`)).toEqual(['rule R']);
  expect(() => check('{ R: { Assertions: [] } }')).toThrow('rule R must have a list of Assertions');
});
