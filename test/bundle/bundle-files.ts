import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/command.mjs';
import { listBundledWorkspaces } from '../../scripts/workspace.mjs';

/** The bundles there are: a workspace's path below the checkout, and its entries. */
export const bundles = listBundledWorkspaces();

/** The bundles that GitHub downloads and runs. */
export const actionBundles = bundles.filter(({ path }) => path.startsWith('actions/'));

/** The folder of a workspace's bundle. */
export const getDistDirectory = (path: string): string => join(root, path, 'dist');

/** The files of a bundle, by name. */
export const listFiles = (path: string): string[] => readdirSync(getDistDirectory(path)).sort();

/** The text of a bundle's file. */
export const readBundleFile = (path: string, file: string): string =>
  readFileSync(join(getDistDirectory(path), file), 'utf8');

/** The files of a bundle that git knows, by name. */
export const listCommittedFiles = (path: string): string[] =>
  execFileSync('git', ['ls-files', `${path}/dist`], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((file) => file !== '')
    .map((file) => file.slice(`${path}/dist/`.length))
    .sort();
