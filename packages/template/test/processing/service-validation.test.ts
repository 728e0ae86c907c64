import { describe, expect, it } from '@jest/globals';
import { checkServiceRules } from '../../src/processing/service-validation.js';
import { parseTemplate } from '../../src/template.js';

const TOPIC = 'Resources: { T: { Type: AWS::SNS::Topic } }';
const check = (body: string) => () => checkServiceRules(parseTemplate(body));
const long = (length: number) => 'x'.repeat(length);

describe('CloudFormation rejects', () => {
  it.each([
    [
      'null values',
      'Resources: { T: { Type: AWS::SNS::Topic, Properties: { DisplayName: } } }',
      "[/Resources/T/Properties/DisplayName] 'null' values are not allowed in templates",
    ],
    ['aliases', `Metadata: { A: &a { x: 1 }, B: *a }\n${TOPIC}`, 'YAML aliases are not allowed'],
    ['merge keys', `Metadata: { A: { <<: { x: 1 } } }\n${TOPIC}`, 'YAML aliases are not allowed'],
    [
      'loops without the transform',
      'Resources: { "Fn::ForEach::L": [N, [a], { "T${N}": { Type: AWS::SNS::Topic } }] }',
      'Resource name Fn::ForEach::L is non alphanumeric.',
    ],
    [
      'Fn::Length without the transform',
      'Resources: { T: { Type: AWS::SNS::Topic, Properties: { DisplayName: { Fn::Length: [a] } } } }',
      'Encountered unsupported function: Fn::Length',
    ],
    [
      'Fn::ToJsonString without the transform',
      'Resources: { T: { Type: AWS::SNS::Topic, Properties: { DisplayName: { Fn::ToJsonString: { a: 1 } } } } }',
      'Encountered unsupported function: Fn::ToJsonString',
    ],
    [
      'a default of Fn::FindInMap without the transform',
      'Resources: { T: { Type: AWS::SNS::Topic, Properties: { DisplayName: !FindInMap [A, B, C, { DefaultValue: x }] } } }',
      'every Fn::FindInMap object requires three parameters',
    ],
    [
      'functions in policies without the transform',
      'Resources: { T: { Type: AWS::SNS::Topic, DeletionPolicy: !Ref X } }',
      'Every DeletionPolicy member must be a string.',
    ],
    [
      'unknown policies',
      'Resources: { T: { Type: AWS::SNS::Topic, DeletionPolicy: Keep } }',
      'Unrecognized DeletionPolicy Keep',
    ],
    [
      'unknown members of resources',
      'Resources: { T: { Type: AWS::SNS::Topic, Property: {} } }',
      "Invalid template resource property 'Property'",
    ],
    [
      'unknown members of parameters',
      `Parameters: { P: { Type: String, Values: [a] } }\n${TOPIC}`,
      "Invalid template parameter property 'Values'",
    ],
    [
      'unknown members of outputs',
      `Outputs: { O: { Value: a, Name: b } }\n${TOPIC}`,
      "Invalid template output property 'Name'",
    ],
    [
      'names of parameters',
      `Parameters: { my-p: { Type: String } }\n${TOPIC}`,
      'Parameter name my-p is non alphanumeric.',
    ],
    ['names of outputs', `Outputs: { my_o: { Value: a } }\n${TOPIC}`, 'Output name my_o is non alphanumeric.'],
    ['long names of outputs', `Outputs: { ${long(256)}: { Value: a } }\n${TOPIC}`, 'is longer than 255 characters.'],
    [
      'names of mappings',
      `Mappings: { M: { a: { b_c: d } } }\n${TOPIC}`,
      "Mappings attribute name 'b_c' must contain only alphanumeric characters.",
    ],
    ['types of parameters', `Parameters: { P: { Type: Text } }\n${TOPIC}`, 'Unrecognized parameter type: Text'],
    ['long descriptions', `Description: ${long(1025)}\n${TOPIC}`, "'Description' length is greater than 1024."],
    [
      'long descriptions of parameters',
      `Parameters: { P: { Type: String, Description: ${long(4001)} } }\n${TOPIC}`,
      "'Description' length is greater than 4000.",
    ],
    [
      'other versions',
      `AWSTemplateFormatVersion: 2011-09-09\n${TOPIC}`,
      'unsupported value for AWSTemplateFormatVersion.',
    ],
  ])('%s', (_, body, message) => {
    expect(check(body)).toThrow(message);
  });
});

describe('CloudFormation accepts', () => {
  it.each([
    ['an anchor without an alias', `Metadata: { A: &a { x: 1 } }\n${TOPIC}`],
    [
      'extensions with the transform',
      'Transform: AWS::LanguageExtensions\nResources: { T: { Type: AWS::SNS::Topic, DeletionPolicy: !Ref X, Properties: { DisplayName: { Fn::Length: [a] } } } }',
    ],
    [
      'all types of parameters',
      `Parameters: { A: { Type: List<Number> }, B: { Type: "List<AWS::EC2::Subnet::Id>" }, C: { Type: "AWS::SSM::Parameter::Value<List<String>>" } }\n${TOPIC}`,
    ],
    [
      'the version and descriptions up to their limits',
      `AWSTemplateFormatVersion: 2010-09-09\nDescription: ${long(1024)}\n${TOPIC}`,
    ],
  ])('%s', (_, body) => {
    expect(check(body)).not.toThrow();
  });
});
