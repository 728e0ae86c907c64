import { z } from 'zod';
import type { ProvisionedResource } from '../service.js';
import { type Policy, policySchema } from './policy.js';

/** Lists the resources of a type that stacks have provisioned, at a moment of the server's clock. */
export type ListProvisionedResources = (type: string, at: number) => readonly ProvisionedResource[];

const stringSchema = z.coerce.string();

const rolePropertiesSchema = z.object({
  AssumeRolePolicyDocument: policySchema,
  Policies: z.array(z.object({ PolicyName: stringSchema, PolicyDocument: policySchema })).default([]),
  ManagedPolicyArns: z.array(stringSchema).default([]),
  PermissionsBoundary: stringSchema.optional(),
  MaxSessionDuration: z.coerce.number().default(3600),
  Path: stringSchema.default('/'),
  Tags: z.array(z.object({ Key: stringSchema, Value: stringSchema })).default([]),
});

/** A role as its stack declares it. Policies given by ARN are resolved on each read. */
export interface StackRole {
  readonly name: string;
  readonly account: string;
  readonly path: string;
  readonly trust: Policy;
  /** Inline policies; IAM operations may change them too. */
  readonly policies: Record<string, Policy>;
  readonly managed: readonly Policy[];
  readonly boundary: Policy | undefined;
  readonly maxSessionDuration: number;
  readonly tags: Readonly<Record<string, string>>;
}

type ParsedRole = Omit<StackRole, 'name' | 'account' | 'managed' | 'boundary'> & {
  readonly managedArns: readonly string[];
  readonly boundaryArn: string | undefined;
};

const parseRole = (properties: unknown): ParsedRole | undefined => {
  const { data } = rolePropertiesSchema.safeParse(properties);
  return (
    data && {
      path: data.Path,
      trust: data.AssumeRolePolicyDocument,
      policies: Object.fromEntries(data.Policies.map((each) => [each.PolicyName, each.PolicyDocument])),
      managedArns: data.ManagedPolicyArns,
      boundaryArn: data.PermissionsBoundary,
      maxSessionDuration: data.MaxSessionDuration * 1000,
      tags: Object.fromEntries(data.Tags.map(({ Key, Value }) => [Key, Value])),
    }
  );
};

const parsePolicy = (properties: unknown): Policy | undefined =>
  z.object({ PolicyDocument: policySchema }).safeParse(properties).data?.PolicyDocument;

const providerPropertiesSchema = z.object({ Url: stringSchema, ClientIdList: z.array(stringSchema).default([]) });

const inlinePolicySchema = z.object({
  PolicyName: stringSchema,
  PolicyDocument: policySchema,
  Roles: z.array(stringSchema).default([]),
});

/** AWS managed policies by name; `ReadOnlyAccess` is all actions of the names that AWS uses for reading. */
const AWS_POLICIES: Readonly<Record<string, readonly string[]>> = {
  AdministratorAccess: ['*'],
  AWSCloudFormationReadOnlyAccess: ['Describe', 'Get', 'List', 'Validate'].map((verb) => `cloudformation:${verb}*`),
  ReadOnlyAccess: ['Describe', 'Get', 'List', 'BatchGet'].map((verb) => `*:${verb}*`),
};

/** Stands for a policy that does not exist. */
const EMPTY_POLICY: Policy = { Statement: [] };

/** Caches results by object identity: an unchanged resource keeps the same `properties` object. */
const memoize = <T>(read: (properties: unknown) => T): ((properties: object) => T) => {
  const cache = new WeakMap<object, { readonly value: T }>();
  return (properties) => {
    const found = cache.get(properties) ?? { value: read(properties) };
    cache.set(properties, found);
    return found.value;
  };
};

/**
 * Roles, managed policies and identity providers provisioned by stacks. Nothing is copied: each call reads the stacks'
 * resources at its moment, so updates, rollbacks and stale reads need no code here. A role with unreadable policies
 * does not exist; a managed policy that no stack has created allows nothing, except the few of AWS that are
 * known here.
 */
export class StackIdentity {
  private readonly parseRole = memoize(parseRole);
  private readonly parsePolicy = memoize(parsePolicy);
  private readonly parseInlinePolicy = memoize((properties) => inlinePolicySchema.safeParse(properties).data);

  constructor(private readonly listProvisionedResources: ListProvisionedResources) {}

  listRoles(at: number): readonly StackRole[] {
    return this.listProvisionedResources('AWS::IAM::Role', at).flatMap(({ physicalId: name, account, properties }) => {
      const parsed = this.parseRole(properties);
      if (parsed === undefined) return [];
      const { managedArns, boundaryArn, ...role } = parsed;
      const managed = managedArns.map((arn) => this.findManagedPolicy(arn, at));
      const boundary = boundaryArn === undefined ? undefined : this.findManagedPolicy(boundaryArn, at);
      return [{ ...role, name, account, managed: [...managed, ...this.listInlinePolicies(name, at)], boundary }];
    });
  }

  /** Policies of the type AWS::IAM::Policy that are attached to a role. */
  private listInlinePolicies(role: string, at: number): readonly Policy[] {
    return this.listProvisionedResources('AWS::IAM::Policy', at).flatMap(({ properties }) => {
      const policy = this.parseInlinePolicy(properties);
      return policy?.Roles.includes(role) === true ? [policy.PolicyDocument] : [];
    });
  }

  private findManagedPolicy(arn: string, at: number): Policy {
    const actions = AWS_POLICIES[/^arn:[^:]+:iam::aws:policy\/(.+)$/.exec(arn)?.[1] ?? ''];
    if (actions !== undefined)
      return policySchema.parse({ Statement: { Effect: 'Allow', Action: actions, Resource: '*' } });
    const found = this.listProvisionedResources('AWS::IAM::ManagedPolicy', at).find(
      ({ physicalId }) => physicalId === arn,
    );
    return (found && this.parsePolicy(found.properties)) ?? EMPTY_POLICY;
  }

  listProviders(
    account: string,
    at: number,
  ): readonly { readonly url: string; readonly audiences: readonly string[] }[] {
    return this.listProvisionedResources('AWS::IAM::OIDCProvider', at)
      .filter((each) => each.account === account)
      .flatMap(({ properties }) => {
        const { data } = providerPropertiesSchema.safeParse(properties);
        return data === undefined ? [] : [{ url: data.Url, audiences: data.ClientIdList }];
      });
  }
}
