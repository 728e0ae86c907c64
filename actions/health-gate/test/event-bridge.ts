import { isRecord } from '@aws-delivery/action-kit/util/is-record';

/** The value at a path such as `$.detail.service`; null for a missing one, as in EventBridge. */
const getValue = (event: unknown, path: string): unknown =>
  path
    .split('.')
    .slice(1)
    .reduce((value: unknown, name) => (isRecord(value) ? (value[name] ?? null) : null), event);

/** Whether an event matches an EventBridge pattern of exact values. */
export const matchesPattern = (pattern: unknown, event: unknown): boolean => {
  if (Array.isArray(pattern)) return pattern.some((value) => value === event);
  if (!isRecord(pattern) || !isRecord(event)) return false;
  return Object.entries(pattern).every(([name, subpattern]) => matchesPattern(subpattern, event[name]));
};

/** Output of an EventBridge input transformer: strings within quotes, JSON elsewhere. */
export const transform = (paths: Readonly<Record<string, string>>, template: string, event: unknown): string =>
  template.replaceAll(/"<(\w+)>"|<(\w+)>/g, (_whole, quoted: string | undefined, bare: string | undefined) => {
    const value = getValue(event, paths[quoted ?? bare ?? ''] ?? '');
    return JSON.stringify(quoted === undefined ? value : String(value ?? ''));
  });
