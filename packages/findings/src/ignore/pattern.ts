/** Element of a pattern; `optional` means that the next two tokens may be skipped. */
type Token =
  | { readonly kind: 'literal'; readonly character: string }
  | { readonly kind: 'character' | 'wildcard'; readonly crossesDirectories: boolean }
  | { readonly kind: 'optional' };

const parsePattern = (pattern: string, crossesDirectories: boolean): readonly Token[] =>
  pattern.split(/(\*\*\/|\*\*|\*|\?)/u).flatMap((segment, index): readonly Token[] => {
    if (index % 2 === 0) return [...segment].map((character) => ({ kind: 'literal', character }));
    if (segment === '?') return [{ kind: 'character', crossesDirectories }];
    const wildcard: Token = { kind: 'wildcard', crossesDirectories: crossesDirectories || segment !== '*' };
    return segment === '**/' ? [{ kind: 'optional' }, wildcard, { kind: 'literal', character: '/' }] : [wildcard];
  });

const acceptsCharacter = (token: Token, character: string): boolean => {
  if (token.kind === 'optional') return false;
  return token.kind === 'literal' ? token.character === character : token.crossesDirectories || character !== '/';
};

/** Adds the positions that can be reached without consuming a character. */
const addReachable = (tokens: readonly Token[], positions: Set<number>): ReadonlySet<number> => {
  // Iterating over a set includes the elements added meanwhile.
  for (const position of positions) {
    const kind = tokens[position]?.kind;
    if (kind === 'wildcard' || kind === 'optional') positions.add(position + 1);
    if (kind === 'optional') positions.add(position + 3);
  }
  return positions;
};

/**
 * Tracks all possible pattern positions at once, in time linear in input times pattern. A regular expression with
 * several wildcards may backtrack exponentially on untrusted input.
 */
const matchTokens = (tokens: readonly Token[], input: string): boolean => {
  let positions = addReachable(tokens, new Set([0]));
  for (const character of input) {
    const next = new Set<number>();
    for (const position of positions) {
      const token = tokens[position];
      if (token !== undefined && acceptsCharacter(token, character))
        next.add(token.kind === 'wildcard' ? position : position + 1);
    }
    if (next.size === 0) return false;
    positions = addReachable(tokens, next);
  }
  return positions.has(tokens.length);
};

const matchesPattern = (pattern: string, input: string, crossesDirectories: boolean): boolean => {
  const wildcardIndex = pattern.search(/[*?]/u);
  if (wildcardIndex === -1) return pattern === input;
  if (!input.startsWith(pattern.slice(0, wildcardIndex))) return false;
  return matchTokens(parsePattern(pattern.slice(wildcardIndex), crossesDirectories), input.slice(wildcardIndex));
};

/** Whether a word matches, ignoring case. `*` matches any text, `?` one character. */
export const matchesWord = (pattern: string, word: string): boolean =>
  matchesPattern(pattern.toLowerCase(), word.toLowerCase(), true);

/**
 * Whether a path matches. `*` stays within a directory, `**` crosses directories, `?` matches one character; a leading
 * `./` is ignored.
 */
export const matchesPath = (pattern: string, path: string): boolean =>
  matchesPattern(pattern.replace(/^\.\//u, ''), path.replace(/^\.\//u, ''), false);
