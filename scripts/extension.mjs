import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mustRunModule, root } from './command.mjs';
import { digestOf, filesBelow } from './digest.mjs';

const host = join(root, 'hosts', 'azure-devops');
const built = join(host, 'build');

/** Where the extension lies unpacked: what is packed, and what tests run. */
export const extensionFolder = join(built, 'extension');

/** The package that people install. */
export const extensionFile = () => {
  const { publisher, id, version } = JSON.parse(readFileSync(join(host, 'vss-extension.json'), 'utf8'));
  return join(built, `${publisher}.${id}-${version}.vsix`);
};

const copy = (/** @type {string} */ from, /** @type {string} */ to) => {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true });
};

/** What an action is made of when it runs. */
const copyAction = (/** @type {string} */ name, /** @type {string} */ folder) => {
  for (const part of ['action.yml', 'dist']) copy(join(root, 'actions', name, part), join(folder, part));
};

/** A task: the runner, the action as it is, and the one that gets credentials for it. An agent installs nothing. */
const composeTask = (/** @type {string} */ action, /** @type {string} */ folder, /** @type {string} */ task) => {
  copy(join(host, 'tasks', task), folder);
  copy(join(host, 'dist'), folder);
  copy(join(host, 'images', 'task.png'), join(folder, 'icon.png'));
  copyAction(action, join(folder, 'action'));
  if (action !== 'oidc-credentials') copyAction('oidc-credentials', join(folder, 'credentials'));
};

const compose = async () => {
  const { taskName } = await import('../hosts/azure-devops/build/src/name.js');
  const fresh = `${extensionFolder}.fresh`;
  rmSync(fresh, { recursive: true, force: true });
  for (const file of ['vss-extension.json', 'README.md', 'images/extension.png']) {
    copy(join(host, file), join(fresh, file));
  }
  copy(join(root, 'LICENSE'), join(fresh, 'LICENSE'));
  for (const action of readdirSync(join(root, 'actions'))) {
    const task = taskName(action);
    composeTask(action, join(fresh, 'tasks', task), task);
  }
  rmSync(extensionFolder, { recursive: true, force: true });
  renameSync(fresh, extensionFolder);
};

/** Everything the extension is made of, and what came of it. */
const stampOf = () => {
  const actions = readdirSync(join(root, 'actions')).map((name) => join(root, 'actions', name));
  const sources = [
    ...['tasks', 'dist', 'images'].flatMap((name) => filesBelow(join(host, name))),
    ...['vss-extension.json', 'README.md'].map((name) => join(host, name)),
    ...actions.flatMap((folder) => [join(folder, 'action.yml'), ...filesBelow(join(folder, 'dist'))]),
    join(root, 'scripts', 'extension.mjs'),
  ];
  return `${digestOf(sources)} ${existsSync(extensionFile()) ? digestOf([extensionFile()]) : ''}\n`;
};

/** Packs the extension for Azure DevOps out of the bundles and the generated tasks, unless nothing has changed. */
export const buildExtension = async () => {
  const stamp = join(root, '.cache', 'bundles', 'extension');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === stampOf()) return;
  await compose();
  const manifest = ['--root', extensionFolder, '--manifest-globs', 'vss-extension.json'];
  const options = ['--output-path', extensionFile(), '--no-prompt', '--no-color'];
  await mustRunModule('tfx', ['extension', 'create', ...manifest, ...options]);
  writeFileSync(stamp, stampOf());
};
