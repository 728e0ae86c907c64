import { z } from 'zod';
import type { ApiCall } from '../../api-call.js';
import { constraintError, validationError } from './responses.js';

const token = z
  .string()
  .regex(/^[a-zA-Z0-9][-a-zA-Z0-9]*$/)
  .max(128);

const deploymentConfig = z.strictObject({
  Mode: z.enum(['STANDARD', 'EXPRESS']).default('STANDARD'),
  DisableRollback: z.boolean().optional(),
});

/** Members that CreateStack, UpdateStack and CreateChangeSet share. */
const deployMembers = {
  StackName: z.string(),
  TemplateBody: z.string().optional(),
  TemplateURL: z.string().max(5120).optional(),
  Parameters: z
    .array(
      z.strictObject({
        ParameterKey: z.string().optional(),
        ParameterValue: z.string().optional(),
        UsePreviousValue: z.boolean().optional(),
      }),
    )
    .default([]),
  Capabilities: z.array(z.enum(['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'])).default([]),
  ResourceTypes: z.array(z.string()).optional(),
  RoleARN: z.string().optional(),
  RollbackConfiguration: z
    .strictObject({
      RollbackTriggers: z
        .array(z.strictObject({ Arn: z.string(), Type: z.string() }))
        .max(5)
        .optional(),
      MonitoringTimeInMinutes: z.int().min(0).max(180).optional(),
    })
    .optional(),
  NotificationARNs: z.array(z.string()).max(5).optional(),
  Tags: z
    .array(z.strictObject({ Key: z.string().min(1).max(128), Value: z.string().min(1).max(256) }))
    .max(50)
    .optional(),
  DeploymentConfig: deploymentConfig.optional(),
  DisableValidation: z.boolean().optional(),
};

const targetMembers = { StackName: z.string(), RoleARN: z.string().optional(), ClientRequestToken: token.optional() };

/** Schemas of the inputs. A member that is not listed is rejected, so that none is ignored silently. */
export const inputSchemas = {
  CreateStack: z.strictObject({
    ...deployMembers,
    DisableRollback: z.boolean().optional(),
    OnFailure: z.enum(['DO_NOTHING', 'ROLLBACK', 'DELETE']).optional(),
    ClientRequestToken: token.optional(),
    EnableTerminationProtection: z.boolean().default(false),
    RetainExceptOnCreate: z.boolean().default(false),
  }),
  UpdateStack: z.strictObject({
    ...deployMembers,
    UsePreviousTemplate: z.boolean().optional(),
    DisableRollback: z.boolean().optional(),
    ClientRequestToken: token.optional(),
    RetainExceptOnCreate: z.boolean().default(false),
  }),
  CreateChangeSet: z.strictObject({
    ...deployMembers,
    UsePreviousTemplate: z.boolean().optional(),
    ChangeSetName: z.string(),
    ClientToken: z.string().max(128).optional(),
    Description: z.string().max(1024).optional(),
    ChangeSetType: z.enum(['CREATE', 'UPDATE']).default('UPDATE'),
    IncludeNestedStacks: z.boolean().default(false),
    OnStackFailure: z.enum(['DO_NOTHING', 'ROLLBACK', 'DELETE']).optional(),
    ImportExistingResources: z.boolean().default(false),
  }),
  ExecuteChangeSet: z.strictObject({
    ChangeSetName: z.string(),
    StackName: z.string().optional(),
    ClientRequestToken: token.optional(),
    DisableRollback: z.boolean().optional(),
    RetainExceptOnCreate: z.boolean().default(false),
  }),
  DeleteStack: z.strictObject({
    ...targetMembers,
    RetainResources: z.array(z.string()).default([]),
    DeletionMode: z.enum(['STANDARD', 'FORCE_DELETE_STACK']).default('STANDARD'),
    DeploymentConfig: deploymentConfig.optional(),
  }),
  RollbackStack: z.strictObject({
    ...targetMembers,
    RetainExceptOnCreate: z.boolean().default(false),
    DeploymentConfig: deploymentConfig.optional(),
  }),
  ContinueUpdateRollback: z.strictObject({
    ...targetMembers,
    ResourcesToSkip: z.array(z.string()).default([]),
    ForceRollback: z.boolean().default(false),
  }),
  SetStackPolicy: z.strictObject({ StackName: z.string(), StackPolicyBody: z.string().max(16_384) }),
  UpdateTerminationProtection: z.strictObject({ StackName: z.string(), EnableTerminationProtection: z.boolean() }),
  DescribeEvents: z.strictObject({
    StackName: z.string().optional(),
    ChangeSetName: z.string().optional(),
    OperationId: z.string().optional(),
    Filters: z.strictObject({ FailedEvents: z.boolean().optional() }).optional(),
    NextToken: z.string().optional(),
  }),
  DescribeStackResources: z.strictObject({ StackName: z.string(), LogicalResourceId: z.string().optional() }),
  GetTemplateSummary: z.strictObject({
    StackName: z.string().optional(),
    TemplateBody: z.string().optional(),
    TemplateURL: z.string().optional(),
  }),
  ValidateTemplate: z.strictObject({ TemplateBody: z.string().optional(), TemplateURL: z.string().optional() }),
  CancelUpdateStack: z.strictObject({ StackName: z.string(), ClientRequestToken: token.optional() }),
};

