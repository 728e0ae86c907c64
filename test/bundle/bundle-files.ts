import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/command.mjs';
import { listBundledWorkspaces } from '../../scripts/workspace.mjs';

/** All bundles: the workspace's path in the checkout, and its entries. */
export const bundles = listBundledWorkspaces();

/** The bundles that GitHub downloads and runs. */
export const actionBundles = bundles.filter(({ path }) => path.startsWith('actions/'));

/** The directory of a workspace's bundle. */
export const getDistDirectory = (path: string): string => join(root, path, 'dist');

/** Names of a bundle's files, sorted. */
export const listFiles = (path: string): string[] => readdirSync(getDistDirectory(path)).sort();

export const readBundleFile = (path: string, file: string): string =>
  readFileSync(join(getDistDirectory(path), file), 'utf8');

/** Names of a bundle's files that git tracks, sorted. */
export const listCommittedFiles = (path: string): string[] =>
  execFileSync('git', ['ls-files', `${path}/dist`], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((file) => file !== '')
    .map((file) => file.slice(`${path}/dist/`.length))
    .sort();
