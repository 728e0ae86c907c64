import type { ApiCall, ApiError, ServiceResponse } from './api-call.js';
import { dispatchByOperation, type Service } from './service.js';

/** An error response of a service, thrown by code that cannot return it. `dispatchWithServiceErrors` catches it. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';

  constructor(readonly error: ApiError) {
    super(`${error.code}: ${error.message}`);
  }
}

export const serviceError = (code: string, message: string, status = 400): ServiceError =>
  new ServiceError({ code, message, status });

/** The message of a thrown value that need not be an Error. */
export const errorMessage = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** A handler of one operation that may throw a ServiceError. */
export type OperationHandler = (call: ApiCall) => ServiceResponse | Promise<ServiceResponse>;
export type OperationHandlers = Readonly<Record<string, OperationHandler>>;

/** `dispatchByOperation` with thrown ServiceErrors returned as error responses. */
export const dispatchWithServiceErrors = (handlers: OperationHandlers): Service['handle'] => {
  const dispatch = dispatchByOperation(
    Object.fromEntries(Object.entries(handlers).map(([name, handler]) => [name, async (call) => handler(call)])),
  );
  return async (call) => {
    try {
      return await dispatch(call);
    } catch (thrown) {
      if (thrown instanceof ServiceError) return { kind: 'error', error: thrown.error };
      throw thrown;
    }
  };
};
