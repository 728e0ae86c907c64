import { matchesPattern } from '../../../iam/pattern.js';
import type { CloudFormationScenario, ResourcePermissions, ResourceRule, ResourceTypeSpec } from '../scenario.js';
import definitions from './resource-definitions.json' with { type: 'json' };
import resourceTypes from './resource-types.json' with { type: 'json' };

/**
 * Ref, attributes and replacement rules of the types that examples and tests use, from AWS's documentation. `Ref` of
 * any other type is its name, and it has no attributes unless the scenario defines them.
 */
export const RESOURCE_TYPES: ReadonlyMap<string, Partial<ResourceTypeSpec>> = new Map(
  Object.entries<Partial<ResourceTypeSpec>>(definitions),
);

const TYPE_NAMES = new Set(
  Object.entries(resourceTypes.names).flatMap(([service, names]) => names.map((name) => `${service}::${name}`)),
);

/** The permissions of the types that the examples use. */
const RESOURCE_PERMISSIONS: ReadonlyMap<string, ResourcePermissions> = new Map(
  Object.entries<ResourcePermissions>(resourceTypes.permissions),
);

/** The scenario's specification of a type. */
export const findDeclaredType = (type: string, { types }: CloudFormationScenario): ResourceTypeSpec | undefined =>
  types[type] ?? Object.entries(types).find(([pattern]) => matchesPattern(pattern, type))?.[1];

/** The permissions of a type; undefined if they are not known, and therefore not checked. */
export const findPermissions = (type: string, scenario: CloudFormationScenario): ResourcePermissions | undefined =>
  findDeclaredType(type, scenario)?.permissions ?? RESOURCE_PERMISSIONS.get(type);

/** Whether AWS or the scenario has a resource type. Names of custom resources are free. */
export const isKnownType = (type: string, scenario: CloudFormationScenario): boolean =>
  TYPE_NAMES.has(type) || /^Custom::[\w@-]{1,60}$/.test(type) || findDeclaredType(type, scenario) !== undefined;

/** Types whose generated names must be in lower case. */
export const LOWER_CASE_TYPES: ReadonlySet<string> = new Set(['AWS::ECR::Repository', 'AWS::S3::Bucket']);

/** Rules that apply in every scenario, after the scenario's own. */
export const RESOURCE_RULES: readonly ResourceRule[] = [
  {
    on: { type: 'AWS::Kinesis::Stream', property: { path: 'ShardCount', below: 1 } },
    fail: {
      reason:
        'Properties validation failed for resource ${LogicalId} with message:\n#/ShardCount: ${Value} is not greater or equal to 1',
    },
  },
  {
    on: { type: 'AWS::CloudFormation::WaitCondition', operation: 'create' },
    fail: { reason: 'WaitCondition timed out. Received 0 conditions when expecting 1', after: 'end' },
  },
];
