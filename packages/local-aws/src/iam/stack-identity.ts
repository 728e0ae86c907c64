import { z } from 'zod';
import type { Provisioned } from '../service.js';
import { type Policy, policySchema } from './policy.js';

/** What stacks have of a resource type at a moment of the server's clock. */
export type ProvisionedBy = (type: string, at: number) => readonly Provisioned[];

const text = z.coerce.string();

const roleProperties = z.object({
  AssumeRolePolicyDocument: policySchema,
  Policies: z.array(z.object({ PolicyName: text, PolicyDocument: policySchema })).default([]),
  ManagedPolicyArns: z.array(text).default([]),
  PermissionsBoundary: text.optional(),
  MaxSessionDuration: z.coerce.number().default(3600),
  Path: text.default('/'),
  Tags: z.array(z.object({ Key: text, Value: text })).default([]),
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

type ReadRole = Omit<StackRole, 'name' | 'account' | 'managed' | 'boundary'> & {
  readonly managedArns: readonly string[];
  readonly boundaryArn: string | undefined;
};

const readRole = (properties: unknown): ReadRole | undefined => {
  const { data } = roleProperties.safeParse(properties);
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

const readPolicy = (properties: unknown): Policy | undefined =>
  z.object({ PolicyDocument: policySchema }).safeParse(properties).data?.PolicyDocument;

const providerProperties = z.object({ Url: text, ClientIdList: z.array(text).default([]) });

/** Allows nothing: what a policy does that is not there. */
const NOTHING: Policy = { Statement: [] };

/** Reads once what stays the same object: a resource that nothing was done to. */
const once = <T>(read: (properties: unknown) => T): ((properties: object) => T) => {
  const known = new WeakMap<object, { readonly value: T }>();
  return (properties) => {
    const found = known.get(properties) ?? { value: read(properties) };
    known.set(properties, found);
    return found.value;
  };
};

/**
 * The roles, managed policies and identity providers that stacks have made. Nothing is copied: IAM asks what there is
 * at the moment of a call, so that updates, rollbacks and stale reads need no code here. A role whose policies cannot
 * be read does not exist; a managed policy that no stack has made (AWS's own) allows nothing.
 */
export class StackIdentity {
  readonly #role = once(readRole);
  readonly #policy = once(readPolicy);

  constructor(private readonly provisioned: ProvisionedBy) {}

  roles(at: number): readonly StackRole[] {
    return this.provisioned('AWS::IAM::Role', at).flatMap(({ physicalId: name, account, properties }) => {
      const read = this.#role(properties);
      if (read === undefined) return [];
      const { managedArns, boundaryArn, ...role } = read;
      const managed = managedArns.map((arn) => this.#managed(arn, at));
      const boundary = boundaryArn === undefined ? undefined : this.#managed(boundaryArn, at);
      return [{ ...role, name, account, managed, boundary }];
    });
  }

  #managed(arn: string, at: number): Policy {
    const found = this.provisioned('AWS::IAM::ManagedPolicy', at).find(({ physicalId }) => physicalId === arn);
    return (found && this.#policy(found.properties)) ?? NOTHING;
  }

  providers(account: string, at: number): readonly { readonly url: string; readonly audiences: readonly string[] }[] {
    return this.provisioned('AWS::IAM::OIDCProvider', at)
      .filter((each) => each.account === account)
      .flatMap(({ properties }) => {
        const { data } = providerProperties.safeParse(properties);
        return data === undefined ? [] : [{ url: data.Url, audiences: data.ClientIdList }];
      });
  }
}
