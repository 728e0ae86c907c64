import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Policy, policySchema } from '@aws-delivery/local-aws/iam/policy';
import { type EvaluationScope, evaluate, evaluateCondition } from '@aws-delivery/template/intrinsic';
import { toParameterValue } from '@aws-delivery/template/parameter';
import { parseTemplate, type Template } from '@aws-delivery/template/template';
import { isMapping, type Mapping } from '@aws-delivery/template/value';
import { root } from '../command.mjs';

export const ACCOUNT = '123456789012';
/** The default of `Name`. */
export const NAME = 'delivery';

/** Parameters for octocat/my-repo. */
export const FILLED_IN: Readonly<Record<string, string>> = {
  Organization: 'octocat',
  Repository: 'my-repo',
  OrganizationId: '123456',
  RepositoryId: '456789',
  DeliveryRegion: 'eu-west-1',
};

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-west-1',
};

export const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/${NAME}-boundary`;
export const SERVICE_ROLE = `arn:aws:iam::${ACCOUNT}:role/${NAME}-cloudformation`;

export const templatePath = join(root, 'examples', 'bootstrap', 'delivery-roles.yaml');

/** The bootstrap template evaluated with parameters. */
export class Bootstrap {
  readonly template: Template = parseTemplate(readFileSync(templatePath, 'utf8'));
  private readonly scope: EvaluationScope;

  constructor(parameters: Readonly<Record<string, string>> = {}) {
    const values: Readonly<Record<string, string>> = { ...FILLED_IN, ...parameters };
    const { mappings, conditions } = this.template;
    const named: Readonly<Record<string, string>> = {
      ...PSEUDO,
      Boundary: BOUNDARY,
      Artifacts: `aws-delivery-${ACCOUNT}-eu-west-1`,
    };
    this.scope = {
      mappings,
      conditions,
      findExport: () => undefined,
      listZones: () => [],
      // A resource without a known name evaluates to its logical id.
      resolveReference: (name) => {
        const parameter = this.template.parameters.get(name);
        const text = values[name] ?? parameter?.default;
        return parameter === undefined || text === undefined
          ? (named[name] ?? name)
          : toParameterValue(parameter, text);
      },
      resolveAttribute: (logicalId) =>
        logicalId === 'ServiceRole' ? SERVICE_ROLE : `arn:aws:s3:::${named[logicalId]}`,
    };
  }

  /** The evaluated properties of a resource; undefined if its condition is false. */
  properties(logicalId: string): Mapping | undefined {
    const resource = this.template.resources.get(logicalId);
    if (resource === undefined) throw new Error(`the bootstrap has no resource ${logicalId}`);
    if (resource.condition !== undefined && !evaluateCondition(resource.condition, this.scope)) return undefined;
    const value = evaluate(resource.properties, this.scope);
    return isMapping(value) ? value : {};
  }

  /** The document of a managed policy or a bucket policy. */
  policy(logicalId: string): Policy {
    return policySchema.parse(this.properties(logicalId)?.['PolicyDocument']);
  }

  trust(role: string): Policy {
    return policySchema.parse(this.properties(role)?.['AssumeRolePolicyDocument']);
  }

  /** Logical ids of the managed policies of a role. */
  attached(role: string): readonly string[] {
    const arns = this.properties(role)?.['ManagedPolicyArns'];
    return Array.isArray(arns) ? arns.map(String) : [];
  }
}

/**
 * The flaw of a subject in a trust policy, if any: the part before `ref`, `environment` or `pull_request` identifies the
 * repository and must not contain wildcards.
 */
export const findFlaw = (operator: string, subject: string): string | undefined => {
  const parts = /^repo:(?<repository>[^:]*):(?<context>ref:.+|environment:.+|pull_request)$/.exec(subject)?.groups;
  if (parts?.['repository'] === undefined)
    return 'does not name a repository and then a ref, environment or pull_request';
  const isPattern = operator.includes('Like');
  if (isPattern && /[*?]/.test(parts['repository'])) return 'has a wildcard in what names the repository';
  if (!/^[^/@*?]+(@\d+)?\/[^/@*?]+(@\d+)?$/.test(parts['repository'])) return 'does not name one repository';
  return undefined;
};
