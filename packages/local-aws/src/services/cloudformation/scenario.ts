import { z } from 'zod';
import { durationSchema } from '../../time/duration.js';

const permissionsSchema = z
  .array(z.union([z.string().transform((action) => [action]), z.array(z.string()).min(1).max(2)]))
  .optional();

/**
 * Permissions that operations on a resource need. A property limits a permission to resources that set or change it;
 * `-Property`, to updates that remove a member of it.
 */
const resourcePermissionsSchema = z.strictObject({
  /** ARN of the resource; default: `*`. */
  arn: z.string().default('*'),
  create: permissionsSchema,
  update: permissionsSchema,
  delete: permissionsSchema,
});

/**
 * A resource type. Its texts may contain `${Name}`, `${PhysicalId}`, `${LogicalId}`, `${StackName}`, `${AccountId}`,
 * `${Region}`, `${Partition}`, `${URLSuffix}`, `${ServerUrl}`, `${Unique}` (constant for the life of the resource) and
 * `${Properties.<name>}`.
 */
const resourceTypeSpecSchema = z.strictObject({
  /** Property with the resource's name; default: a name from stack, logical id and a random part. */
  name: z.string().optional(),
  /** Physical id, the value of `Ref`. */
  ref: z.string().default('${Name}'),
  attributes: z.record(z.string(), z.string()).default({}),
  /** Properties whose change replaces the resource. */
  replace: z.array(z.string()).default([]),
  /** Properties whose change may replace it (`Replacement: Conditional`); here it never does. */
  conditional: z.array(z.string()).default([]),
  /** Property with the duration of the creation in seconds (a wait condition's `Timeout`). */
  durationProperty: z.string().optional(),
  /** Permissions by operation, `action` or `[action, property]`; built-in types have those of AWS's resource schemas. */
  permissions: resourcePermissionsSchema.optional(),
});

/** When a rule applies: all given members must match. */
const conditionSchema = z.strictObject({
  stack: z.string().optional(),
  /** Logical id. */
  resource: z.string().optional(),
  type: z.string().optional(),
  /** The operation on the resource; `rollback` rolls back an update. */
  operation: z.enum(['create', 'update', 'delete', 'rollback']).optional(),
  /** A property (`a.b.0.c`) and its required value. `contains` searches the whole value as JSON. */
  property: z
    .strictObject({
      path: z.string(),
      equals: z.union([z.string(), z.number(), z.boolean()]).optional(),
      below: z.number().optional(),
      above: z.number().optional(),
      contains: z.string().optional(),
    })
    .optional(),
  /** Numbers of the attempts, counted by stack name, resource and operation. */
  attempts: z.array(z.int().positive()).optional(),
  /** Matches while IAM denies this permission to the operation's principal (service role or caller). */
  lacking: z.strictObject({ action: z.string(), resource: z.string().default('*') }).optional(),
});

const failureSchema = z.strictObject({
  /** `ResourceStatusReason`; may contain `${LogicalId}`, `${StackName}`, and `${Value}` of the rule's property. */
  reason: z.string(),
  /** When it fails: after a duration or at the usual `end`; by default before a physical resource exists. */
  after: z.union([z.literal('end'), durationSchema]).optional(),
  /** Name of the early validation that reports the failure before any operation. */
  validation: z.string().optional(),
});

const ruleSchema = z.strictObject({
  on: conditionSchema,
  duration: durationSchema.optional(),
  fail: failureSchema.optional(),
});

const driftSchema = z.strictObject({
  stack: z.string(),
  resource: z.string(),
  status: z.enum(['MODIFIED', 'DELETED']).default('MODIFIED'),
  differences: z
    .array(
      z.strictObject({
        path: z.string(),
        expected: z.string().default(''),
        actual: z.string().default(''),
        type: z.enum(['ADD', 'REMOVE', 'NOT_EQUAL']).default('NOT_EQUAL'),
      }),
    )
    .default([]),
});

/** A hook that fails; with `WARN` the operation continues. */
const hookSchema = z.strictObject({
  type: z.string(),
  on: conditionSchema,
  mode: z.enum(['FAIL', 'WARN']).default('FAIL'),
  reason: z.string(),
});

/** Stack sets: accounts of organizational units, the duration of each stack instance, and failures. */
const stackSetSchema = z.strictObject({
  /** Accounts by organizational unit. */
  organizationalUnits: z.record(z.string(), z.array(z.string())).default({}),
  duration: durationSchema.default(2000),
  /** Accounts that operations skip. */
  suspended: z.array(z.string()).default([]),
  /** Account and Region pairs (`account/Region`) whose instances are inoperable once they exist. */
  inoperable: z.array(z.string()).default([]),
  /** Account and Region pairs whose stacks have drifted. */
  drifted: z.array(z.string()).default([]),
  /** The first matching rule applies. Attempts are counted by action, account and Region. */
  rules: z
    .array(
      z.strictObject({
        on: z.strictObject({
          account: z.string().optional(),
          region: z.string().optional(),
          action: z.enum(['CREATE', 'UPDATE', 'DELETE', 'DETECT_DRIFT']).optional(),
          attempts: z.array(z.int().positive()).optional(),
        }),
        reason: z.string(),
        /** Result of the account gate function. */
        gate: z.enum(['SUCCEEDED', 'FAILED', 'SKIPPED']).default('SKIPPED'),
      }),
    )
    .default([]),
});

/** CloudFormation's part of a scenario: durations, failures, hooks, drift, alarms and resource types. */
export const cloudFormationScenario = z.strictObject({
  durations: z
    .strictObject({
      create: durationSchema.default(2000),
      update: durationSchema.default(2000),
      delete: durationSchema.default(1000),
      changeSet: durationSchema.default(1000),
      drift: durationSchema.default(1000),
    })
    .prefault({}),
  /** Macros that leave a template unchanged, by name; other macros are unknown. */
  macros: z.array(z.string()).default([]),
  /** What Rules look up: attributes by parameter type (`AWS::EC2::VPC::Id`) and id. */
  values: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.string()))).default({}),
  /** Resource types by name, or by a pattern such as `Acme::*`; they override built-in types. */
  types: z.record(z.string(), resourceTypeSpecSchema).default({}),
  /** The first matching rule with a duration and the first one with a failure apply. */
  rules: z.array(ruleSchema).default([]),
  drift: z.array(driftSchema).default([]),
  hooks: z.array(hookSchema).default([]),
  stackSets: stackSetSchema.prefault({}),
  /** Alarms that go into ALARM `after` the start of an operation whose stack has them as rollback triggers. */
  alarms: z.array(z.strictObject({ arn: z.string(), after: durationSchema })).default([]),
});

export type CloudFormationScenario = z.output<typeof cloudFormationScenario>;
export type StackSetScenario = CloudFormationScenario['stackSets'];
export type ResourceTypeSpec = z.output<typeof resourceTypeSpecSchema>;
export type ResourcePermissions = z.output<typeof resourcePermissionsSchema>;
export type ResourceRule = z.output<typeof ruleSchema>;
export type RuleCondition = z.output<typeof conditionSchema>;
export type ResourceDrift = z.output<typeof driftSchema>;
