/** One page of a list, and the token of the next. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/** All items of a list, page by page. */
export const pages = async <T>(ask: (token: string | undefined) => Promise<Page<T>>): Promise<readonly T[]> => {
  const all: T[] = [];
  let token: string | undefined;
  do {
    const { items, next } = await ask(token);
    for (const item of items) all.push(item);
    token = next;
  } while (token !== undefined && token !== '');
  return all;
};
