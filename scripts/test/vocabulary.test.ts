import { describe, expect, it } from '@jest/globals';
import { findReplacedWords, splitName } from '../check/vocabulary.mjs';

const words = {
  identifiers: { folder: 'directory', kept: 'retained' },
  fileNames: { hop: 'role step' },
  allowed: { 'a.ts': { names: ['keptAlive'], reason: 'the name of an HTTP option' } },
};

const find = (file: string, source: string): readonly string[] => findReplacedWords(file, source, words);

describe('the words of a name', () => {
  it.each([
    ['camelCase', ['camel', 'case']],
    ['MAX_BODY_BYTES', ['max', 'body', 'bytes']],
    ['kebab-case', ['kebab', 'case']],
    ['parseHTTPAnswer', ['parse', 'http', 'answer']],
  ])('of %s are %j', (name, expected) => {
    expect(splitName(name)).toEqual(expected);
  });
});

describe('the check of names', () => {
  it.each([
    ['a variable', 'const folder = 1; export default folder;', 'folder'],
    ['a field', 'interface A { readonly keptFiles: string }', 'keptFiles'],
    ['a parameter', 'export const f = (inputFolder: string) => inputFolder;', 'inputFolder'],
    ['a private member', 'class A { #folder = 1; get() { return this.#folder; } }', 'folder'],
    ['a type', 'type FolderName = string;', 'FolderName'],
  ])('finds a replaced word in %s', (_, source, name) => {
    expect(find('src/a.ts', source)).toEqual([expect.stringContaining(`src/a.ts: '${name}' has the word`)]);
  });

  it('names the word to use instead', () => {
    expect(find('a.ts', 'const folder = 1;')).toEqual(["a.ts: 'folder' has the word 'folder': use directory"]);
  });

  it('finds a replaced word in a path', () => {
    expect(find('src/role-hop.ts', '')).toEqual(["src/role-hop.ts: the path has the word 'hop': use role step"]);
  });

  it('passes words that every object has as a property', () => {
    expect(find('src/constructor.ts', 'class A { constructor() {} }')).toEqual([]);
  });

  it('passes strings, comments and the exceptions of the file', () => {
    expect(find('a.ts', "// a folder\nconst keptAlive = 'folder';")).toEqual([]);
    expect(find('b.ts', 'const keptAlive = 1;')).toHaveLength(1);
  });
});
