import { apiError, type Call, output, type Reply } from '../../call.js';
import type { Identity, Role } from '../../iam/identity.js';
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

/** What the trust doctor may ask IAM. Roles come from the scenario and do not change. */
export const createIam = ({ account, clock }: ServiceContext<unknown>, identity: Identity): Service => {
  const createdAt = new Date(clock.now());
  const find = ({ input, principal }: Call): Role | undefined =>
    identity.roles(accountOf(principal, account)).find(({ name }) => name === input['RoleName']);
  const getRole = (call: Call): Reply => {
    const role = find(call);
    const missing = `The role with name ${String(call.input['RoleName'])} cannot be found.`;
    return role === undefined ? apiError('NoSuchEntity', missing, 404) : output({ Role: describe(role, createdAt) });
  };
  return {
    handle: byOperation({ GetRole: async (call) => getRole(call) }),
    resolve: (call, resource) => find(call)?.arn ?? resource,
  };
};
