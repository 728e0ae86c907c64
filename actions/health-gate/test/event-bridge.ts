type JsonRecord = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at a path such as `$.detail.service`; null where there is none, as EventBridge has it. */
const getValue = (event: unknown, path: string): unknown =>
  path
    .split('.')
    .slice(1)
    .reduce((value: unknown, name) => (isRecord(value) ? (value[name] ?? null) : null), event);

/** Does an event match a pattern of exact values, as EventBridge matches them? */
export const matchesPattern = (pattern: unknown, event: unknown): boolean => {
  if (Array.isArray(pattern)) return pattern.some((value) => value === event);
  if (!isRecord(pattern) || !isRecord(event)) return false;
  return Object.entries(pattern).every(([name, subpattern]) => matchesPattern(subpattern, event[name]));
};

/** What an input transformer makes of an event: text within quotes, JSON without. */
export const transform = (paths: Readonly<Record<string, string>>, template: string, event: unknown): string =>
  template.replaceAll(/"<(\w+)>"|<(\w+)>/g, (_whole, quoted: string | undefined, bare: string | undefined) => {
    const value = getValue(event, paths[quoted ?? bare ?? ''] ?? '');
    return JSON.stringify(quoted === undefined ? value : String(value ?? ''));
  });
