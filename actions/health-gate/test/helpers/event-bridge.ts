type Mapping = Readonly<Record<string, unknown>>;

const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at a path such as `$.detail.service`; null where there is none, as EventBridge has it. */
const at = (event: unknown, path: string): unknown =>
  path
    .split('.')
    .slice(1)
    .reduce((value: unknown, name) => (isMapping(value) ? (value[name] ?? null) : null), event);

/** Does an event match a pattern of exact values, as EventBridge matches them? */
export const matchesPattern = (pattern: unknown, event: unknown): boolean => {
  if (Array.isArray(pattern)) return pattern.some((value) => value === event);
  if (!isMapping(pattern) || !isMapping(event)) return false;
  return Object.entries(pattern).every(([name, part]) => matchesPattern(part, event[name]));
};

/** What an input transformer makes of an event: text within quotes, JSON without. */
export const transform = (paths: Readonly<Record<string, string>>, template: string, event: unknown): string =>
  template.replaceAll(/"<(\w+)>"|<(\w+)>/g, (_whole, quoted: string | undefined, bare: string | undefined) => {
    const value = at(event, paths[quoted ?? bare ?? ''] ?? '');
    return JSON.stringify(quoted === undefined ? value : String(value ?? ''));
  });
