import { z } from 'zod';
import { type ApiCall, createErrorResponse, output, type ServiceResponse } from '../../api-call.js';
import type { IdentityStore, Role } from '../../iam/identity.js';
import { policySchema } from '../../iam/policy.js';
import { getPrincipalAccount } from '../../iam/principal.js';
import { dispatchByOperation, type Service, type ServiceContext } from '../../service.js';

const describeRole = (role: Role, createdAt: Date) => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.id,
  Arn: role.arn,
  CreateDate: createdAt,
  // IAM percent-encodes policy documents (GetRole, `AssumeRolePolicyDocument`).
  AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(role.trust)),
  MaxSessionDuration: role.maxSessionDuration / 1000,
  Tags: Object.entries(role.tags).map(([Key, Value]) => ({ Key, Value })),
});

const putRolePolicy = ({ policies }: Role, { input }: ApiCall): ServiceResponse => {
  const parsed = policySchema.safeParse(input['PolicyDocument']);
  if (!parsed.success) return createErrorResponse('MalformedPolicyDocument', z.prettifyError(parsed.error));
  policies[String(input['PolicyName'])] = parsed.data;
  return output({});
};

const deleteRolePolicy = ({ policies }: Role, { input }: ApiCall): ServiceResponse => {
  const name = String(input['PolicyName']);
  if (!Object.hasOwn(policies, name)) {
    return createErrorResponse('NoSuchEntity', `The role policy with name ${name} cannot be found.`, 404);
  }
  delete policies[name];
  return output({});
};

/**
 * IAM: roles from the scenario and from stacks. Inline policies can be changed, for example to grant a missing
 * permission between two attempts.
 */
export const createIam = ({ account, clock }: ServiceContext<unknown>, identity: IdentityStore): Service => {
  const createdAt = new Date(clock.now());
  const findRole = ({ input, principal, at }: ApiCall): Role | undefined =>
    identity.listRoles(getPrincipalAccount(principal, account), at).find(({ name }) => name === input['RoleName']);
  const withRole =
    (handle: (role: Role, call: ApiCall) => ServiceResponse) =>
    async (call: ApiCall): Promise<ServiceResponse> => {
      const role = findRole(call);
      if (role !== undefined) return handle(role, call);
      return createErrorResponse(
        'NoSuchEntity',
        `The role with name ${String(call.input['RoleName'])} cannot be found.`,
        404,
      );
    };
  return {
    handle: dispatchByOperation({
      GetRole: withRole((role) => output({ Role: describeRole(role, createdAt) })),
      PutRolePolicy: withRole(putRolePolicy),
      DeleteRolePolicy: withRole(deleteRolePolicy),
    }),
    resolveArn: (call, resource) => findRole(call)?.arn ?? resource,
  };
};
