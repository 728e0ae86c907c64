import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRunNpm, root } from '../command.mjs';

/** @param {string} path @returns {Record<string, { version?: string, optional?: boolean, link?: boolean }>} */
const readLockedPackages = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {});

/** Compares npm's record of the installed packages with package-lock.json. */
const isEverythingInstalled = () => {
  const installed = readLockedPackages(join(root, 'node_modules', '.package-lock.json'));
  return Object.entries(readLockedPackages(join(root, 'package-lock.json')))
    .filter(([path, { optional, link }]) => path.startsWith('node_modules/') && optional !== true && link !== true)
    .every(([path, { version }]) => installed[path]?.version === version);
};

/** Installs the locked npm packages if any is missing. */
export const installDependencies = async () => {
  if (isEverythingInstalled()) return;
  console.log('Installing npm packages: about a minute, once');
  await mustRunNpm(['ci']);
};
