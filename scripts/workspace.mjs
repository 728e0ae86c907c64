import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './command.mjs';

/**
 * A package whose entries are bundled: `path` is relative to the checkout, with forward slashes.
 * @typedef {{ path: string, entries: string[] }} BundledWorkspace
 */

/** @param {string} directory */
const listChildren = (directory) =>
  readdirSync(join(root, directory))
    .sort()
    .map((child) => `${directory}/${child}`);

/** The files at the top of a package's `src` that are entries: each exports the function it is named for. */
const ENTRY_NAMES = ['credential-process', 'main', 'post', 'runner'];

/** @param {string} path */
const listEntries = (path) => ENTRY_NAMES.filter((name) => existsSync(join(root, path, 'src', `${name}.ts`)));

/**
 * Every package that has entries, in a fixed order.
 * @returns {BundledWorkspace[]}
 */
export const listBundledWorkspaces = () =>
  [...listChildren('actions'), ...listChildren('packages')]
    .map((path) => ({ path, entries: listEntries(path) }))
    .filter(({ entries }) => entries.length > 0);

/**
 * The function an entry file exports: `credential-process.ts` exports `credentialProcess`.
 * @param {string} entry
 */
export const toFunctionName = (entry) => entry.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());

/** The package that runs the tasks of the extension for Azure DevOps; its bundle is packed, not committed. */
export const getExtensionWorkspace = () => ({ path: 'hosts/azure-devops', entries: listEntries('hosts/azure-devops') });
