import type { ApiCall, Document } from './api-call.js';
import { serviceError } from './service-error.js';

/** The members of an input that a page is read from, and its sizes. */
export interface PageOptions {
  /** Members with the token and the requested size; default: `NextToken` and `MaxResults`. */
  readonly token?: string;
  readonly size?: string;
  readonly defaultSize: number;
  /** A size outside this range is rejected; default: every size is accepted. */
  readonly range?: readonly [min: number, max: number];
}

export interface Page<T> {
  readonly rows: readonly T[];
  readonly nextToken: string | undefined;
}

/** One page of `rows`, from the offset in the call's token. @throws ServiceError for an invalid token or size */
export const getPage = <T>(
  { input }: ApiCall,
  rows: readonly T[],
  { token = 'NextToken', size: sizeMember = 'MaxResults', defaultSize, range: [min, max] = [1, Infinity] }: PageOptions,
): Page<T> => {
  const start = Number(input[token] ?? 0);
  const size = Number(input[sizeMember] ?? defaultSize);
  if (size < min || size > max)
    throw serviceError('ValidationException', `${sizeMember} must be from ${min} to ${max}`);
  if (!Number.isInteger(start)) throw serviceError('ValidationException', `The ${token} is not valid.`);
  const end = start + size;
  return { rows: rows.slice(start, end), nextToken: end < rows.length ? String(end) : undefined };
};

/** `getPage` as the output of a list operation: the described rows in the member `items`, and the token. */
export const paginate = <T>(
  call: ApiCall,
  items: readonly T[],
  { items: member, ...options }: PageOptions & { readonly items: string },
  describe: (item: T) => unknown = (item) => item,
): Document => {
  const { rows, nextToken } = getPage(call, items, options);
  return { [member]: rows.map(describe), [options.token ?? 'NextToken']: nextToken };
};
