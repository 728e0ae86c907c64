import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Major, minor and patch of a version.
 * @param {string} version
 * @throws Error where it is none
 */
export const versionParts = (version) => {
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`'${version}' is no version: write three numbers, as 1.2.3`);
  return version.split('.').map(Number);
};

/**
 * Every file that says the repository's version.
 * @param {string} root
 */
export const versionFiles = (root) => {
  const workspaces = ['packages', 'actions', 'hosts'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(root, folder, name, 'package.json')),
  );
  const source = join(root, 'packages', 'action-kit', 'src', 'version.ts');
  return [join(root, 'package.json'), ...workspaces.filter((path) => existsSync(path)), source];
};

const places = [
  { before: '"version": "', after: '"' },
  { before: "VERSION = '", after: "'" },
];

/**
 * A file's text with another version, of itself and of the packages beside it that it depends on: a registry would be
 * asked for any version that no package here has.
 * @param {string} text @param {string} current @param {string} version
 * @throws Error where the text does not say the current one
 */
export const withVersion = (text, current, version) => {
  const place = places.find(({ before, after }) => text.includes(`${before}${current}${after}`));
  if (place === undefined) throw new Error(`a file of ${current} does not say so:\n${text.slice(0, 200)}`);
  const { before, after } = place;
  return text
    .replace(`${before}${current}${after}`, `${before}${version}${after}`)
    .replaceAll(/("@aws-delivery\/[\w-]+": ")([^"]+)"/g, (found, name, wanted) =>
      wanted === current ? `${name}${version}"` : found,
    );
};
