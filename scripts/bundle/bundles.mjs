import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { minify } from '@swc/core';
import { mapConcurrent, mustRunModule, mustRunNpm, root } from '../command.mjs';
import { getExtensionWorkspace, listBundledWorkspaces, toFunctionName } from '../workspace.mjs';
import { computeDigest, listFiles } from './digest.mjs';
import { buildExtension } from './extension.mjs';
import { renderLicenses } from './licenses.mjs';

/** @typedef {import('../workspace.mjs').BundledWorkspace} BundledWorkspace */

/** The files that affect a bundle: compiled code of workspace and packages, locked dependencies, build scripts. */
const listSources = (/** @type {string} */ path) => [
  ...[path, ...readdirSync(join(root, 'packages')).map((name) => `packages/${name}`)]
    .flatMap((workspace) => listFiles(join(root, workspace, 'build')))
    .filter((file) => file.endsWith('.js')),
  join(root, 'package-lock.json'),
  join(root, 'scripts', 'bundle', 'bundles.mjs'),
  join(root, 'scripts', 'bundle', 'licenses.mjs'),
];

/** @param {BundledWorkspace} workspace */
const computeStamp = ({ path, entries }) => {
  const made = listFiles(join(root, path, 'dist'));
  return `${computeDigest(listSources(path))} ${computeDigest(made)} ${entries.join(' ')}\n`;
};

/** The entry of a package is a program that users start. */
const isProgram = (/** @type {BundledWorkspace} */ { path }) => path.startsWith('packages/');

/** Writes a module that re-exports all entries, so that they share one set of chunks. */
const writeIndex = (/** @type {BundledWorkspace} */ { path, entries }) => {
  const lines = entries.map((entry) => `export { ${toFunctionName(entry)} } from './src/${entry}.js';\n`);
  writeFileSync(join(root, path, 'build', 'index.js'), lines.join(''));
};

const writeWrappers = (/** @type {BundledWorkspace} */ { entries }, /** @type {string} */ directory) => {
  for (const entry of entries) {
    const name = toFunctionName(entry);
    writeFileSync(join(directory, `${entry}.js`), `import { ${name} } from './index.js';\n\nawait ${name}();\n`);
  }
};

const MIN_NODE_MAJOR = 20;

/** Every Node version since 10 can parse the start of a program, so that an old one reports the required version. */
const renderProgram = (/** @type {string} */ entry) => `#!/usr/bin/env node
if (parseInt(process.versions.node, 10) < ${MIN_NODE_MAJOR}) {
  process.stderr.write('${entry}.js: Node ${MIN_NODE_MAJOR} or newer is required, got ' + process.version + '\\n');
  process.exitCode = 2;
} else {
  import('./index.js').then(function (index) {
    return index.${toFunctionName(entry)}();
  });
}
`;

/** The only chunk of a program is a stub of a package that is not installed (kerberos for proxies); it is deleted. */
const writeProgram = (/** @type {BundledWorkspace} */ { entries: [entry = ''] }, /** @type {string} */ directory) => {
  for (const file of listFiles(directory).filter(isChunk)) rmSync(file);
  writeFileSync(join(directory, `${entry}.js`), renderProgram(entry));
};

const isChunk = (/** @type {string} */ file) => /[\\/]\d+\.index\.js$/.test(file);

/** Minifies the chunks, since ncc minifies only the index. */
const compressChunks = async (/** @type {string} */ directory) => {
  for (const file of listFiles(directory).filter(isChunk)) {
    const { code } = await minify(readFileSync(file, 'utf8'), { module: true, compress: true, mangle: true });
    writeFileSync(file, code);
  }
};

/** Bundles the entries of a workspace into its `dist`, replaced as a whole, if a source or the bundle has changed. */
const bundle = async (/** @type {BundledWorkspace} */ workspace) => {
  const { path } = workspace;
  writeIndex(workspace);
  const stamp = join(root, '.cache', 'bundles', path.replace('/', '-'));
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === computeStamp(workspace)) return;
  const [fresh, dist] = [join(root, '.cache', 'fresh', path), join(root, path, 'dist')];
  rmSync(fresh, { recursive: true, force: true });
  const statistics = join(root, path, 'build', 'statistics.json');
  const options = ['--minify', '--no-cache', '--quiet', '--stats-out', statistics, '--out', fresh];
  await mustRunModule('ncc', ['build', `${path}/build/index.js`, ...options]);
  await compressChunks(fresh);
  const licenses = renderLicenses(JSON.parse(readFileSync(statistics, 'utf8')));
  writeFileSync(join(fresh, 'licenses.txt'), licenses);
  if (isProgram(workspace)) writeProgram(workspace, fresh);
  else writeWrappers(workspace, fresh);
  rmSync(dist, { recursive: true, force: true });
  renameSync(fresh, dist);
  mkdirSync(join(root, '.cache', 'bundles'), { recursive: true });
  writeFileSync(stamp, computeStamp(workspace));
};

/** Compiles, generates files from the definitions, bundles every entry and packs the extension. */
export const buildBundles = async () => {
  await mustRunNpm(['run', 'generate']);
  await mapConcurrent([...listBundledWorkspaces(), getExtensionWorkspace()], 2, bundle);
  await buildExtension();
};
