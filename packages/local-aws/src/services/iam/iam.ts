import { z } from 'zod';
import { apiError, type Call, output, type Reply } from '../../call.js';
import type { Identity, Role } from '../../iam/identity.js';
import { policySchema } from '../../iam/policy.js';
import { accountOf } from '../../principal.js';
import { byOperation, type Service, type ServiceContext } from '../../service.js';

const describe = (role: Role, createdAt: Date) => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.id,
  Arn: role.arn,
  CreateDate: createdAt,
  // IAM encodes policy documents as URLs do (GetRole, "AssumeRolePolicyDocument")
  AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(role.trust)),
  MaxSessionDuration: role.maxSessionDuration / 1000,
  Tags: Object.entries(role.tags).map(([Key, Value]) => ({ Key, Value })),
});

const putPolicy = ({ policies }: Role, { input }: Call): Reply => {
  const parsed = policySchema.safeParse(input['PolicyDocument']);
  if (!parsed.success) return apiError('MalformedPolicyDocument', z.prettifyError(parsed.error));
  policies[String(input['PolicyName'])] = parsed.data;
  return output({});
};

const deletePolicy = ({ policies }: Role, { input }: Call): Reply => {
  const name = String(input['PolicyName']);
  if (!Object.hasOwn(policies, name)) {
    return apiError('NoSuchEntity', `The role policy with name ${name} cannot be found.`, 404);
  }
  delete policies[name];
  return output({});
};

/** Roles come from the scenario and from stacks; what they may do can change, as when somebody grants a permission between two tries. */
export const createIam = ({ account, clock }: ServiceContext<unknown>, identity: Identity): Service => {
  const createdAt = new Date(clock.now());
  const find = ({ input, principal, at }: Call): Role | undefined =>
    identity.roles(accountOf(principal, account), at).find(({ name }) => name === input['RoleName']);
  const onRole =
    (answer: (role: Role, call: Call) => Reply) =>
    async (call: Call): Promise<Reply> => {
      const role = find(call);
      if (role !== undefined) return answer(role, call);
      return apiError('NoSuchEntity', `The role with name ${String(call.input['RoleName'])} cannot be found.`, 404);
    };
  return {
    handle: byOperation({
      GetRole: onRole((role) => output({ Role: describe(role, createdAt) })),
      PutRolePolicy: onRole(putPolicy),
      DeleteRolePolicy: onRole(deletePolicy),
    }),
    resolve: (call, resource) => find(call)?.arn ?? resource,
  };
};
