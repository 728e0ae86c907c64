import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { coversRule, formatRule, type NetworkRule, readNetworkRule } from './network-rule.js';
import { toTexts } from './policy-pattern.js';
import { coversStatement, formatStatement, readPolicyDocument, type Statement, splitStatement } from './statement.js';

/** A resource of a template, or one side of a change. */
export interface SecurityResource {
  /** Logical ID; in nested stacks `Nested.LogicalId`. */
  readonly path: string;
  readonly type: string;
  readonly physicalId?: string | undefined;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Access that a resource grants, or restricts with a Deny statement, to whom or to what `scope` names. */
export type Grant = {
  readonly resource: SecurityResource;
  readonly scope: string;
} & (
  | { readonly kind: 'statement'; readonly statement: Statement }
  | { readonly kind: 'rule'; readonly rule: NetworkRule }
  /** A managed policy, a group, or a public setting. */
  | { readonly kind: 'setting'; readonly setting: string }
  /** A restriction, such as a permissions boundary or a block of public access, which must remain. */
  | { readonly kind: 'restriction'; readonly setting: string }
);

/** The logical ID that a function refers to, or the value itself. */
const toName = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const { Ref: reference, 'Fn::GetAtt': attribute } = isRecord(value) ? value : {};
  const [name] = typeof reference === 'string' ? [reference] : toTexts(attribute);
  return name?.split('.')[0] ?? JSON.stringify(value);
};

const toList = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

const getOwnName = ({ path, physicalId }: SecurityResource): string => physicalId ?? path;

/** Properties of policies with the roles, users and groups that they apply to. */
const GRANTEES = ['Roles', 'Users', 'Groups', 'RoleName', 'UserName', 'GroupName'];

const PRINCIPAL_TYPES = ['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group'];

/** Whom the statements of a policy document apply to, or which resource they protect. */
const listScopes = (resource: SecurityResource, key: string): readonly string[] => {
  const { type, properties } = resource;
  const own = getOwnName(resource);
  if (key === 'AssumeRolePolicyDocument') return [`trust of ${own}`];
  const isPolicy = type.startsWith('AWS::IAM::') && !PRINCIPAL_TYPES.includes(type);
  const grantees = isPolicy ? GRANTEES.flatMap((name) => toList(properties[name])) : [];
  return grantees.length === 0 ? [own] : grantees.map(toName);
};

const collectStatements = (resource: SecurityResource, value: unknown, key: string): readonly Grant[] => {
  const statements = readPolicyDocument(value);
  if (statements !== undefined) {
    return listScopes(resource, key).flatMap((scope) =>
      statements
        .flatMap(splitStatement)
        .map((statement) => ({ resource, scope, kind: 'statement' as const, statement })),
    );
  }
  if (Array.isArray(value)) return value.flatMap((item) => collectStatements(resource, item, key));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => collectStatements(resource, item, name));
};

/** Properties of a Lambda permission that limit who may use it. */
const LAMBDA_CONDITIONS = ['SourceArn', 'SourceAccount', 'PrincipalOrgID', 'EventSourceToken', 'FunctionUrlAuthType'];

const readLambdaPermission = (resource: SecurityResource): readonly Grant[] => {
  const { properties } = resource;
  const conditions = LAMBDA_CONDITIONS.filter((name) => properties[name] !== undefined);
  const document = {
    Effect: 'Allow',
    Action: properties['Action'],
    Principal: { AWS: properties['Principal'] },
    ...(conditions.length === 0
      ? {}
      : { Condition: { StringEquals: Object.fromEntries(conditions.map((name) => [name, properties[name]])) } }),
  };
  const [statement] = readPolicyDocument({ Statement: document }) ?? [];
  const scope = toName(properties['FunctionName'] ?? properties['LayerVersionArn']);
  return statement === undefined ? [] : [{ resource, scope, kind: 'statement', statement }];
};

/** A group without egress rules allows all egress. */
const ALL_EGRESS = [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }];

const collectRules = (resource: SecurityResource): readonly Grant[] => {
  const { type, properties } = resource;
  const create = (rules: readonly unknown[], direction: NetworkRule['direction'], scope: string): readonly Grant[] =>
    rules.map((rule) => ({ resource, scope, kind: 'rule', rule: readNetworkRule(rule, direction) }));
  const group = toName(properties['GroupId'] ?? properties['GroupName']);
  switch (type) {
    case 'AWS::EC2::SecurityGroup': {
      const own = getOwnName(resource);
      const egress = properties['SecurityGroupEgress'] === undefined ? ALL_EGRESS : properties['SecurityGroupEgress'];
      return [
        ...create(toList(properties['SecurityGroupIngress']), 'ingress', own),
        ...create(toList(egress), 'egress', own),
      ];
    }
    case 'AWS::EC2::SecurityGroupIngress':
      return create([properties], 'ingress', group);
    case 'AWS::EC2::SecurityGroupEgress':
      return create([properties], 'egress', group);
    default:
      return [];
  }
};

