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

/** SPDX identifiers of the licences that allow bundling, each with whether it asks where the source code is. */
const ALLOWED_LICENSES = new Map([
  ['0BSD', false],
  ['Apache-2.0', false],
  ['BSD-2-Clause', false],
  ['BSD-3-Clause', false],
  ['ISC', false],
  ['MIT', false],
  ['MPL-2.0', true],
]);

/**
 * The title and the licence of a package.
 * @param {string} directory
 * @returns {{ title: string, text: string }}
 * @throws {Error} if the package declares no licence, or one that is not allowed
 */
const describe = (directory) => {
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const { name, version, license, author, repository } = manifest;
  if (license === undefined) throw new Error(`${name} is bundled but declares no license: find out whether it may be`);
  const namesSource = ALLOWED_LICENSES.get(license);
  if (namesSource === undefined) {
    const allowed = [...ALLOWED_LICENSES.keys()].join(', ');
    throw new Error(`${name} has the license ${license}: bundle only packages with one of ${allowed}, or review it`);
  }
  const by = typeof author === 'object' ? author.name : author;
  const text = readLicense(directory) ?? `License: ${license}${by === undefined ? '' : `\nCopyright: ${by}`}`;
  const source = namesSource ? `, source code: ${repository?.url ?? repository}` : '';
  return { title: `${name} ${version} (${license}${source})`, text };
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
