/** Does the same to each item, at most `limit` at a time, begun in order; results keep the order of the items. */
export const mapConcurrent = async <T, R>(
  items: readonly T[],
  limit: number,
  task: (item: T) => Promise<R>,
): Promise<readonly R[]> => {
  const results = new Map<number, R>();
  let next = 0;
  const runWorker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next;
      next += 1;
      const [item] = items.slice(index, index + 1);
      if (item !== undefined) results.set(index, await task(item));
    }
  };
  const workers = Array.from({ length: Math.min(limit, items.length) }, runWorker);
  try {
    await Promise.all(workers);
  } finally {
    // Nobody begins anything more once one has failed.
    next = items.length;
  }
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
};

/** Lets at most `limit` pieces of work go on at once, first come, first served. */
export class Semaphore {
  private available: number;
  private readonly queue: (() => void)[] = [];

  constructor(limit: number) {
    this.available = limit;
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.available > 0) this.available -= 1;
    else await new Promise<void>((resolve) => this.queue.push(resolve));
    try {
      return await task();
    } finally {
      const next = this.queue.shift();
      if (next === undefined) this.available += 1;
      else next();
    }
  }
}
