/** Whether every text that `text` matches is also matched by `pattern`; `*` and `?` as in IAM. In linear space. */
export const coversPattern = (pattern: string, text: string): boolean => {
  if (pattern === text || pattern === '*') return true;
  // A `?` stands for one character, and a `*` in the text for any number of them.
  if (pattern.includes('?') && text.includes('*')) return false;
  let [position, index, starAt, retryAt] = [0, 0, -1, 0];
  while (index < text.length) {
    const isWildcard = pattern[position] === '*';
    if (isWildcard) {
      starAt = position;
      retryAt = index;
      position += 1;
    } else if (pattern[position] === text[index] || pattern[position] === '?') {
      position += 1;
      index += 1;
    } else if (starAt >= 0) {
      position = starAt + 1;
      retryAt += 1;
      index = retryAt;
    } else return false;
  }
  return [...pattern.slice(position)].every((character) => character === '*');
};

/** The texts of a value: a string, a list, or an intrinsic function as JSON. */
export const toTexts = (value: unknown): readonly string[] => {
  if (value === undefined || value === null) return [];
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
};
