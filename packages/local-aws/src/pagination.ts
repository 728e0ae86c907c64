export interface Page<T> {
  readonly items: readonly T[];
  /** The offset of the next page; undefined on the last one. */
  readonly nextToken: string | undefined;
}

/** The page of `rows` that starts at the offset `token`, with at most `size` items. */
export const getPage = <T>(rows: readonly T[], token: unknown, size: number): Page<T> => {
  const start = Number(token ?? 0);
  const end = start + size;
  return { items: rows.slice(start, end), nextToken: end < rows.length ? String(end) : undefined };
};
