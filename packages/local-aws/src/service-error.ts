import type { ApiCall, ApiError, Handler, ServiceResponse } from './api-call.js';

/** A call that a service refuses: thrown where that is found, answered by the service's one catch. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';

  constructor(readonly error: ApiError) {
    super(`${error.code}: ${error.message}`);
  }
}

/** A handle whose refusals are its answers. */
export const handleServiceErrors =
  (handler: (call: ApiCall) => ServiceResponse | Promise<ServiceResponse>): Handler =>
  async (call) => {
    try {
      return await handler(call);
    } catch (thrown) {
      if (thrown instanceof ServiceError) return { kind: 'error', error: thrown.error };
      throw thrown;
    }
  };
