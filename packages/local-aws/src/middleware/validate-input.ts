import { createErrorResponse, type Middleware } from '../api-call.js';
import type { ApiModel } from '../api-model/api-model.js';

const toLowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** Rejects an input that lacks required members, in AWS's words; services check all other constraints. */
export const validateInput =
  (apiModel: ApiModel): Middleware =>
  (next) =>
  async (call) => {
    const serviceModel = apiModel.findService(call.service);
    const operation = serviceModel && (await apiModel.loadSchemas(serviceModel)).operations.get(call.operation);
    const required = (operation?.input.required ?? []).map(({ memberName }) => memberName);
    const missing = required.filter((name) => call.input[name] === undefined);
    if (missing.length === 0) return next(call);
    const messages = missing.map(
      (name) => `Value null at '${toLowerFirst(name)}' failed to satisfy constraint: Member must not be null`,
    );
    const count = `${missing.length} validation error${missing.length === 1 ? '' : 's'} detected`;
    const code = serviceModel?.protocol === 'aws-query' ? 'ValidationError' : 'ValidationException';
    return createErrorResponse(code, `${count}: ${messages.join('; ')}`);
  };
