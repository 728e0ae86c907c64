import { apiError, type Call, type Document, output, type Reply } from '../../call.js';

/** One page of a list, `most` items at most; a token is the offset of the next. */
export const page = <T>(
  { input }: Call,
  member: string,
  items: readonly T[],
  most: number,
  describe: (item: T) => Document,
): Reply => {
  const size = Number(input['MaxResults'] ?? most);
  if (size < 1 || size > most) return apiError('ValidationException', `MaxResults must be from 1 to ${most}`);
  const token = String(input['NextToken'] ?? '0');
  if (!/^\d+$/.test(token)) return apiError('ValidationException', 'The NextToken is not valid.');
  const end = Number(token) + size;
  return output({
    [member]: items.slice(Number(token), end).map(describe),
    NextToken: end < items.length ? String(end) : undefined,
  });
};
