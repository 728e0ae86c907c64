import type { ApiError, Document } from './api-call.js';

/** An error response of a service. Handlers throw it; `dispatchByOperation` returns it. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';

  constructor(readonly error: ApiError) {
    super(`${error.code}: ${error.message}`);
  }
}

export const serviceError = (code: string, message: string, status = 400, members: Document = {}): ServiceError =>
  new ServiceError({ code, message, status, members });
