import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Major, minor and patch of a version.
 * @param {string} version
 * @throws Error where it is none
 */
export const parseVersion = (version) => {
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`'${version}' is no version: write three numbers, as 1.2.3`);
  return version.split('.').map(Number);
};

/**
 * Every file that says the repository's version.
 * @param {string} root
 */
export const listVersionFiles = (root) => {
  const workspaces = ['packages', 'actions', 'hosts'].flatMap((directory) =>
    readdirSync(join(root, directory)).map((name) => join(root, directory, name, 'package.json')),
  );
  const source = join(root, 'packages', 'action-kit', 'src', 'util', 'version.ts');
  return [join(root, 'package.json'), ...workspaces.filter((path) => existsSync(path)), source];
};

const VERSION_PATTERNS = [
  { before: '"version": "', after: '"' },
  { before: "VERSION = '", after: "'" },
];

/**
 * A file's text with another version, of itself and of the packages beside it that it depends on: a registry would be
 * asked for any version that no package here has.
 * @param {string} text @param {string} current @param {string} version
 * @throws Error where the text does not say the current one
 */
export const replaceVersion = (text, current, version) => {
  const pattern = VERSION_PATTERNS.find(({ before, after }) => text.includes(`${before}${current}${after}`));
  if (pattern === undefined) throw new Error(`a file of ${current} does not say so:\n${text.slice(0, 200)}`);
  const { before, after } = pattern;
  return text
    .replace(`${before}${current}${after}`, `${before}${version}${after}`)
    .replaceAll(/("@aws-delivery\/[\w-]+": ")([^"]+)"/g, (found, name, required) =>
      required === current ? `${name}${version}"` : found,
    );
};
