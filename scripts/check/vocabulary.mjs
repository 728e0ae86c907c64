import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';
import { listFiles, root } from '../command.mjs';

/**
 * Words that the code replaced by the field's terms, each with what to write instead (docs/glossary.md). `allowed` lists
 * the names that keep such a word, by file, with the reason: a key that users read, a name of AWS's.
 * @typedef {{ names: string[], reason: string }} Exception
 * @typedef {{ identifiers: Record<string, string>, fileNames: Record<string, string>, allowed: Record<string, Exception> }} WordList
 */

/** @type {WordList} */
const wordList = JSON.parse(readFileSync(new URL('words.json', import.meta.url), 'utf8'));

/**
 * The words of a camelCase, kebab-case or UPPER_CASE name, in lower case.
 * @param {string} name
 * @returns {string[]}
 */
export const splitName = (name) =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());

/**
 * Every identifier in a syntax tree.
 * @param {unknown} node
 * @returns {Generator<string>}
 */
function* walkIdentifiers(node) {
  if (typeof node !== 'object' || node === null) return;
  if ('type' in node && (node.type === 'Identifier' || node.type === 'PrivateName') && 'value' in node) {
    yield String(node.value);
  }
  for (const child of Object.values(node)) yield* walkIdentifiers(child);
}

/**
 * Names that use a replaced word.
 * @param {string} file the path to report
 * @param {string} source
 * @param {WordList} [words]
 * @returns {string[]} one line for each name
 */
export const findReplacedWords = (file, source, words = wordList) => {
  const syntax = /** @type {const} */ ({ syntax: 'typescript', target: 'es2023' });
  const names = new Set(walkIdentifiers(parseSync(source, syntax)));
  const inCode = [...names].flatMap((name) => {
    const word = splitName(name).find((part) => Object.hasOwn(words.identifiers, part));
    return word === undefined || words.allowed[file]?.names.includes(name)
      ? []
      : [`${file}: '${name}' has the word '${word}': use ${words.identifiers[word]}`];
  });
  const inPath = splitName(file.replace(/(?:\.\w+)+$/, '')).flatMap((part) => {
    const list = [words.fileNames, words.identifiers].find((candidate) => Object.hasOwn(candidate, part));
    const use = list?.[part];
    return use === undefined ? [] : [`${file}: the path has the word '${part}': use ${use}`];
  });
  return [...inPath, ...inCode];
};

/** Checks the identifiers and paths of every TypeScript and JavaScript file that git tracks or would track. */
export const checkVocabulary = async () => {
  const files = (await listFiles('*.ts', '*.mjs')).filter((file) => !file.includes('/dist/'));
  const lines = files.flatMap((file) => findReplacedWords(file, readFileSync(join(root, file), 'utf8')));
  return { status: lines.length === 0 ? 0 : 1, output: lines.join('\n') };
};
