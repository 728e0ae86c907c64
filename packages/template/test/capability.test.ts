import { describe, expect, it } from '@jest/globals';
import { filterUnacknowledgedCapabilities, findRequiredCapabilities } from '../src/capability.js';
import { parseTemplate } from '../src/template.js';

const findRequired = (text: string) => findRequiredCapabilities(parseTemplate(text));

describe('findRequiredCapabilities', () => {
  it.each([
    ['Resources: { B: { Type: AWS::S3::Bucket } }', []],
    ['Resources: { R: { Type: AWS::IAM::Role } }', [['CAPABILITY_IAM', ['R']]]],
    ['Resources: { P: { Type: AWS::IAM::Policy, Properties: { PolicyName: p } } }', [['CAPABILITY_IAM', ['P']]]],
    [
      'Resources: { R: { Type: AWS::IAM::Role, Properties: { RoleName: r } }, P: { Type: AWS::IAM::Policy } }',
      [['CAPABILITY_NAMED_IAM', ['R']]],
    ],
    [
      'Transform: AWS::Serverless-2016-10-31\nResources: { F: { Type: AWS::Serverless::Function } }',
      [
        ['CAPABILITY_IAM', ['F']],
        ['CAPABILITY_AUTO_EXPAND', ['AWS::Serverless-2016-10-31']],
      ],
    ],
    [
      'Transform: AWS::Serverless-2016-10-31\nResources: { F: { Type: AWS::Serverless::Function, Properties: { Role: arn } } }',
      [['CAPABILITY_AUTO_EXPAND', ['AWS::Serverless-2016-10-31']]],
    ],
  ])('finds the capabilities of %s', (text, expected) => {
    expect(findRequired(text).map(({ capability, sources }) => [capability, sources])).toEqual(expected);
  });

  it('accepts CAPABILITY_NAMED_IAM for CAPABILITY_IAM, but not the reverse', () => {
    const plain = findRequired('Resources: { R: { Type: AWS::IAM::Role } }');
    const named = findRequired('Resources: { R: { Type: AWS::IAM::Role, Properties: { RoleName: r } } }');
    expect(filterUnacknowledgedCapabilities(plain, ['CAPABILITY_NAMED_IAM'])).toEqual([]);
    expect(filterUnacknowledgedCapabilities(named, ['CAPABILITY_IAM'])).toEqual(named);
  });
});
