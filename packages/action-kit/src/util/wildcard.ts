/** Whether a name equals a pattern; a trailing `*` matches any suffix. */
export const matchesWildcard = (name: string, pattern: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
