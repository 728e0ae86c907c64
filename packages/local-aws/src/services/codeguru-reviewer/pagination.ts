import { type ApiCall, createErrorResponse, type Document, output, type ServiceResponse } from '../../api-call.js';
import { getPage } from '../../pagination.js';

/** One page of a list operation with at most `maxSize` items; an error response for an invalid size or token. */
export const paginate = <T>(
  { input }: ApiCall,
  member: string,
  items: readonly T[],
  maxSize: number,
  describe: (item: T) => Document,
): ServiceResponse => {
  const size = Number(input['MaxResults'] ?? maxSize);
  if (size < 1 || size > maxSize)
    return createErrorResponse('ValidationException', `MaxResults must be from 1 to ${maxSize}`);
  const token = String(input['NextToken'] ?? '0');
  if (!/^\d+$/.test(token)) return createErrorResponse('ValidationException', 'The NextToken is not valid.');
  const page = getPage(items, token, size);
  return output({ [member]: page.items.map(describe), NextToken: page.nextToken });
};
