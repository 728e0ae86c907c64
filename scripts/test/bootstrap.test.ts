import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { getArtifactBucketName } from '@aws-delivery/aws/s3/artifact-bucket';
import { createConditionContext } from '@aws-delivery/local-aws/iam/authorisation';
import { matchesArn } from '@aws-delivery/local-aws/iam/pattern';
import { evaluatePolicies, type Policy, policySchema } from '@aws-delivery/local-aws/iam/policy';
import { parseTemplate } from '@aws-delivery/template/template';
import { describe, expect, it } from '@jest/globals';
import { root } from '../command.mjs';
import { fillBootstrap } from '../generate/bootstrap.js';
import {
  ACCOUNT,
  BOUNDARY,
  Bootstrap,
  FILLED_IN,
  findFlaw,
  NAME,
  SERVICE_ROLE,
  templatePath,
} from './bootstrap-template.js';

const bootstrap = new Bootstrap();
const PROVIDER = 'token.actions.githubusercontent.com';

/** Action of each policy with all of its permissions but those of OPTIONAL; the preview policies have a subset. */
const WHOLE = {
  HealthGatePolicy: 'health-gate',
  CodeguruReviewPolicy: 'codeguru-review',
  EcrPushPolicy: 'ecr-push',
  CloudformationDeployPolicy: 'cloudformation-deploy',
  AppconfigRolloutPolicy: 'appconfig-rollout',
  OidcCredentialsPolicy: 'oidc-credentials',
} as const;

/** Statements that would allow more than the bootstrap does, for those who add them: the CDK's roles, stack sets. */
const OPTIONAL = /^(?:CloudAssemblies|StackSets)/;

const readGeneratedStatements = (action: string, without = OPTIONAL): Policy['Statement'] => {
  const text = readFileSync(join(root, 'actions', action, 'iam-policy.json'), 'utf8');
  const filled = text
    .replaceAll('${Partition}', 'aws')
    .replaceAll('${Region}', 'eu-west-1')
    .replaceAll('${Account}', ACCOUNT);
  return policySchema.parse(filled).Statement.filter(({ Sid = '' }) => !without.test(Sid));
};

const everything = new Bootstrap({ ChainsAndSecrets: 'true', StackSets: 'true' });
const statements = (policy: string) => everything.policy(policy).Statement;
const withoutResource = ({ Resource: _, ...statement }: Policy['Statement'][number]) => statement;
const listActions = (policies: readonly string[]) => policies.flatMap(statements).flatMap(({ Action = [] }) => Action);

describe('the policies of the bootstrap', () => {
  it.each(Object.entries(WHOLE))('%s has the statements of %s', (policy, action) => {
    expect(statements(policy).map(withoutResource)).toEqual(readGeneratedStatements(action).map(withoutResource));
  });

  it.each(Object.entries(WHOLE))('%s has no wider resources than %s', (policy, action) => {
    const patterns = readGeneratedStatements(action).map(({ Resource = [] }) => Resource);
    statements(policy).forEach(({ Resource = [] }, index) => {
      for (const resource of Resource) {
        expect(patterns[index]?.some((pattern) => matchesArn(pattern, resource))).toBe(true);
      }
    });
  });

  it('fit the quotas of 6,144 characters per policy, ten policies per role and 51,200 bytes per template', () => {
    for (const policy of [...Object.keys(WHOLE), 'CloudformationPreviewPolicy', 'AppconfigPreviewPolicy', 'Boundary']) {
      expect(JSON.stringify(everything.properties(policy)?.['PolicyDocument']).length).toBeLessThan(6144);
    }
    for (const role of ['DeployRole', 'PreviewRole']) expect(everything.attached(role).length).toBeLessThanOrEqual(10);
    expect(readFileSync(templatePath).length).toBeLessThan(51_200);
  });

  it('cover every action', () => {
    expect(Object.values(WHOLE).sort()).toEqual(readdirSync(join(root, 'actions')).sort());
  });
});

