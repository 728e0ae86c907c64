import type { Document } from '../../api-call.js';
import { ServiceError } from '../../service-error.js';

export const badRequestError = (message: string, members: Document = {}): ServiceError =>
  new ServiceError({ code: 'BadRequestException', message, status: 400, members });

export const conflictError = (message: string): ServiceError =>
  new ServiceError({ code: 'ConflictException', message, status: 409 });

export const notFoundError = (label: string): ServiceError =>
  new ServiceError({
    code: 'ResourceNotFoundException',
    message: `${label} could not be found`,
    status: 404,
    members: { ResourceName: label },
  });

export const quotaExceededError = (label: string, limit: number): ServiceError =>
  new ServiceError({
    code: 'ServiceQuotaExceededException',
    message: `The number of ${label} exceeds the limit of ${limit}`,
    status: 402,
  });

/** A validation error in AppConfig's format. */
export interface ConfigurationErrorDetail {
  readonly Constraint?: string;
  readonly Location?: string;
  readonly Reason: string;
  readonly Type: 'schema' | 'lambda' | 'custom';
  readonly Value?: string;
}

export const invalidConfigurationError = (details: readonly ConfigurationErrorDetail[]): ServiceError =>
  badRequestError(`Error validating configuration: ${details.map(({ Reason }) => Reason).join('; ')}`, {
    Reason: 'InvalidConfiguration',
    Details: { InvalidConfiguration: details },
  });
