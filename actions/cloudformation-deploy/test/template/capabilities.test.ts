import { parseTemplate } from '@aws-delivery/template/template';
import { describe, expect, it } from '@jest/globals';
import {
  type CapabilityCheckOptions,
  type CapabilityIssue,
  findCapabilityIssues,
} from '../../src/template/capabilities.js';

interface Case extends Partial<Pick<CapabilityCheckOptions, 'acknowledged' | 'changeMethod'>> {
  readonly body: string;
  readonly nested?: string;
}

const findIssues = ({
  body,
  nested,
  acknowledged = [],
  changeMethod = 'change-set',
}: Case): readonly CapabilityIssue[] =>
  findCapabilityIssues({
    outer: { template: parseTemplate(body), file: 'stack.yml' },
    nested: nested === undefined ? [] : [{ template: parseTemplate(nested), file: 'nested.yml' }],
    acknowledged,
    changeMethod,
  });

const QUEUE = 'Resources:\n  Queue: { Type: AWS::SQS::Queue }\n';
const ROLES = `Resources:
  Queue: { Type: AWS::SQS::Queue }
  Role: { Type: AWS::IAM::Role, Properties: {} }
  Policy: { Type: AWS::IAM::Policy, Properties: {} }
`;
const NAMED = 'Resources:\n  Role: { Type: AWS::IAM::Role, Properties: { RoleName: deploy } }\n';
const SAM = `Transform: AWS::Serverless-2016-10-31\n${QUEUE}`;
const APPLICATION = `Transform: AWS::Serverless-2016-10-31
Resources:
  App: { Type: AWS::Serverless::Application, Properties: { Location: { ApplicationId: a } } }
`;

describe('findCapabilityIssues', () => {
  it('finds nothing that the template does not require', () => {
    expect(findIssues({ body: QUEUE })).toEqual([]);
  });

  it('reports resources, position and the input line to write', () => {
    expect(findIssues({ body: ROLES })).toEqual([
      {
        capability: 'CAPABILITY_IAM',
        message:
          "stack.yml: resources Role, Policy (AWS::IAM::Role, AWS::IAM::Policy) require CAPABILITY_IAM, which is not acknowledged: set 'capabilities: CAPABILITY_IAM'",
        location: { file: 'stack.yml', startLine: 3, startColumn: 3 },
      },
    ]);
  });

  it('requires CAPABILITY_NAMED_IAM for named resources', () => {
    expect(findIssues({ body: NAMED, acknowledged: ['CAPABILITY_IAM'] })).toMatchObject([
      {
        capability: 'CAPABILITY_NAMED_IAM',
        message: expect.stringMatching(/resource Role .* requires .*set 'capabilities: CAPABILITY_NAMED_IAM'$/),
      },
    ]);
  });

  it.each([
    [ROLES, ['CAPABILITY_IAM']],
    [ROLES, ['CAPABILITY_NAMED_IAM']],
    [NAMED, ['CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND']],
    [APPLICATION, ['CAPABILITY_AUTO_EXPAND']],
  ])('finds nothing for acknowledged capabilities (%#)', (body, acknowledged) => {
    expect(findIssues({ body, acknowledged })).toEqual([]);
  });

  it('requires CAPABILITY_AUTO_EXPAND for macros only without a change set', () => {
    expect(findIssues({ body: SAM })).toEqual([]);
    expect(findIssues({ body: SAM, acknowledged: ['CAPABILITY_IAM'], changeMethod: 'update-stack' })).toEqual([
      {
        capability: 'CAPABILITY_AUTO_EXPAND',
        message:
          "stack.yml: transform AWS::Serverless-2016-10-31 requires CAPABILITY_AUTO_EXPAND, which is not acknowledged: set 'capabilities: CAPABILITY_IAM, CAPABILITY_AUTO_EXPAND'",
        location: { file: 'stack.yml', startLine: 1, startColumn: 1 },
      },
    ]);
  });

  it('requires CAPABILITY_AUTO_EXPAND for applications in any case', () => {
    expect(findIssues({ body: APPLICATION })).toMatchObject([
      {
        capability: 'CAPABILITY_AUTO_EXPAND',
        message: expect.stringContaining('resource App (AWS::Serverless::Application) requires'),
      },
    ]);
  });

  it('checks nested templates, with one input line for all', () => {
    const issues = findIssues({ body: ROLES, nested: `Transform: Macro\n${NAMED}` });
    expect(issues.map(({ capability, location }) => [capability, location.file])).toEqual([
      ['CAPABILITY_IAM', 'stack.yml'],
      ['CAPABILITY_NAMED_IAM', 'nested.yml'],
      ['CAPABILITY_AUTO_EXPAND', 'nested.yml'],
    ]);
    for (const { message } of issues) {
      expect(message).toMatch(/set 'capabilities: CAPABILITY_NAMED_IAM, CAPABILITY_AUTO_EXPAND'$/);
    }
  });
});
