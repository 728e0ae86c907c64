import { DeliveryError } from '@aws-delivery/action-kit/util/error';

/** One page of a list, and the token of the next page. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/**
 * Fetches every page of a list; an empty token ends it.
 * @throws DeliveryError `unexpected` when a token repeats, which would never end
 */
export const paginate = async <T>(
  fetchPage: (token: string | undefined) => Promise<Page<T>>,
): Promise<readonly T[]> => {
  const items: T[] = [];
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const { items: pageItems, next } = await fetchPage(token);
    for (const item of pageItems) items.push(item);
    if (next !== undefined && next !== '' && seen.has(next)) {
      throw new DeliveryError('unexpected', `the list returned page token '${next}' twice and would not end`);
    }
    seen.add(next ?? '');
    token = next;
  } while (token !== undefined && token !== '');
  return items;
};
