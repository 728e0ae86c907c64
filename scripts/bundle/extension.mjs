import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mustRunModule, root } from '../command.mjs';
import { computeDigest, listFiles } from './digest.mjs';

const host = join(root, 'hosts', 'azure-devops');
const built = join(host, 'build');

/** The unpacked extension, from which the package is built and which tests run. */
export const EXTENSION_DIRECTORY = join(built, 'extension');

/** Path of the extension package (.vsix). */
export const getExtensionFile = () => {
  const { publisher, id, version } = JSON.parse(readFileSync(join(host, 'vss-extension.json'), 'utf8'));
  return join(built, `${publisher}.${id}-${version}.vsix`);
};

const copy = (/** @type {string} */ from, /** @type {string} */ to) => {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true });
};

const copyAction = (/** @type {string} */ name, /** @type {string} */ directory) => {
  for (const part of ['action.yml', 'dist']) copy(join(root, 'actions', name, part), join(directory, part));
};

/** Copies the parts of a task: the runner, the action, and oidc-credentials for its credentials. */
const composeTask = (/** @type {string} */ action, /** @type {string} */ directory, /** @type {string} */ task) => {
  copy(join(host, 'tasks', task), directory);
  copy(join(host, 'dist'), directory);
  copy(join(host, 'images', 'task.png'), join(directory, 'icon.png'));
  copyAction(action, join(directory, 'action'));
  if (action !== 'oidc-credentials') copyAction('oidc-credentials', join(directory, 'credentials'));
};

const compose = async () => {
  const { formatTaskName } = await import('../../hosts/azure-devops/build/src/azure-names.js');
  const fresh = `${EXTENSION_DIRECTORY}.fresh`;
  rmSync(fresh, { recursive: true, force: true });
  for (const file of ['vss-extension.json', 'README.md', 'images/extension.png']) {
    copy(join(host, file), join(fresh, file));
  }
  copy(join(root, 'LICENSE'), join(fresh, 'LICENSE'));
  for (const action of readdirSync(join(root, 'actions'))) {
    const task = formatTaskName(action);
    composeTask(action, join(fresh, 'tasks', task), task);
  }
  rmSync(EXTENSION_DIRECTORY, { recursive: true, force: true });
  renameSync(fresh, EXTENSION_DIRECTORY);
};

/** Digests of the files of the extension and of its package. */
const computeStamp = () => {
  const actions = readdirSync(join(root, 'actions')).map((name) => join(root, 'actions', name));
  const sources = [
    ...['tasks', 'dist', 'images'].flatMap((name) => listFiles(join(host, name))),
    ...['vss-extension.json', 'README.md'].map((name) => join(host, name)),
    ...actions.flatMap((directory) => [join(directory, 'action.yml'), ...listFiles(join(directory, 'dist'))]),
    join(root, 'scripts', 'bundle', 'extension.mjs'),
  ];
  return `${computeDigest(sources)} ${existsSync(getExtensionFile()) ? computeDigest([getExtensionFile()]) : ''}\n`;
};

/** Packs the bundles and the generated tasks as extension for Azure DevOps if any of them has changed. */
export const buildExtension = async () => {
  const stamp = join(root, '.cache', 'bundles', 'extension');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === computeStamp()) return;
  await compose();
  const manifest = ['--root', EXTENSION_DIRECTORY, '--manifest-globs', 'vss-extension.json'];
  const options = ['--output-path', getExtensionFile(), '--no-prompt', '--no-color'];
  await mustRunModule('tfx', ['extension', 'create', ...manifest, ...options]);
  writeFileSync(stamp, computeStamp());
};
