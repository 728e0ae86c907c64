import { isList, isMapping, isSame, type Mapping, type Value } from '@aws-delivery/template/value';
import type { RequiredPermission } from '../../../api-call.js';
import type { ResourcePermissions } from '../scenario.js';
import type { ResourceOperation } from './resource-rules.js';

/** A resource operation with what decides which permissions it uses. */
export interface PermissionQuery {
  readonly operation: ResourceOperation['operation'];
  readonly type: string;
  readonly properties: Mapping;
  /** The properties before an update; undefined for other operations. */
  readonly before: Mapping | undefined;
  readonly arn: string;
  /** Whether CloudFormation acts with the caller's permissions, not those of a service role. */
  readonly isCaller: boolean;
  /** Whether the stack has tags, which CloudFormation adds to its resources. */
  readonly isStackTagged: boolean;
}

/** Actions without resource-level permissions (Service Authorization Reference). */
const ACCOUNT_ACTIONS = /^(ec2|elasticloadbalancing):Describe/;

/** Services that assume roles, if their principal is not named after the resource's service. */
const ROLE_PRINCIPALS: Readonly<Record<string, string>> = { 'AWS::ECS::TaskDefinition': 'ecs-tasks' };

/** Members of a list by what identifies them; mappings and scalars have one member. */
const listMembers = (value: Value | undefined): readonly string[] =>
  (isList(value) ? value : value === undefined ? [] : ['']).map((item) =>
    isMapping(item) ? String(item['Key'] ?? item['PolicyName'] ?? item['Id'] ?? JSON.stringify(item)) : String(item),
  );

/** Whether an operation uses a property: a creation or deletion if it is set, an update if it changes. */
const usesProperty = (name: string, { before, properties, isStackTagged }: PermissionQuery): boolean => {
  if (name.startsWith('-')) {
    const remaining = new Set(listMembers(properties[name.slice(1)]));
    return listMembers(before?.[name.slice(1)]).some((member) => !remaining.has(member));
  }
  if (before !== undefined) return properties[name] !== undefined && !isSame(before[name], properties[name]);
  return properties[name] !== undefined || (name === 'Tags' && isStackTagged);
};

/** ARNs of a service in a value: the roles that are passed, the streams and keys that a resource uses. */
const findArns = (value: Value | undefined, service: string): readonly string[] => {
  if (typeof value === 'string') return value.startsWith('arn:') && value.split(':')[2] === service ? [value] : [];
  if (isList(value)) return value.flatMap((item) => findArns(item, service));
  return isMapping(value) ? Object.values(value).flatMap((item) => findArns(item, service)) : [];
};

const buildContext = (
  { type, properties, isCaller }: PermissionQuery,
  action: string,
): Readonly<Record<string, string>> => {
  const [, service = ''] = type.toLowerCase().split('::');
  const boundary = properties['PermissionsBoundary'];
  return {
    ...(isCaller && { 'aws:CalledVia': 'cloudformation.amazonaws.com' }),
    ...(action === 'iam:PassRole' && { 'iam:PassedToService': `${ROLE_PRINCIPALS[type] ?? service}.amazonaws.com` }),
    ...(type === 'AWS::IAM::Role' && typeof boundary === 'string' && { 'iam:PermissionsBoundary': boundary }),
  };
};

const findResources = (query: PermissionQuery, action: string, names: readonly string[]): readonly string[] => {
  if (ACCOUNT_ACTIONS.test(action)) return ['*'];
  const [service = ''] = action.split(':');
  const isOwn = query.arn.split(':')[2] === service && action !== 'iam:PassRole';
  if (isOwn) return [query.arn];
  const arns = names.flatMap((name) => findArns(query.properties[name], service));
  return arns.length > 0 || action === 'iam:PassRole' ? arns : ['*'];
};

/** The permissions that an operation on a resource uses. */
export const listResourcePermissions = (
  permissions: ResourcePermissions,
  query: PermissionQuery,
): readonly RequiredPermission[] =>
  (permissions[query.operation === 'rollback' ? 'update' : query.operation] ?? []).flatMap(
    ([action = '', property]) => {
      const names = property?.split('|') ?? [];
      if (property !== undefined && !names.some((name) => usesProperty(name, query))) return [];
      const context = buildContext(query, action);
      return findResources(query, action, names).map((resource) => ({ action, resource, context }));
    },
  );
