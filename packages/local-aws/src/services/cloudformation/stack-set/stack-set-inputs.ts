import { z } from 'zod';

const parameters = z.array(
  z.strictObject({
    ParameterKey: z.string(),
    ParameterValue: z.string().optional(),
    UsePreviousValue: z.boolean().optional(),
  }),
);
const operationToken = z
  .string()
  .regex(/^[a-zA-Z0-9][-a-zA-Z0-9]*$/)
  .max(128);

const preferences = z.strictObject({
  RegionConcurrencyType: z.enum(['SEQUENTIAL', 'PARALLEL']).optional(),
  RegionOrder: z.array(z.string()).optional(),
  FailureToleranceCount: z.int().min(0).optional(),
  FailureTolerancePercentage: z.int().min(0).max(100).optional(),
  MaxConcurrentCount: z.int().min(1).optional(),
  MaxConcurrentPercentage: z.int().min(1).max(100).optional(),
  ConcurrencyMode: z.enum(['STRICT_FAILURE_TOLERANCE', 'SOFT_FAILURE_TOLERANCE']).optional(),
});
export type Preferences = z.output<typeof preferences>;

const deploymentTargets = z.strictObject({
  Accounts: z.array(z.string()).optional(),
  OrganizationalUnitIds: z.array(z.string()).optional(),
  AccountFilterType: z.enum(['NONE', 'INTERSECTION', 'DIFFERENCE', 'UNION']).optional(),
});

const nameMembers = { StackSetName: z.string(), CallAs: z.enum(['SELF', 'DELEGATED_ADMIN']).optional() };
const targetMembers = {
  ...nameMembers,
  Accounts: z.array(z.string()).optional(),
  DeploymentTargets: deploymentTargets.optional(),
  Regions: z.array(z.string()).optional(),
  OperationPreferences: preferences.default({}),
  OperationId: operationToken.optional(),
};
export type TargetInput = z.output<z.ZodObject<typeof targetMembers>>;

const setMembers = {
  Description: z.string().optional(),
  TemplateBody: z.string().optional(),
  TemplateURL: z.string().optional(),
  Parameters: parameters.default([]),
  Capabilities: z.array(z.string()).optional(),
  Tags: z.array(z.strictObject({ Key: z.string(), Value: z.string() })).optional(),
  AdministrationRoleARN: z.string().optional(),
  ExecutionRoleName: z.string().optional(),
  PermissionModel: z.enum(['SERVICE_MANAGED', 'SELF_MANAGED']).optional(),
  AutoDeployment: z
    .strictObject({
      Enabled: z.boolean().optional(),
      RetainStacksOnAccountRemoval: z.boolean().optional(),
      DependsOn: z.array(z.string()).optional(),
    })
    .optional(),
  ManagedExecution: z.strictObject({ Active: z.boolean().optional() }).optional(),
};

const page = { NextToken: z.string().optional(), MaxResults: z.int().optional() };

/** Schemas of the inputs of stack set operations. */
export const stackSetSchemas = {
  CreateStackSet: z.strictObject({ ...nameMembers, ...setMembers, ClientRequestToken: operationToken.optional() }),
  UpdateStackSet: z.strictObject({ ...targetMembers, ...setMembers, UsePreviousTemplate: z.boolean().optional() }),
  CreateStackInstances: z.strictObject({ ...targetMembers, ParameterOverrides: parameters.optional() }),
  UpdateStackInstances: z.strictObject({ ...targetMembers, ParameterOverrides: parameters.optional() }),
  DeleteStackInstances: z.strictObject({ ...targetMembers, RetainStacks: z.boolean() }),
  DetectStackSetDrift: z.strictObject({
    ...nameMembers,
    OperationPreferences: preferences.default({}),
    OperationId: operationToken.optional(),
  }),
  ListStackInstances: z.strictObject({
    ...nameMembers,
    ...page,
    StackInstanceAccount: z.string().optional(),
    StackInstanceRegion: z.string().optional(),
  }),
};

export type StackSetInputs = {
  readonly [Name in keyof typeof stackSetSchemas]: z.output<(typeof stackSetSchemas)[Name]>;
};
export type OverrideParameter = NonNullable<StackSetInputs['CreateStackInstances']['ParameterOverrides']>[number];
