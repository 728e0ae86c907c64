import { isRecord } from '@aws-delivery/action-kit/util/is-record';

/** Whether assigning a key would reach a prototype in place of the map. */
const isSafeKey = (key: string): boolean => key !== '__proto__';

/** One value laid over another: maps are merged, lists and scalars replaced, `null` removes a key. */
export const mergeDeep = (base: unknown, override: unknown): unknown => {
  if (!isRecord(override)) return override;
  const merged = new Map(isRecord(base) ? Object.entries(base) : []);
  for (const [key, value] of Object.entries(override).filter(([name]) => isSafeKey(name))) {
    if (value === null) merged.delete(key);
    else merged.set(key, mergeDeep(merged.get(key), value));
  }
  return Object.fromEntries(merged);
};
