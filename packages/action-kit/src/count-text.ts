/** A number of things in words: `1 finding`, `2 findings`. For nouns whose plural takes an s. */
export const pluralize = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
