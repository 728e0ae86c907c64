/** What stands at one place of a pattern; `optional` says that the two tokens after it may be left out. */
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

/** The places with all that can be reached from them without taking a character. */
const addReachable = (tokens: readonly Token[], positions: Set<number>): ReadonlySet<number> => {
  // A set that grows while it is walked is walked to its new end.
  for (const position of positions) {
    const kind = tokens[position]?.kind;
    if (kind === 'wildcard' || kind === 'optional') positions.add(position + 1);
    if (kind === 'optional') positions.add(position + 3);
  }
  return positions;
};

/**
 * Walks all places of the pattern at once, so that time grows with text times pattern and no more: a regular
 * expression of several stars takes ages to see that a long text does not match, and texts come from outside.
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

/** Does a word match, in any case? `*` stands for any text, `?` for one character. */
export const matchesWord = (pattern: string, word: string): boolean =>
  matchesPattern(pattern.toLowerCase(), word.toLowerCase(), true);

/** Does a path match? `*` stays within a folder, `**` crosses folders, `?` is one character; a leading `./` is nothing. */
export const matchesPath = (pattern: string, path: string): boolean =>
  matchesPattern(pattern.replace(/^\.\//u, ''), path.replace(/^\.\//u, ''), false);