export type Inputs = { readonly [Name in keyof typeof inputSchemas]: z.output<(typeof inputSchemas)[Name]> };
export type DeployInput = Inputs['CreateStack'] | Inputs['UpdateStack'] | Inputs['CreateChangeSet'];
export type TemplateInput = Pick<DeployInput, 'TemplateBody' | 'TemplateURL'> & {
  readonly UsePreviousTemplate?: boolean | undefined;
};

/** Omits null and undefined members: clients send both for an unset member. */
const omitEmptyMembers = (call: ApiCall) =>
  Object.fromEntries(Object.entries(call.input).filter(([, value]) => value !== undefined && value !== null));

/** The rule that a value violates, in AWS's words. */
const formatRule = (issue: z.core.$ZodIssue): string => {
  switch (issue.code) {
    case 'too_big':
      return `Member must have ${issue.origin === 'number' ? 'value' : 'length'} less than or equal to ${issue.maximum}`;
    case 'too_small':
      return `Member must have ${issue.origin === 'number' ? 'value' : 'length'} greater than or equal to ${issue.minimum}`;
    case 'invalid_value':
      return `Member must satisfy enum value set: [${issue.values.join(', ')}]`;
    case 'invalid_format':
      return `Member must satisfy regular expression pattern: ${issue.pattern?.replace(/^\/\^?|\$?\/$/g, '') ?? issue.format}`;
    default:
      return issue.message;
  }
};

/** `Tags.0.Value` as AWS writes it: `tags.1.member.value`. */
const formatMember = (path: readonly PropertyKey[]): string =>
  path
    .map((step) =>
      typeof step === 'number' ? `${step + 1}.member` : String(step).replace(/^./, (first) => first.toLowerCase()),
    )
    .join('.');

const getMember = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, step) => Object.entries(value ?? {}).find(([key]) => key === String(step))?.[1], input);

/** Parses a call's input. @throws ServiceError that names the invalid member */
export const parseInput = <S extends z.ZodType>(schema: S, call: ApiCall): z.output<S> => {
  const parsed = schema.safeParse(omitEmptyMembers(call));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys')
    throw validationError(`Local AWS does not support ${issue.keys.join(', ')} of ${call.operation}`);
  const path = issue?.path ?? [];
  const value = getMember(call.input, path);
  const shown = typeof value === 'object' ? JSON.stringify(value) : String(value ?? '');
  throw constraintError(shown, formatMember(path), issue === undefined ? '' : formatRule(issue));
};

/** Tags that AWS rejects although their lengths are right. @throws ServiceError */
export const checkTags = (tags: DeployInput['Tags'] = []): void => {
  const keys = tags.map(({ Key }) => Key);
  if (keys.some((key) => key.toLowerCase().startsWith('aws:')))
    throw validationError('aws: prefixed tag key names are not allowed for external use.');
  const repeated = keys.find((key, index) => keys.indexOf(key) < index);
  if (repeated !== undefined) throw validationError(`Duplicate tag keys are not allowed: ${repeated}`);
};

/** Validates the name of a stack or change set. @throws ServiceError (docs/aws-facts.md §1.8) */
export const checkName = (name: string, member: string): void => {
  if (/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) return;
  throw constraintError(name, member, 'Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*');
};
