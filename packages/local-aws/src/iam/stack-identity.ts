import { z } from 'zod';
import type { ProvisionedResource } from '../service.js';
import { type Policy, policySchema } from './policy.js';

/** What stacks have of a resource type at a moment of the server's clock. */
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

/** A role as its stack describes it; policies that have an ARN are looked up when they are asked. */
export interface StackRole {
  readonly name: string;
  readonly account: string;
  readonly path: string;
  readonly trust: Policy;
  /** Inline policies, which IAM's own calls may change too. */
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

/** Allows nothing: what a policy does that is not there. */
const EMPTY_POLICY: Policy = { Statement: [] };

/** Reads once what stays the same object: a resource that nothing was done to. */
const memoize = <T>(read: (properties: unknown) => T): ((properties: object) => T) => {
  const cache = new WeakMap<object, { readonly value: T }>();
  return (properties) => {
    const found = cache.get(properties) ?? { value: read(properties) };
    cache.set(properties, found);
    return found.value;
  };
};

/**
 * The roles, managed policies and identity providers that stacks have made. Nothing is copied: IAM asks what there is
 * at the moment of a call, so that updates, rollbacks and stale reads need no code here. A role whose policies cannot
 * be read does not exist; a managed policy that no stack has made (AWS's own) allows nothing.
 */
export class StackIdentity {
  private readonly parseRole = memoize(parseRole);
  private readonly parsePolicy = memoize(parsePolicy);

  constructor(private readonly listProvisionedResources: ListProvisionedResources) {}

  listRoles(at: number): readonly StackRole[] {
    return this.listProvisionedResources('AWS::IAM::Role', at).flatMap(({ physicalId: name, account, properties }) => {
      const parsed = this.parseRole(properties);
      if (parsed === undefined) return [];
      const { managedArns, boundaryArn, ...role } = parsed;
      const managed = managedArns.map((arn) => this.findManagedPolicy(arn, at));
      const boundary = boundaryArn === undefined ? undefined : this.findManagedPolicy(boundaryArn, at);
      return [{ ...role, name, account, managed, boundary }];
    });
  }

  private findManagedPolicy(arn: string, at: number): Policy {
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
