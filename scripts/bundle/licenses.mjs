import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A module in webpack's statistics; `modules` are those it was joined with.
 * @typedef {{ identifier?: string, name?: string, modules?: Module[] }} Module
 * @typedef {{ modules?: Module[], children?: Statistics[] }} Statistics
 */

/** @param {Module} module @returns {string[]} */
const listModuleFiles = ({ identifier = '', modules = [] }) => [
  identifier.slice(identifier.lastIndexOf('!') + 1).replaceAll('\\', '/'),
  ...modules.flatMap(listModuleFiles),
];

/** @param {Statistics} statistics @returns {string[]} */
const listBundledFiles = ({ modules = [], children = [] }) => [
  ...modules.flatMap(listModuleFiles),
  ...children.flatMap(listBundledFiles),
];

/** @param {string} file @returns {string | undefined} the package directory, after the last `node_modules` in the path */
const findPackageDirectory = (file) =>
  /^.*(node_modules\/.*node_modules|node_modules)\/(@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0];

/** @param {string} directory */
const readLicense = (directory) => {
  const file = readdirSync(directory)
    .sort()
    .find((name) => /^(licen[cs]e|copying)/i.test(name));
  return file === undefined ? undefined : readFileSync(join(directory, file), 'utf8').replaceAll('\r\n', '\n').trim();
};

/** @param {string} directory */
const describe = (directory) => {
  const { name, version, license, author } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  if (license === undefined) throw new Error(`${name} is bundled but declares no license: find out whether it may be`);
  const by = typeof author === 'object' ? author.name : author;
  const text = readLicense(directory) ?? `License: ${license}${by === undefined ? '' : `\nCopyright: ${by}`}`;
  return { title: `${name} ${version} (${license})`, text };
};

/**
 * The licences of all bundled packages, each text once below the names of its packages. ncc's own list omits most
 * packages that webpack concatenates into one module.
 * @param {Statistics} statistics
 */
export const renderLicenses = (statistics) => {
  const directories = new Set(listBundledFiles(statistics).map(findPackageDirectory));
  /** @type {Map<string, string[]>} */
  const titlesByText = new Map();
  for (const directory of directories) {
    if (directory === undefined || !existsSync(join(directory, 'package.json'))) continue;
    const { title, text } = describe(directory);
    titlesByText.set(text, [...(titlesByText.get(text) ?? []), title].sort());
  }
  const sections = [...titlesByText].map(([text, titles]) => `${titles.join('\n')}\n\n${text}\n`);
  return sections.sort().join(`\n${'-'.repeat(80)}\n\n`);
};
