import type { Document } from '../../api-call.js';
import { type ServiceError, serviceError } from '../../service-error.js';

export const badRequestError = (message: string, members: Document = {}): ServiceError =>
  serviceError('BadRequestException', message, 400, members);

export const conflictError = (message: string): ServiceError => serviceError('ConflictException', message, 409);

export const notFoundError = (label: string): ServiceError =>
  serviceError('ResourceNotFoundException', `${label} could not be found`, 404, { ResourceName: label });

/** A validation error in AppConfig's format. */
export interface ConfigurationErrorDetail {
  readonly Constraint?: string;
  readonly Location?: string;
  readonly Reason: string;
  readonly Type: 'schema' | 'lambda' | 'custom';
  readonly Value?: string;
}

/** @throws ServiceError if there are validation errors */
export const assertValid = (details: readonly ConfigurationErrorDetail[]): void => {
  if (details.length === 0) return;
  throw badRequestError(`Error validating configuration: ${details.map(({ Reason }) => Reason).join('; ')}`, {
    Reason: 'InvalidConfiguration',
    Details: { InvalidConfiguration: details },
  });
};
