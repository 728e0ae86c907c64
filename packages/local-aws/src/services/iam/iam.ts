import { z } from 'zod';
import type { ApiCall, Document } from '../../api-call.js';
import type { IdentityStore, Role } from '../../iam/identity.js';
import { policySchema } from '../../iam/policy.js';
import { dispatchByOperation, type OperationHandler, type Service, type ServiceContext } from '../../service.js';
import { serviceError } from '../../service-error.js';

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

const putRolePolicy = ({ policies }: Role, { input }: ApiCall): Document => {
  const parsed = policySchema.safeParse(input['PolicyDocument']);
  if (!parsed.success) throw serviceError('MalformedPolicyDocument', z.prettifyError(parsed.error));
  policies[String(input['PolicyName'])] = parsed.data;
  return {};
};

const deleteRolePolicy = ({ policies }: Role, { input }: ApiCall): Document => {
  const name = String(input['PolicyName']);
  if (!Object.hasOwn(policies, name)) {
    throw serviceError('NoSuchEntity', `The role policy with name ${name} cannot be found.`, 404);
  }
  delete policies[name];
  return {};
};

/**
 * IAM: roles from the scenario and from stacks. Inline policies can be changed, for example to grant a missing
 * permission between two attempts.
 */
export const createIam = ({ clock }: ServiceContext<unknown>, identity: IdentityStore): Service => {
  const createdAt = new Date(clock.now());
  const findRole = ({ input, account, at }: ApiCall): Role | undefined =>
    identity.listRoles(account, at).find(({ name }) => name === input['RoleName']);
  const withRole =
    (handle: (role: Role, call: ApiCall) => Document): OperationHandler =>
    (call) => {
      const role = findRole(call);
      if (role !== undefined) return handle(role, call);
      throw serviceError('NoSuchEntity', `The role with name ${call.input['RoleName']} cannot be found.`, 404);
    };
  return {
    handle: dispatchByOperation({
      GetRole: withRole((role) => ({ Role: describeRole(role, createdAt) })),
      PutRolePolicy: withRole(putRolePolicy),
      DeleteRolePolicy: withRole(deleteRolePolicy),
    }),
    resolveArn: (call, resource) => findRole(call)?.arn ?? resource,
  };
};
