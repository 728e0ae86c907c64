import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './command.mjs';

/**
 * A workspace with bundled entries: `path` is relative to the checkout, with forward slashes.
 * @typedef {{ path: string, entries: string[] }} BundledWorkspace
 */

/** @param {string} directory */
const listChildren = (directory) =>
  readdirSync(join(root, directory))
    .sort()
    .map((child) => `${directory}/${child}`);

/** Names of entries at the top of `src`; each file exports a function of the same name. */
const ENTRY_NAMES = ['credential-process', 'main', 'post', 'runner'];

/** @param {string} path */
const listEntries = (path) => ENTRY_NAMES.filter((name) => existsSync(join(root, path, 'src', `${name}.ts`)));

/**
 * All workspaces with entries, in a fixed order.
 * @returns {BundledWorkspace[]}
 */
export const listBundledWorkspaces = () =>
  [...listChildren('actions'), ...listChildren('packages')]
    .map((path) => ({ path, entries: listEntries(path) }))
    .filter(({ entries }) => entries.length > 0);

/**
 * The exported function of an entry: `credentialProcess` in `credential-process.ts`.
 * @param {string} entry
 */
export const toFunctionName = (entry) => entry.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());

/** The workspace of the Azure DevOps tasks; its bundle is packed, not committed. */
export const getExtensionWorkspace = () => ({ path: 'hosts/azure-devops', entries: listEntries('hosts/azure-devops') });
