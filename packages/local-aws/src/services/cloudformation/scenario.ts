import { z } from 'zod';
import { durationSchema } from '../../time/duration.js';

/**
 * What a resource type looks like once made. Texts may hold `${Name}`, `${PhysicalId}`, `${LogicalId}`, `${StackName}`,
 * `${AccountId}`, `${Region}`, `${Partition}`, `${URLSuffix}`, `${Unique}` (the same for the life of the resource) and
 * `${Properties.<name>}`.
 */
const resourceTypeSpecSchema = z.strictObject({
  /** Property that names it; without it, the name is made of stack, logical id and a random part. */
  name: z.string().optional(),
  /** Physical id: what `Ref` gives. */
  ref: z.string().default('${Name}'),
  attributes: z.record(z.string(), z.string()).default({}),
  /** Properties whose change needs a new resource. */
  replace: z.array(z.string()).default([]),
  /** Properties whose change may need one (`Replacement: Conditional`); in the end it does not. */
  conditional: z.array(z.string()).default([]),
  /** Property that holds the seconds its creation takes (a wait condition's `Timeout`). */
  durationProperty: z.string().optional(),
});

/** When a rule applies: everything that is given must hold. */
const conditionSchema = z.strictObject({
  stack: z.string().optional(),
  /** Logical id. */
  resource: z.string().optional(),
  type: z.string().optional(),
  /** What is done to the resource; `rollback` is the way back of an update. */
  operation: z.enum(['create', 'update', 'delete', 'rollback']).optional(),
  /** A property (`a.b.0.c`), and what it must be. `contains` looks for a text anywhere in it. */
  property: z
    .strictObject({
      path: z.string(),
      equals: z.union([z.string(), z.number(), z.boolean()]).optional(),
      below: z.number().optional(),
      above: z.number().optional(),
      contains: z.string().optional(),
    })
    .optional(),
  /** The how-manieth time the same is tried with the same resource of a stack of that name. */
  attempts: z.array(z.int().positive()).optional(),
  /** Holds while the principal of the operation (its service role, or the caller) lacks this permission. */
  lacking: z.strictObject({ action: z.string(), resource: z.string().default('*') }).optional(),
});

const failureSchema = z.strictObject({
  /** `ResourceStatusReason`; may hold what a type's texts hold, and `${Value}` of the rule's property. */
  reason: z.string(),
  /** How long it tries, `end`: as long as it usually takes; without it, it fails before there is a physical resource. */
  after: z.union([z.literal('end'), durationSchema]).optional(),
  /** Found before anything is done, by early validation: the name of the validation. */
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

/** A hook that fails; with `WARN` it lets the resource through. */
const hookSchema = z.strictObject({
  type: z.string(),
  on: conditionSchema,
  mode: z.enum(['FAIL', 'WARN']).default('FAIL'),
  reason: z.string(),
});

/** CloudFormation's part of a scenario: how long things take, what fails and why, what resource types look like. */
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
  /** Types by name, beside and before those that local AWS knows. */
  types: z.record(z.string(), resourceTypeSpecSchema).default({}),
  /** The first rule that applies and gives a duration, and the first that applies and fails, decide. */
  rules: z.array(ruleSchema).default([]),
  drift: z.array(driftSchema).default([]),
  hooks: z.array(hookSchema).default([]),
  /** Alarms that go off during an operation of a stack which has them as rollback triggers; `after` its start. */
  alarms: z.array(z.strictObject({ arn: z.string(), after: durationSchema })).default([]),
});

export type CloudFormationScenario = z.output<typeof cloudFormationScenario>;
export type ResourceTypeSpec = z.output<typeof resourceTypeSpecSchema>;
export type ResourceRule = z.output<typeof ruleSchema>;
export type RuleCondition = z.output<typeof conditionSchema>;
export type ResourceDrift = z.output<typeof driftSchema>;
