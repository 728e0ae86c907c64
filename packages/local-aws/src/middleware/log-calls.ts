import { errorMessage } from '@aws-delivery/action-kit/util/error';
import type { Middleware, ServiceResponse } from '../api-call.js';
import type { CallLog } from '../call-log.js';
import { getPrincipalArn } from '../iam/principal.js';

const getStatus = (response: ServiceResponse): number => {
  if (response.kind === 'error') return response.error.status ?? 400;
  if (response.kind === 'raw') return response.response.status;
  return response.kind === 'reset' ? 0 : 200;
};

/** Records every call; inner middleware completes the record. */
export const logCalls =
  (callLog: CallLog, via?: string): Middleware =>
  (next) =>
  async (call) => {
    const { id, service, operation, write, region, input } = call;
    const requestFields = { at: new Date(call.at).toISOString(), id, service, operation, write, region, input, via };
    const initialFields = {
      principal: getPrincipalArn(call.principal),
      actions: [],
      resource: '*',
      verdict: 'unsigned',
    } as const;
    callLog.start({ ...requestFields, ...initialFields, status: 0, error: undefined });
    try {
      const response = await next(call);
      callLog.finish(id, {
        status: getStatus(response),
        error: response.kind === 'error' ? response.error.code : undefined,
        uncheckedTypes: response.kind === 'output' ? response.uncheckedTypes : undefined,
      });
      return response;
    } catch (thrown) {
      callLog.finish(id, { status: 500, error: errorMessage(thrown) });
      throw thrown;
    }
  };
