import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/command.mjs';
import { bundledWorkspaces } from '../../scripts/workspace.mjs';

/** The bundles there are: a workspace's path below the checkout, and its entries. */
export const bundles = bundledWorkspaces();

/** The bundles that GitHub downloads and runs. */
export const actionBundles = bundles.filter(({ path }) => path.startsWith('actions/'));

/** The folder of a workspace's bundle. */
export const distOf = (path: string): string => join(root, path, 'dist');

/** The files of a bundle, by name. */
export const filesOf = (path: string): string[] => readdirSync(distOf(path)).sort();

/** The text of a bundle's file. */
export const textOf = (path: string, file: string): string => readFileSync(join(distOf(path), file), 'utf8');

/** The files of a bundle that git knows, by name. */
export const committedFilesOf = (path: string): string[] =>
  execFileSync('git', ['ls-files', `${path}/dist`], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((file) => file !== '')
    .map((file) => file.slice(`${path}/dist/`.length))
    .sort();
