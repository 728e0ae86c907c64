import type { Definition } from '@aws-delivery/action-kit/inputs/definition';
import { Document, isSeq, Scalar, visit } from 'yaml';
import { buildStatements, type Statement } from './iam-policy.js';

/** A managed policy of the bootstrap template, derived from the permissions of an action. */
interface BootstrapPolicy {
  readonly logicalId: string;
  readonly action: string;
  readonly description: string;
  readonly condition?: string;
  /** Sids of the included statements; default: all. */
  readonly only?: readonly string[];
  /** Sids of statements to leave out. */
  readonly except?: RegExp;
  /** IAM actions to leave out. */
  readonly without?: readonly string[];
  /** Resources by Sid that replace those of the action. */
  readonly resources?: Readonly<Record<string, string>>;
}

const SERVICE_ROLE = '${ServiceRole.Arn}';
const BUCKETS = 'arn:${Partition}:s3:::aws-delivery-${Account}-*';
const OWN_ROLES = 'role/${Name}-*';
const OWN_PARAMETERS = 'arn:${Partition}:ssm:${Region}:${Account}:parameter/${Name}/*';

const POLICIES: readonly BootstrapPolicy[] = [
  { logicalId: 'HealthGatePolicy', action: 'health-gate', description: 'Permissions of health-gate' },
  { logicalId: 'CodeguruReviewPolicy', action: 'codeguru-review', description: 'Permissions of codeguru-review' },
  { logicalId: 'EcrPushPolicy', action: 'ecr-push', description: 'Permissions of ecr-push' },
  {
    logicalId: 'CloudformationDeployPolicy',
    action: 'cloudformation-deploy',
    description: 'Permissions of cloudformation-deploy: stacks, but not their resources',
    // The roles of the CDK's bootstrap stack have permissions for all resources; stack sets reach other accounts.
    except: /^(?:CloudAssemblies|StackSets)/u,
    resources: { ServiceRole: SERVICE_ROLE, Uploads: `${BUCKETS}/*`, Uploads2: BUCKETS },
  },
  {
    logicalId: 'CloudformationPreviewPolicy',
    action: 'cloudformation-deploy',
    description: 'Permissions of cloudformation-deploy for a preview, without executing a change set',
    only: ['Always', 'Always2', 'ChangeSets', 'ChangeSets2', 'Diagnosis', 'ServiceRole', 'Uploads', 'Uploads2'],
    without: [
      'cloudformation:ExecuteChangeSet',
      's3:CreateBucket',
      's3:PutBucketPublicAccessBlock',
      's3:PutEncryptionConfiguration',
      's3:GetBucketTagging',
      's3:PutBucketTagging',
    ],
    resources: { ServiceRole: SERVICE_ROLE, Uploads: `${BUCKETS}/preview/*`, Uploads2: BUCKETS },
  },
  {
    logicalId: 'AppconfigRolloutPolicy',
    action: 'appconfig-rollout',
    description: 'Permissions of appconfig-rollout',
    resources: { ResourceCreation3: 'arn:${Partition}:iam::${Account}:role/${Name}/*' },
  },
  {
    logicalId: 'AppconfigPreviewPolicy',
    action: 'appconfig-rollout',
    description: 'Permissions of appconfig-rollout for a preview',
    only: ['Always', 'Always2'],
  },
  {
    logicalId: 'StackSetsPolicy',
    action: 'cloudformation-deploy',
    description: 'Permissions of cloudformation-deploy for stack sets with service-managed permissions',
    condition: 'HasStackSets',
    only: ['StackSets', 'StackSets2', 'StackSets3'],
  },
  {
    logicalId: 'OidcCredentialsPolicy',
    action: 'oidc-credentials',
    description: 'Permissions of oidc-credentials for role chains, secrets and parameters',
    condition: 'HasChainsAndSecrets',
    resources: {
      RoleChain: `arn:\${Partition}:iam::*:${OWN_ROLES}`,
      Secrets: 'arn:${Partition}:secretsmanager:${Region}:${Account}:secret:${Name}/*',
      Parameters: OWN_PARAMETERS,
      Parameters2: OWN_PARAMETERS,
      TrustDiagnosis: `arn:\${Partition}:iam::\${Account}:${OWN_ROLES}`,
    },
  },
];

