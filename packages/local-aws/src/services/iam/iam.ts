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
  const getRole = ({ input, principal }: Call): Reply => {
    const name = String(input['RoleName']);
    const role = identity.roles(accountOf(principal, account)).find((each) => each.name === name);
    if (role === undefined) return apiError('NoSuchEntity', `The role with name ${name} cannot be found.`, 404);
    return output({ Role: describe(role, createdAt) });
  };
  return { handle: byOperation({ GetRole: async (call) => getRole(call) }) };
};
