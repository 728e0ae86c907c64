import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout, the working directory of all commands. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Entries of tools in node_modules, which run with the current Node without a shell, also on Windows. */
export const moduleEntry = {
  biome: 'node_modules/@biomejs/biome/bin/biome',
  'gitlab-ci-local': 'node_modules/gitlab-ci-local/dist/index.js',
  jest: 'node_modules/jest/bin/jest.js',
  knip: 'node_modules/knip/bin/knip.js',
  ncc: 'node_modules/@vercel/ncc/dist/ncc/cli.js',
  tfx: 'node_modules/tfx-cli/_build/tfx-cli.js',
  tsc: 'node_modules/typescript/bin/tsc',
};

/**
 * Runs a command without a shell and returns its status and output.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: Record<string, string>, show?: boolean }} [options] `show` prints the output instead of returning it.
 * @returns {Promise<{ status: number, output: string }>} status 127 if the command does not exist
 */
export const run = (command, args, { env = {}, show = false } = {}) =>
  new Promise((done) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    /** @type {string[]} */
    const pieces = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (piece) => pieces.push(piece));
    }
    child.on('error', (error) => done({ status: 127, output: error.message }));
    child.on('close', (status) => done({ status: status ?? 1, output: pieces.join('') }));
  });

/**
 * Runs a command and throws an error with its output if it fails.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: Record<string, string> }} [options]
 */
export const mustRun = async (command, args, options = {}) => {
  const { status, output } = await run(command, args, options);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with status ${status}\n${output}`);
  return output;
};

/**
 * Lists the files of the checkout that git tracks or would track, without deleted ones.
 * @param {...string} patterns git path patterns, such as `*.md`
 * @returns {Promise<string[]>} paths relative to the checkout
 */
export const listFiles = async (...patterns) => {
  const flags = ['--cached', '--others', '--exclude-standard', '--deduplicate'];
  const output = await mustRun('git', ['ls-files', ...flags, '--', ...patterns]);
  return output.split('\n').filter((file) => file !== '' && existsSync(join(root, file)));
};

/**
 * Runs a tool of node_modules and throws if it fails.
 * @param {keyof typeof moduleEntry} tool
 * @param {readonly string[]} args
 */
export const mustRunModule = (tool, args) => mustRun(process.execPath, [moduleEntry[tool], ...args]);

/**
 * Runs the npm that started this script, if any, since `npm` itself needs a shell on Windows.
 * @param {readonly string[]} args
 */
export const mustRunNpm = (args) => {
  const npm = process.env['npm_execpath'];
  return npm === undefined ? mustRun('npm', args) : mustRun(process.execPath, [npm, ...args]);
};

/**
 * Applies `work` to every item, at most `width` at once.
 * @template T
 * @param {readonly T[]} items
 * @param {number} width
 * @param {(item: T) => Promise<void>} work
 */
export const mapConcurrent = async (items, width, work) => {
  const queue = items.values();
  const drain = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: width }, drain));
};
