import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Parses major, minor and patch.
 * @param {string} version
 * @throws Error for another format
 */
export const parseVersion = (version) => {
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`'${version}' is no version: write three numbers, as 1.2.3`);
  return version.split('.').map(Number);
};

/**
 * All files with the version of the repository.
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
 * Replaces the version of a file and of its dependencies on packages of this repository: npm would look for any other
 * version in the registry.
 * @param {string} text @param {string} current @param {string} version
 * @throws Error if the text does not contain the current version
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