describe('the deploy role', () => {
  it('has only the policies of the deploying actions, and optionally of role chains, secrets and stack sets', () => {
    const usual = ['HealthGatePolicy', 'EcrPushPolicy', 'CloudformationDeployPolicy', 'AppconfigRolloutPolicy'];
    expect(bootstrap.attached('DeployRole')).toEqual(usual);
    expect(everything.attached('DeployRole')).toEqual([...usual, 'OidcCredentialsPolicy', 'StackSetsPolicy']);
    expect(Object.keys(bootstrap.properties('DeployRole') ?? {})).not.toContain('Policies');
    expect(bootstrap.properties('OidcCredentialsPolicy')).toBeUndefined();
    expect(bootstrap.properties('StackSetsPolicy')).toBeUndefined();
  });

  it('can change stack sets, but pass no role to them', () => {
    const actions = listActions(['StackSetsPolicy']);
    expect(actions).toEqual(expect.arrayContaining(['cloudformation:CreateStackInstances']));
    expect(actions.filter((action) => !/^(?:cloudformation|organizations):/.test(action))).toEqual([]);
    expect(readGeneratedStatements('cloudformation-deploy', /^(?!StackSets[23]?$)/)).toEqual(
      statements('StackSetsPolicy'),
    );
  });

  it('has a further policy if one is specified', () => {
    const DeployPolicyArn = `arn:aws:iam::${ACCOUNT}:policy/eks`;
    expect(new Bootstrap({ DeployPolicyArn }).attached('DeployRole').at(-1)).toBe(DeployPolicyArn);
  });

  it('can pass only the service role to CloudFormation and roles of its stacks to AppConfig', () => {
    const passing = everything
      .attached('DeployRole')
      .flatMap(statements)
      .filter(({ Action = [] }) => Action.includes('iam:PassRole'));
    expect(passing.map(({ Resource, Condition }) => ({ Resource, Condition }))).toEqual([
      {
        Resource: [SERVICE_ROLE],
        Condition: { StringEquals: { 'iam:PassedToService': ['cloudformation.amazonaws.com'] } },
      },
      {
        Resource: [`arn:aws:iam::${ACCOUNT}:role/${NAME}/*`],
        Condition: { StringEquals: { 'iam:PassedToService': ['appconfig.amazonaws.com'] } },
      },
    ]);
  });
});

describe('the preview role', () => {
  const actions = listActions(bootstrap.attached('PreviewRole'));

  it('can only create, read and delete change sets of a stack', () => {
    expect(bootstrap.attached('PreviewRole')).toEqual([
      'CodeguruReviewPolicy',
      'CloudformationPreviewPolicy',
      'AppconfigPreviewPolicy',
    ]);
    const writes = actions.filter((action) => /^cloudformation:(?!Describe|Get|List)/.test(action));
    expect([...new Set(writes)].sort()).toEqual([
      'cloudformation:CreateChangeSet',
      'cloudformation:DeleteChangeSet',
      'cloudformation:TagResource',
    ]);
  });

  it('can only read configuration', () => {
    const own = actions.filter((action) => action.startsWith('appconfig:'));
    expect(own).not.toEqual([]);
    expect(own.filter((action) => !/^appconfig:(Get|List)/.test(action))).toEqual([]);
  });

  it.each([
    ['CloudformationPreviewPolicy', 'cloudformation-deploy'],
    ['AppconfigPreviewPolicy', 'appconfig-rollout'],
  ])('has no permission in %s beyond those of %s', (policy, action) => {
    const whole = readGeneratedStatements(action).flatMap(({ Action = [] }) => Action);
    expect(whole).toEqual(expect.arrayContaining(listActions([policy])));
  });

  it('stores artifacts only below preview/', () => {
    const puts = bootstrap
      .policy('CloudformationPreviewPolicy')
      .Statement.filter(({ Action }) => Action?.includes('s3:PutObject'));
    expect(puts.flatMap(({ Resource }) => Resource)).toEqual([`arn:aws:s3:::aws-delivery-${ACCOUNT}-*/preview/*`]);
  });
});

