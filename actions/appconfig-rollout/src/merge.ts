import { isMapping } from '@aws-delivery/action-kit/parse';

/** Whether assigning a key would reach a prototype in place of the map. */
const isPlain = (key: string): boolean => key !== '__proto__';

/** One value laid over another: maps are merged, lists and scalars replaced, `null` removes a key. */
export const mergeDeep = (below: unknown, above: unknown): unknown => {
  if (!isMapping(above)) return above;
  const merged = new Map(isMapping(below) ? Object.entries(below) : []);
  for (const [key, value] of Object.entries(above).filter(([name]) => isPlain(name))) {
    if (value === null) merged.delete(key);
    else merged.set(key, mergeDeep(merged.get(key), value));
  }
  return Object.fromEntries(merged);
};
