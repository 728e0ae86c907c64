import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A module in webpack's statistics; `modules` are those it was joined with.
 * @typedef {{ identifier?: string, name?: string, modules?: Module[] }} Module
 * @typedef {{ modules?: Module[], children?: Statistics[] }} Statistics
 */

/** @param {Module} module @returns {string[]} */
const filesOf = ({ identifier = '', modules = [] }) => [
  identifier.slice(identifier.lastIndexOf('!') + 1).replaceAll('\\', '/'),
  ...modules.flatMap(filesOf),
];

/** @param {Statistics} statistics @returns {string[]} */
const bundledFiles = ({ modules = [], children = [] }) => [
  ...modules.flatMap(filesOf),
  ...children.flatMap(bundledFiles),
];

/** @param {string} file the package's folder below the checkout, from the last `node_modules` on the way to the file */
const packageFolder = (file) =>
  /^.*(node_modules\/.*node_modules|node_modules)\/(@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0];

/** @param {string} folder */
const licenseText = (folder) => {
  const file = readdirSync(folder)
    .sort()
    .find((name) => /^(licen[cs]e|copying)/i.test(name));
  return file === undefined ? undefined : readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
};

/** @param {string} folder */
const describe = (folder) => {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (license === undefined) throw new Error(`${name} is bundled but declares no license: find out whether it may be`);
  const by = typeof author === 'object' ? author.name : author;
  const text = licenseText(folder) ?? `License: ${license}${by === undefined ? '' : `\nCopyright: ${by}`}`;
  return { title: `${name} ${version} (${license})`, text };
};

/**
 * The licences of everything a bundle holds, each text once, under the names of the packages it covers.
 * ncc's own list leaves out most packages that webpack joins into one module.
 * @param {Statistics} statistics
 */
export const licensesOf = (statistics) => {
  const folders = new Set(bundledFiles(statistics).map(packageFolder));
  /** @type {Map<string, string[]>} */
  const titlesByText = new Map();
  for (const folder of folders) {
    if (folder === undefined || !existsSync(join(folder, 'package.json'))) continue;
    const { title, text } = describe(folder);
    titlesByText.set(text, [...(titlesByText.get(text) ?? []), title].sort());
  }
  const sections = [...titlesByText].map(([text, titles]) => `${titles.join('\n')}\n\n${text}\n`);
  return sections.sort().join(`\n${'-'.repeat(80)}\n\n`);
};
