import type { ApiCall, Document } from '../../api-call.js';
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

const MAX_PAGE_SIZE = 100;

/**
 * One page of a list operation as the member `name`. The token encodes the offset of the next page. @throws
 * ServiceError for an invalid token
 */
export const paginate = (
  { input }: ApiCall,
  name: string,
  rows: readonly unknown[],
  members: Document = {},
): Document => {
  const { NextToken: nextToken, MaxResults: maxResults } = input;
  const start = typeof nextToken === 'string' ? Number(Buffer.from(nextToken, 'base64').toString()) : 0;
  if (!Number.isInteger(start)) throw validationError(`NextToken ${String(nextToken)} is not valid`);
  const end = start + (typeof maxResults === 'number' ? Math.min(maxResults, MAX_PAGE_SIZE) : MAX_PAGE_SIZE);
  const token = end < rows.length ? Buffer.from(String(end)).toString('base64') : undefined;
  return { ...members, [name]: rows.slice(start, end), NextToken: token };
};