describe('the trust policy', () => {
  it.each([
    ['DeployRole', 'environment:production'],
    ['PreviewRole', 'pull_request'],
  ])('of %s allows exactly two subjects, %s with names and with ids', (role, context) => {
    expect(bootstrap.trust(role).Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { Federated: [`arn:aws:iam::${ACCOUNT}:oidc-provider/${PROVIDER}`] },
        Action: ['sts:AssumeRoleWithWebIdentity'],
        Condition: {
          StringEquals: {
            [`${PROVIDER}:aud`]: ['sts.amazonaws.com'],
            [`${PROVIDER}:sub`]: [`repo:octocat/my-repo:${context}`, `repo:octocat@123456/my-repo@456789:${context}`],
          },
        },
      },
    ]);
  });

  it('of the service role allows only CloudFormation, with the boundary', () => {
    expect(bootstrap.trust('ServiceRole').Statement).toMatchObject([
      { Principal: { Service: ['cloudformation.amazonaws.com'] }, Action: ['sts:AssumeRole'] },
    ]);
    expect(bootstrap.properties('ServiceRole')).toMatchObject({
      ManagedPolicyArns: [BOUNDARY],
      PermissionsBoundary: BOUNDARY,
    });
  });

  it.each([
    ['StringLike', 'repo:octocat/*:environment:production'],
    ['StringLike', 'repo:octocat/my-repo*:ref:refs/heads/main'],
    ['StringLike', 'repo:octo?at/my-repo:environment:production'],
    ['StringLike', 'repo:*'],
    ['StringLike', 'repo:octocat/my-repo:*'],
    ['StringEquals', 'repo:octocat/*:environment:production'],
    ['StringEquals', 'repo:octocat@*/my-repo@456789:pull_request'],
    ['StringEquals', 'repo:octocat:environment:production'],
  ])('with %s of %s has a flaw', (operator, subject) => {
    expect(findFlaw(operator, subject)).toEqual(expect.any(String));
  });

  it('may have a wildcard after the ref', () => {
    expect(findFlaw('StringLike', 'repo:octocat/my-repo:ref:refs/tags/prod_*')).toBeUndefined();
  });

  it('has no flaw in any template of the directory', () => {
    const directory = dirname(templatePath);
    const subjects = readdirSync(directory)
      .filter((name) => name.endsWith('.yaml'))
      .flatMap((name) => [...parseTemplate(readFileSync(join(directory, name), 'utf8')).resources.values()])
      .filter(
        ({ type, properties }) => type === 'AWS::IAM::Role' && JSON.stringify(properties).includes('oidc-provider/'),
      )
      .flatMap(({ logicalId }) => bootstrap.trust(logicalId).Statement)
      .flatMap(({ Condition }) => Object.entries(Condition))
      .flatMap(([operator, keys]) => (keys[`${PROVIDER}:sub`] ?? []).map((subject) => ({ operator, subject })));
    expect(subjects).toHaveLength(4);
    expect(subjects.map(({ operator, subject }) => findFlaw(operator, subject))).toEqual(subjects.map(() => undefined));
  });

  it.each([
    ['Name', ['*', 'a/b', 'A', '']],
    ['Organization', ['*', 'octo*', 'octo/cat', 'octo:cat', '']],
    ['Repository', ['*', 'my?repo', 'my/repo', 'my:repo', '']],
    ['OrganizationId', ['*', '12a', '']],
    ['RepositoryId', ['*', '1 2', '']],
    ['Environment', ['*', 'prod*', 'prod:x', '']],
    ['DeliveryRegion', ['eu-*', 'eu', '']],
  ])('has no wildcard in parameter %s', (name, values) => {
    const pattern = new RegExp(`^(?:${bootstrap.template.parameters.get(name)?.allowedPattern})$`);
    expect(FILLED_IN[name] ?? bootstrap.template.parameters.get(name)?.default).toMatch(pattern);
    for (const value of values) expect(value).not.toMatch(pattern);
  });

  it('uses an existing identity provider', () => {
    const existing = new Bootstrap({ IdentityProvider: 'existing' });
    expect(bootstrap.properties('GitHub')).toMatchObject({ Url: `https://${PROVIDER}` });
    expect(existing.properties('GitHub')).toBeUndefined();
    expect(existing.trust('DeployRole')).toEqual(bootstrap.trust('DeployRole'));
  });
});

