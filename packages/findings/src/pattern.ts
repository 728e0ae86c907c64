const escapeRegExp = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

const translate = (pattern: string, star: string): string =>
  pattern
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map((part) => {
      if (part === '**/') return '(?:.*/)?';
      if (part === '**') return '.*';
      if (part === '*') return star;
      return part === '?' ? star.replace('*', '') : escapeRegExp(part);
    })
    .join('');

/** Does a word match, in any case? `*` stands for any text, `?` for one character. */
export const matchesWord = (pattern: string, word: string): boolean =>
  new RegExp(`^${translate(pattern, '.*')}$`, 'isu').test(word);

/** Does a path match? `*` stays within a folder, `**` crosses folders, `?` is one character; a leading `./` is nothing. */
export const matchesPath = (pattern: string, path: string): boolean =>
  new RegExp(`^${translate(pattern.replace(/^\.\//, ''), '[^/]*')}$`, 'su').test(path.replace(/^\.\//, ''));
