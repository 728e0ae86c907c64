import { type ApiCall, type Document, output, type ServiceResponse } from '../../api-call.js';
import { getPage } from '../../pagination.js';

const DEFAULT_PAGE_SIZE = 50;

/** One page of a list operation. */
export const paginate = <T>(
  rows: readonly T[],
  { input }: ApiCall,
  describe: (row: T) => Document,
): ServiceResponse => {
  const { items, nextToken } = getPage(rows, input['NextToken'], Number(input['MaxResults'] ?? DEFAULT_PAGE_SIZE));
  return output({ Items: items.map(describe), NextToken: nextToken });
};
