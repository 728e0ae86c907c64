/** Whether a name equals a pattern; a trailing `*` matches any suffix. */
export const matchesWildcard = (name: string, pattern: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

/**
 * Whether a value matches a pattern of IAM's StringLike: `*` is any text, `?` one character; case-sensitive. On a
 * mismatch the last `*` takes one more character, which bounds the time; a regular expression could backtrack
 * exponentially.
 */
export const isLike = (value: string, pattern: string): boolean => {
  const [characters, patternCharacters] = [[...value], [...pattern]];
  let index = 0;
  let patternIndex = 0;
  let backtrack: { readonly index: number; readonly patternIndex: number } | undefined;
  while (index < characters.length) {
    if (patternCharacters[patternIndex] === '*') {
      patternIndex += 1;
      backtrack = { index, patternIndex };
    } else if (patternCharacters[patternIndex] === '?' || patternCharacters[patternIndex] === characters[index]) {
      index += 1;
      patternIndex += 1;
    } else if (backtrack !== undefined) {
      backtrack = { index: backtrack.index + 1, patternIndex: backtrack.patternIndex };
      ({ index, patternIndex } = backtrack);
    } else return false;
  }
  return patternCharacters.slice(patternIndex).every((character) => character === '*');
};
