import { z } from 'zod';
import type { ProvisionedResource } from '../service.js';
import { type Policy, policySchema } from './policy.js';

/** Lists the resources of a type that stacks have provisioned, at a moment of the server's clock. */
export type ListProvisionedResources = (type: string, at: number) => readonly ProvisionedResource[];

const stringSchema = z.coerce.string();

const roleSchema = z
  .object({
    AssumeRolePolicyDocument: policySchema,
    Policies: z.array(z.object({ PolicyName: stringSchema, PolicyDocument: policySchema })).default([]),
    ManagedPolicyArns: z.array(stringSchema).default([]),
    PermissionsBoundary: stringSchema.optional(),
    MaxSessionDuration: z.coerce.number().default(3600),
    Path: stringSchema.default('/'),
    Tags: z.array(z.object({ Key: stringSchema, Value: stringSchema })).default([]),
  })
  .transform((role) => ({
    path: role.Path,
    trust: role.AssumeRolePolicyDocument,
    /** Inline policies; IAM operations may change them too. */
    policies: Object.fromEntries(role.Policies.map((each) => [each.PolicyName, each.PolicyDocument])),
    managedArns: role.ManagedPolicyArns,
    boundaryArn: role.PermissionsBoundary,
    maxSessionDuration: role.MaxSessionDuration * 1000,
    tags: Object.fromEntries(role.Tags.map(({ Key, Value }) => [Key, Value])),
  }));

/** A role as its stack declares it. Policies given by ARN are resolved on each read. */
export interface StackRole extends Readonly<Omit<z.output<typeof roleSchema>, 'managedArns' | 'boundaryArn'>> {
  readonly name: string;
  readonly account: string;
  readonly managed: readonly Policy[];
  readonly boundary: Policy | undefined;
}

const policyResourceSchema = z.object({ PolicyDocument: policySchema, Roles: z.array(stringSchema).default([]) });

const providerSchema = z
  .object({ Url: stringSchema, ClientIdList: z.array(stringSchema).default([]) })
  .transform((provider) => ({ url: provider.Url, audiences: provider.ClientIdList }));

/** AWS managed policies by name; `ReadOnlyAccess` is all actions of the names that AWS uses for reading. */
const AWS_POLICIES: Readonly<Record<string, readonly string[]>> = {
  AdministratorAccess: ['*'],
  AWSCloudFormationReadOnlyAccess: ['Describe', 'Get', 'List', 'Validate'].map((verb) => `cloudformation:${verb}*`),
  ReadOnlyAccess: ['Describe', 'Get', 'List', 'BatchGet'].map((verb) => `*:${verb}*`),
};

/** Stands for a policy that does not exist. */
const EMPTY_POLICY: Policy = { Statement: [] };

/**
 * Roles, managed policies and identity providers provisioned by stacks. Nothing is copied: each call reads the stacks'
 * resources at its moment, so updates, rollbacks and stale reads need no code here. A role with unreadable policies
 * does not exist; a managed policy that no stack has created allows nothing, except the few of AWS that are
 * known here.
 */
export class StackIdentity {
  /** Parsed properties by object: an unchanged resource keeps the same `properties` object. */
  private readonly parsed = new WeakMap<object, unknown>();

  constructor(private readonly listProvisionedResources: ListProvisionedResources) {}

  listRoles(at: number): readonly StackRole[] {
    return this.list('AWS::IAM::Role', roleSchema, at).map(({ physicalId: name, account, value }) => {
      const { managedArns, boundaryArn, ...role } = value;
      const managed = managedArns.map((arn) => this.findManagedPolicy(arn, at));
      const boundary = boundaryArn === undefined ? undefined : this.findManagedPolicy(boundaryArn, at);
      return { ...role, name, account, managed: [...managed, ...this.listInlinePolicies(name, at)], boundary };
    });
  }

  listProviders(account: string, at: number): readonly z.output<typeof providerSchema>[] {
    const providers = this.list('AWS::IAM::OIDCProvider', providerSchema, at);
    return providers.flatMap((each) => (each.account === account ? [each.value] : []));
  }

  /** Policies of the type AWS::IAM::Policy that are attached to a role. */
  private listInlinePolicies(role: string, at: number): readonly Policy[] {
    const policies = this.list('AWS::IAM::Policy', policyResourceSchema, at);
    return policies.flatMap(({ value }) => (value.Roles.includes(role) ? [value.PolicyDocument] : []));
  }

  private findManagedPolicy(arn: string, at: number): Policy {
    const actions = AWS_POLICIES[/^arn:[^:]+:iam::aws:policy\/(.+)$/.exec(arn)?.[1] ?? ''];
    if (actions !== undefined)
      return policySchema.parse({ Statement: { Effect: 'Allow', Action: actions, Resource: '*' } });
    const policies = this.list('AWS::IAM::ManagedPolicy', policyResourceSchema, at);
    return policies.find(({ physicalId }) => physicalId === arn)?.value.PolicyDocument ?? EMPTY_POLICY;
  }

  /** The resources of a type whose properties match the schema, with the parsed properties. */
  private list<Schema extends z.ZodType>(type: string, schema: Schema, at: number) {
    return this.listProvisionedResources(type, at).flatMap((resource) => {
      const { properties } = resource;
      if (!this.parsed.has(properties)) this.parsed.set(properties, schema.safeParse(properties).data);
      const value = this.parsed.get(properties) as z.output<Schema> | undefined;
      return value === undefined ? [] : [{ ...resource, value }];
    });
  }
}