/** Values of properties that make a resource public, by the name of the property at any depth. */
const PUBLIC_VALUES: Readonly<Record<string, readonly string[]>> = {
  PubliclyAccessible: ['true'],
  EndpointPublicAccess: ['true'],
  AssociatePublicIpAddress: ['true'],
  MapPublicIpOnLaunch: ['true'],
  AuthType: ['NONE'],
  AuthorizationType: ['NONE'],
  Scheme: ['internet-facing'],
  AccessControl: ['PublicRead', 'PublicReadWrite', 'AuthenticatedRead', 'LogDeliveryWrite'],
  BlockPublicAcls: ['false'],
  BlockPublicPolicy: ['false'],
  IgnorePublicAcls: ['false'],
  RestrictPublicBuckets: ['false'],
};

/** Values of properties that restrict access, and must not be removed. */
const RESTRICTIONS: Readonly<Record<string, readonly string[] | undefined>> = {
  PermissionsBoundary: undefined,
  BlockPublicAcls: ['true'],
  BlockPublicPolicy: ['true'],
  IgnorePublicAcls: ['true'],
  RestrictPublicBuckets: ['true'],
};

/** Lists of policies and groups that are attached by name. */
const ATTACHMENTS = ['ManagedPolicyArns', 'ManagedPolicies', 'CustomerManagedPolicyReferences', 'Groups'];

const collectSettings = (resource: SecurityResource, value: unknown, key: string): readonly Grant[] => {
  const scope = getOwnName(resource);
  const isPolicy = resource.type.endsWith('Policy');
  if (ATTACHMENTS.includes(key) && !isPolicy) {
    return toTexts(value).map((name) => ({ resource, scope, kind: 'setting', setting: `${key}: ${name}` }));
  }
  if (Array.isArray(value)) return value.flatMap((item) => collectSettings(resource, item, key));
  if (isRecord(value) && !(key in RESTRICTIONS)) {
    return Object.entries(value).flatMap(([name, item]) => collectSettings(resource, item, name));
  }
  const [text = ''] = toTexts(value);
  const setting = `${key}: ${text}`;
  const restricted = RESTRICTIONS[key];
  const isRestriction = key in RESTRICTIONS && (restricted === undefined || restricted.includes(text));
  return [
    ...(PUBLIC_VALUES[key]?.includes(text) ? [{ resource, scope, kind: 'setting' as const, setting }] : []),
    ...(isRestriction ? [{ resource, scope, kind: 'restriction' as const, setting }] : []),
  ];
};

/** Resources that attach something by being there. */
const ATTACHING_TYPES = ['AWS::IAM::UserToGroupAddition', 'AWS::SSO::Assignment'];

const collectAttachment = (resource: SecurityResource): readonly Grant[] => {
  if (!ATTACHING_TYPES.includes(resource.type)) return [];
  return [{ resource, scope: resource.path, kind: 'setting', setting: JSON.stringify(resource.properties) }];
};

/** Everything that a resource grants, or restricts. */
export const collectGrants = (resource: SecurityResource): readonly Grant[] => {
  const { properties } = resource;
  const isLambda = ['AWS::Lambda::Permission', 'AWS::Lambda::LayerVersionPermission'].includes(resource.type);
  return [
    ...(isLambda ? readLambdaPermission(resource) : collectStatements(resource, properties, '')),
    ...collectRules(resource),
    ...collectSettings(resource, properties, ''),
    ...collectAttachment(resource),
  ];
};

/** Whether a grant gives, or restricts, everything that another one does. */
export const coversGrant = (wide: Grant, narrow: Grant): boolean => {
  if (wide.scope !== narrow.scope) return false;
  if (wide.kind === 'statement')
    return narrow.kind === 'statement' && coversStatement(wide.statement, narrow.statement);
  if (wide.kind === 'rule') return narrow.kind === 'rule' && coversRule(wide.rule, narrow.rule);
  return (
    (narrow.kind === 'setting' || narrow.kind === 'restriction') &&
    wide.kind === narrow.kind &&
    wide.setting === narrow.setting
  );
};

/** A grant in one line. */
export const formatGrant = (grant: Grant): string => {
  if (grant.kind === 'statement') return formatStatement(grant.statement);
  return grant.kind === 'rule' ? formatRule(grant.rule) : grant.setting;
};
