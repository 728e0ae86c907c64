/** What stands at one place of a pattern; `maybe` says that the two tokens after it may be left out. */
type Token =
  | { readonly kind: 'text'; readonly character: string }
  | { readonly kind: 'one' | 'many'; readonly crossesFolders: boolean }
  | { readonly kind: 'maybe' };

const tokensOf = (pattern: string, crossesFolders: boolean): readonly Token[] =>
  pattern.split(/(\*\*\/|\*\*|\*|\?)/u).flatMap((part, index): readonly Token[] => {
    if (index % 2 === 0) return [...part].map((character) => ({ kind: 'text', character }));
    if (part === '?') return [{ kind: 'one', crossesFolders }];
    const many: Token = { kind: 'many', crossesFolders: crossesFolders || part !== '*' };
    return part === '**/' ? [{ kind: 'maybe' }, many, { kind: 'text', character: '/' }] : [many];
  });

const takes = (token: Token, character: string): boolean => {
  if (token.kind === 'maybe') return false;
  return token.kind === 'text' ? token.character === character : token.crossesFolders || character !== '/';
};

/** The places with all that can be reached from them without taking a character. */
const reachable = (tokens: readonly Token[], places: Set<number>): ReadonlySet<number> => {
  // A set that grows while it is walked is walked to its new end.
  for (const place of places) {
    const kind = tokens[place]?.kind;
    if (kind === 'many' || kind === 'maybe') places.add(place + 1);
    if (kind === 'maybe') places.add(place + 3);
  }
  return places;
};

/**
 * Walks all places of the pattern at once, so that time grows with text times pattern and no more: a regular
 * expression of several stars takes ages to see that a long text does not match, and texts come from outside.
 */
const walk = (tokens: readonly Token[], text: string): boolean => {
  let places = reachable(tokens, new Set([0]));
  for (const character of text) {
    const next = new Set<number>();
    for (const place of places) {
      const token = tokens[place];
      if (token !== undefined && takes(token, character)) next.add(token.kind === 'many' ? place : place + 1);
    }
    if (next.size === 0) return false;
    places = reachable(tokens, next);
  }
  return places.has(tokens.length);
};

const fits = (pattern: string, text: string, crossesFolders: boolean): boolean => {
  const plain = pattern.search(/[*?]/u);
  if (plain === -1) return pattern === text;
  if (!text.startsWith(pattern.slice(0, plain))) return false;
  return walk(tokensOf(pattern.slice(plain), crossesFolders), text.slice(plain));
};

/** Does a word match, in any case? `*` stands for any text, `?` for one character. */
export const matchesWord = (pattern: string, word: string): boolean =>
  fits(pattern.toLowerCase(), word.toLowerCase(), true);

/** Does a path match? `*` stays within a folder, `**` crosses folders, `?` is one character; a leading `./` is nothing. */
export const matchesPath = (pattern: string, path: string): boolean =>
  fits(pattern.replace(/^\.\//u, ''), path.replace(/^\.\//u, ''), false);
