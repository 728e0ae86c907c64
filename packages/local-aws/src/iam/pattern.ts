/** Does `text` fit a pattern in which `*` stands for any characters and `?` for one? */
export const fits = (pattern: string, text: string, { ignoreCase = false } = {}): boolean => {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, ignoreCase ? 'is' : 's').test(text);
};

/** ARN patterns are matched part by part, so that a `*` never reaches over a colon before the resource. */
export const fitsArn = (pattern: string, arn: string): boolean => {
  const split = (text: string) => /^([^:]*):([^:]*):([^:]*):([^:]*):([^:]*):(.*)$/s.exec(text)?.slice(1);
  const [patterns, parts] = [split(pattern), split(arn)];
  if (patterns === undefined || parts === undefined) return fits(pattern, arn);
  return patterns.every((each, index) => fits(each, parts[index] ?? ''));
};
