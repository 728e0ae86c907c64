import { type ApiCall, type Document, output, type ServiceResponse } from '../../api-call.js';
import { validationError } from './service-errors.js';

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
): ServiceResponse => {
  const { NextToken: nextToken, MaxResults: maxResults } = input;
  const start = typeof nextToken === 'string' ? Number(Buffer.from(nextToken, 'base64').toString()) : 0;
  if (!Number.isInteger(start)) throw validationError(`NextToken ${String(nextToken)} is not valid`);
  const end = start + (typeof maxResults === 'number' ? Math.min(maxResults, MAX_PAGE_SIZE) : MAX_PAGE_SIZE);
  const token = end < rows.length ? Buffer.from(String(end)).toString('base64') : undefined;
  return output({ ...members, [name]: rows.slice(start, end), NextToken: token });
};
