import type { ApiCall, Middleware, RequiredPermission } from '../api-call.js';
import { explainDenial } from '../iam/authorisation.js';
import { getPrincipalArn } from '../iam/principal.js';
import { createCommonErrorResponse } from './common-error.js';
import type { MiddlewareContext } from './middleware-context.js';

/** Rejects a call unless the principal's policies allow all permissions that the API model requires. */
export const authorise =
  ({ apiModel, identity, callLog, resolveArn }: MiddlewareContext): Middleware =>
  (next) => {
    const { partition } = identity;
    const listRequiredPermissions = (call: ApiCall): readonly RequiredPermission[] => {
      const { input, region, account } = call;
      const { requiredPermissions } = apiModel.getOperation(call.service, call.operation);
      const permissions = requiredPermissions({ input, region, partition, account });
      return permissions.map((permission) => ({
        ...permission,
        resource: resolveArn(call, permission.resource),
        context: { 'aws:RequestedRegion': call.region, ...permission.context },
      }));
    };
    return async (call) => {
      const permissions = listRequiredPermissions(call);
      const logFields = {
        principal: getPrincipalArn(call.principal, partition),
        actions: permissions.map(({ action }) => action),
        resource: permissions[0]?.resource ?? '*',
      };
      const denial = explainDenial(identity, call.principal, permissions, call.at);
      const allowedVerdict = call.principal.kind === 'anonymous' ? 'unsigned' : 'allowed';
      callLog.update(call.id, { ...logFields, verdict: denial === undefined ? allowedVerdict : 'denied' });
      return denial === undefined
        ? next(call)
        : createCommonErrorResponse('denied', apiModel.getProtocol(call.service), denial);
    };
  };
