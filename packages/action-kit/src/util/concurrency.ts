/**
 * Does the work for every item, at most `limit` at once, and returns the results in the order of the items. After a
 * failure nothing new is started; what runs is awaited, and the first failure is thrown.
 */
export const mapConcurrent = async <T, R>(
  items: readonly T[],
  concurrency: number,
  task: (item: T) => Promise<R>,
): Promise<readonly R[]> => {
  const results: R[] = [];
  const failures: unknown[] = [];
  const queue = items.entries();
  const runWorker = async (): Promise<void> => {
    for (const [index, item] of queue) {
      try {
        results[index] = await task(item);
      } catch (error) {
        failures.push(error);
      }
      if (failures.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, runWorker));
  if (failures.length > 0) throw failures[0];
  return results;
};