const TEMPLATE_TERMS: readonly (readonly [RegExp, string])[] = [
  [/\$\{Partition\}/g, '${AWS::Partition}'],
  [/\$\{Account\}/g, '${AWS::AccountId}'],
  [/\$\{Region\}/g, '${DeliveryRegion}'],
  [/:stack\/\*\/\*/g, ':stack/${Stacks}/*'],
];

/** A resource as YAML node: `!GetAtt` for an attribute, `!Sub` if it has placeholders. */
const createResourceNode = (resource: string): Scalar => {
  const text = TEMPLATE_TERMS.reduce((sum, [word, meaning]) => sum.replace(word, meaning), resource);
  const attribute = /^\$\{(\w+\.\w+)\}$/.exec(text)?.[1];
  const node = new Scalar(attribute ?? text);
  if (attribute !== undefined) node.tag = '!GetAtt';
  else if (text.includes('${')) node.tag = '!Sub';
  return node;
};

const buildStatement = (policy: BootstrapPolicy, { Action, Resource, ...rest }: Statement): object => {
  const resources = policy.resources?.[rest.Sid];
  const { Sid, Effect, ...others } = rest;
  return {
    Sid,
    Effect,
    Action: Action.filter((action) => policy.without?.includes(action) !== true),
    Resource: (resources === undefined ? Resource : [resources]).map(createResourceNode),
    ...others,
  };
};

/** The first Sid or IAM action of a policy that is missing in the permissions of its action. */
const findUnknownName = (
  { only = [], without = [], resources = {} }: BootstrapPolicy,
  statements: readonly Statement[],
) => {
  const known = new Set(statements.flatMap(({ Sid, Action }) => [Sid, ...Action]));
  return [...only, ...without, ...Object.keys(resources)].find((name) => !known.has(name));
};

const buildPolicyResource = (policy: BootstrapPolicy, definition: Definition): object => {
  const { condition, description, only, except } = policy;
  const all = buildStatements(definition);
  const unknown = findUnknownName(policy, all);
  if (unknown !== undefined) throw new Error(`${policy.action} has no '${unknown}' for ${policy.logicalId}`);
  const statements = all.filter(
    ({ Sid }) => (only === undefined || only.includes(Sid)) && (except === undefined || !except.test(Sid)),
  );
  return {
    Type: 'AWS::IAM::ManagedPolicy',
    ...(condition === undefined ? {} : { Condition: condition }),
    Properties: {
      Description: description,
      PolicyDocument: { Version: '2012-10-17', Statement: statements.map((each) => buildStatement(policy, each)) },
    },
  };
};

const renderYaml = (resources: Readonly<Record<string, object>>): string => {
  const document = new Document(resources);
  visit(document, {
    Pair: (_, { key, value }) => {
      const isShort = key instanceof Scalar && ['Action', 'Resource', 'Condition'].includes(String(key.value));
      if (isShort && isSeq(value)) value.flow = value.items.length === 1;
      if (key instanceof Scalar && key.value === 'Version' && value instanceof Scalar) value.type = 'QUOTE_DOUBLE';
    },
  });
  return document.toString({ lineWidth: 120, flowCollectionPadding: false });
};

/**
 * Replaces the lines between `# generated: policies` and `# /generated` with the managed policies.
 * @throws Error when a marker or a definition is missing
 */
export const fillBootstrap = (template: string, definitions: readonly Definition[]): string => {
  const block = /( *# generated: policies\n)[\s\S]*?( *# \/generated\n)/;
  if (!block.test(template)) throw new Error("the bootstrap template has no '# generated: policies' … '# /generated'");
  const resources = POLICIES.map((policy) => {
    const definition = definitions.find(({ name }) => name === policy.action);
    if (definition === undefined) throw new Error(`${policy.logicalId} is for ${policy.action}, which is no action`);
    return [policy.logicalId, buildPolicyResource(policy, definition)] as const;
  });
  const text = resources
    .map(([id, resource]) => renderYaml({ [id]: resource }).replaceAll(/^(?=.)/gm, '  '))
    .join('\n');
  return template.replace(block, (_, begin: string, end: string) => `${begin}\n${text}\n${end}`);
};
