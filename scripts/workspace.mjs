import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './command.mjs';

/**
 * A package whose entries are bundled: `path` is relative to the checkout, with forward slashes.
 * @typedef {{ path: string, entries: string[] }} BundledWorkspace
 */

/** @param {string} folder */
const childrenOf = (folder) =>
  readdirSync(join(root, folder))
    .sort()
    .map((child) => `${folder}/${child}`);

/** @param {string} path */
const entriesOf = (path) => {
  const folder = join(root, path, 'src', 'entries');
  if (!existsSync(folder)) return [];
  const sources = readdirSync(folder).filter((file) => file.endsWith('.ts'));
  return sources.sort().map((file) => file.slice(0, -'.ts'.length));
};

/**
 * Every package with a `src/entries` folder, in a fixed order.
 * @returns {BundledWorkspace[]}
 */
export const bundledWorkspaces = () =>
  [...childrenOf('actions'), ...childrenOf('packages')]
    .map((path) => ({ path, entries: entriesOf(path) }))
    .filter(({ entries }) => entries.length > 0);

/**
 * The function an entry file exports: `credential-process.ts` exports `credentialProcess`.
 * @param {string} entry
 */
export const entryFunction = (entry) => entry.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());

/** The package that runs the tasks of the extension for Azure DevOps; its bundle is packed, not committed. */
export const extensionWorkspace = () => ({ path: 'hosts/azure-devops', entries: entriesOf('hosts/azure-devops') });
