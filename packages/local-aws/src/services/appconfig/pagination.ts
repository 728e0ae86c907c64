import { type ApiCall, type Document, output, type ServiceResponse } from '../../api-call.js';

const DEFAULT_PAGE_SIZE = 50;

/** One page of a list; the token is the place where the next begins. */
export const paginate = <T>(
  rows: readonly T[],
  { input }: ApiCall,
  describe: (row: T) => Document,
): ServiceResponse => {
  const start = Number(input['NextToken'] ?? 0);
  const end = start + Number(input['MaxResults'] ?? DEFAULT_PAGE_SIZE);
  const next = end < rows.length ? { NextToken: String(end) } : {};
  return output({ Items: rows.slice(start, end).map(describe), ...next });
};
