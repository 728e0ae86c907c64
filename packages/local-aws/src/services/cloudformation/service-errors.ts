import { ServiceError, serviceError } from '../../service-error.js';

/** Most refusals are plain `ValidationError`s, told apart by their text alone (aws-facts §1.8). */
export const validationError = (message: string): ServiceError =>
  new ServiceError({ code: 'ValidationError', message });

export const stackNotFound = (name: string): ServiceError => validationError(`Stack [${name}] does not exist`);

/** DescribeStacks, DescribeStackResources and GetTemplate say it in other words than the rest. */
export const stackIdNotFound = (name: string): ServiceError => validationError(`Stack with id ${name} does not exist`);

export const changeSetNotFound = (name: string): ServiceError =>
  serviceError('ChangeSetNotFound', `ChangeSet [${name}] does not exist`, 404);

/** A value that does not have the form an input asks for. */
export const constraintError = (value: string, member: string, rule: string): ServiceError =>
  validationError(`1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${rule}`);
