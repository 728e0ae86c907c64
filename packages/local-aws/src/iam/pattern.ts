/** Whether a value matches a pattern in which `*` stands for any characters and `?` for one. */
export const matchesPattern = (pattern: string, value: string, { ignoreCase = false } = {}): boolean => {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, ignoreCase ? 'is' : 's').test(value);
};

/** Matches ARN patterns part by part, so that `*` does not extend over a colon before the resource. */
export const matchesArn = (pattern: string, arn: string): boolean => {
  const split = (value: string) => /^([^:]*):([^:]*):([^:]*):([^:]*):([^:]*):(.*)$/s.exec(value)?.slice(1);
  const [patterns, parts] = [split(pattern), split(arn)];
  if (patterns === undefined || parts === undefined) return matchesPattern(pattern, arn);
  return patterns.every((each, index) => matchesPattern(each, parts[index] ?? ''));
};