describe('the service role under its boundary', () => {
  const boundary = bootstrap.policy('Boundary');
  const under = { 'iam:PermissionsBoundary': BOUNDARY };
  const ofStack = `arn:aws:iam::${ACCOUNT}:role/${NAME}/shop-Function`;
  const may = (action: string, resource: string, keys: Readonly<Record<string, string>> = {}) =>
    evaluatePolicies([boundary], { action, resource, context: createConditionContext(keys) }) === 'allow';

  it.each<[string, string, Readonly<Record<string, string>>]>([
    ['sqs:CreateQueue', '*', {}],
    ['s3:PutBucketPolicy', 'arn:aws:s3:::anything', {}],
    ['iam:CreateRole', ofStack, under],
    ['iam:PutRolePolicy', ofStack, under],
    ['iam:PassRole', ofStack, {}],
    ['iam:DeleteRole', ofStack, {}],
    ['iam:CreateServiceLinkedRole', `arn:aws:iam::${ACCOUNT}:role/aws-service-role/ecs.amazonaws.com/x`, {}],
  ])('may %s on %s (%j)', (action, resource, keys) => {
    expect(may(action, resource, keys)).toBe(true);
  });

  const foreign = `arn:aws:iam::${ACCOUNT}:role/admin`;
  it.each<[string, string, Readonly<Record<string, string>>]>([
    ['iam:CreateRole', ofStack, {}],
    ['iam:CreateRole', ofStack, { 'iam:PermissionsBoundary': `arn:aws:iam::${ACCOUNT}:policy/wider` }],
    ['iam:CreateRole', foreign, under],
    ['iam:AttachRolePolicy', ofStack, {}],
    ['iam:DeleteRolePermissionsBoundary', ofStack, under],
    ['iam:PutRolePolicy', `arn:aws:iam::${ACCOUNT}:role/${NAME}-deploy`, under],
    ['iam:UpdateAssumeRolePolicy', `arn:aws:iam::${ACCOUNT}:role/${NAME}-deploy`, {}],
    ['iam:UpdateAssumeRolePolicy', foreign, {}],
    ['iam:PassRole', foreign, {}],
    ['iam:PassRole', SERVICE_ROLE, {}],
    ['iam:CreatePolicyVersion', BOUNDARY, {}],
    ['iam:CreateUser', `arn:aws:iam::${ACCOUNT}:user/x`, {}],
    ['iam:CreateOpenIDConnectProvider', '*', {}],
    ['sts:AssumeRole', foreign, {}],
    ['organizations:LeaveOrganization', '*', {}],
    ['ec2:RunInstances', '*', {}],
  ])('may not %s on %s (%j)', (action, resource, keys) => {
    expect(may(action, resource, keys)).toBe(false);
  });
});

describe('the artifact bucket', () => {
  it('has the name that cloudformation-deploy expects and is private and encrypted', () => {
    expect(bootstrap.properties('Artifacts')).toMatchObject({
      BucketName: getArtifactBucketName(ACCOUNT, 'eu-west-1'),
      Tags: [{ Key: 'aws-delivery:purpose', Value: 'artifacts' }],
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    });
  });

  it.each([
    ['false', 'deny'],
    ['true', 'implicit-deny'],
  ] as const)('evaluates aws:SecureTransport %s to %s for any principal', (secure, response) => {
    const principal = { kind: 'AWS', names: ['arn:aws:iam::999988887777:user/x'], accountNames: [] } as const;
    const context = createConditionContext({ 'aws:SecureTransport': secure });
    for (const resource of ['', '/key']) {
      const request = {
        action: 's3:GetObject',
        resource: `arn:aws:s3:::${getArtifactBucketName(ACCOUNT, 'eu-west-1')}${resource}`,
      };
      expect(evaluatePolicies([bootstrap.policy('ArtifactsPolicy')], { ...request, context, principal })).toBe(
        response,
      );
    }
  });

  it('is not created if it exists', () => {
    const existing = new Bootstrap({ ArtifactBucket: 'existing' });
    expect(existing.properties('Artifacts')).toBeUndefined();
    expect(existing.properties('ArtifactsPolicy')).toBeUndefined();
  });
});

describe('fillBootstrap', () => {
  const template = readFileSync(templatePath, 'utf8');
  const empty = Object.values(WHOLE).map((name) => ({
    ...{ name, title: '', description: '', inputs: {}, outputs: {}, permissions: {}, workflow: [] },
    branding: { icon: 'cloud', color: 'orange' },
  }));

  it.each([
    ['markers', 'Resources: {}\n', empty, "the bootstrap template has no '# generated: policies'"],
    ['an action', template, [], 'HealthGatePolicy is for health-gate, which is no action'],
    ['permissions', template, empty, "cloudformation-deploy has no 'ServiceRole' for CloudformationDeployPolicy"],
  ])('reports missing %s', (_, text, definitions, message) => {
    expect(() => fillBootstrap(text, definitions)).toThrow(message);
  });
});
