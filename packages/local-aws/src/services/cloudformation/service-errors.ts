import { ServiceError, serviceError } from '../../service-error.js';

/** Most errors are `ValidationError`s that differ only in their messages (docs/aws-facts.md §1.8). */
export const validationError = (message: string): ServiceError =>
  new ServiceError({ code: 'ValidationError', message });

export const stackNotFound = (name: string): ServiceError => validationError(`Stack [${name}] does not exist`);

/** The message of DescribeStacks, DescribeStackResources and GetTemplate differs from other operations'. */
export const stackIdNotFound = (name: string): ServiceError => validationError(`Stack with id ${name} does not exist`);

export const changeSetNotFound = (name: string): ServiceError =>
  serviceError('ChangeSetNotFound', `ChangeSet [${name}] does not exist`, 404);

/** The error for a value that violates a constraint of the API. */
export const constraintError = (value: string, member: string, rule: string): ServiceError =>
  validationError(`1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${rule}`);
