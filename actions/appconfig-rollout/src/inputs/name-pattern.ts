/** Whether one of the patterns fits a name; `*` stands for any text. */
export const matchesAny = (name: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => compilePattern(pattern).test(name));

/** The same where no pattern means every name. */
export const isSelected = (name: string, patterns: readonly string[]): boolean =>
  patterns.length === 0 || matchesAny(name, patterns);

const compilePattern = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
      .join('.*')}$`,
    's',
  );
