import { type ApiCall, createErrorResponse, type Document, output, type ServiceResponse } from '../../api-call.js';

/** One page of a list, `most` items at most; a token is the offset of the next. */
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
  const end = Number(token) + size;
  return output({
    [member]: items.slice(Number(token), end).map(describe),
    NextToken: end < items.length ? String(end) : undefined,
  });
};
