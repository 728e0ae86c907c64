import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../command.mjs';

const actions = readdirSync(join(root, 'actions')).sort();

/** What every action has, relative to its directory. */
const SKELETON = [
  'action.ts',
  'action.yml',
  'iam-policy.json',
  'README.md',
  'package.json',
  'tsconfig.json',
  'src/main.ts',
  'src/create-action.ts',
  'src/run.ts',
  'src/services.ts',
  'src/result.ts',
  'src/inputs/outputs.ts',
  'src/inputs/permissions.ts',
  'src/inputs/parse-request.ts',
  'src/report/report.ts',
  'src/report/summary.ts',
  'test/harness.ts',
  'test/inputs.scenario.test.ts',
];

const MAX_FILES = 15;
const MAX_ENTRY_LINES = 30;
const IGNORED = new Set(['node_modules', 'dist', 'build']);

/** Directories below `directory` that hold sources, with the number of their TypeScript files. */
const countSources = (directory: string): readonly (readonly [string, number])[] => {
  const entries = readdirSync(join(root, directory), { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.ts'));
  const isSource = (name: string): boolean => !IGNORED.has(name) || (name === 'build' && directory.includes('/src'));
  const children = entries.filter((entry) => entry.isDirectory() && isSource(entry.name));
  return [[directory, files.length], ...children.flatMap(({ name }) => countSources(`${directory}/${name}`))];
};

describe.each(actions)('%s', (action) => {
  it.each(SKELETON)('has %s', (path) => {
    expect(existsSync(join(root, 'actions', action, path))).toBe(true);
  });

  it('has entries of at most 30 lines', () => {
    const entries = ['main', 'post', 'credential-process'].map((name) => `actions/${action}/src/${name}.ts`);
    for (const entry of entries.filter((path) => existsSync(join(root, path)))) {
      const lines = readFileSync(join(root, entry), 'utf8').trimEnd().split('\n');
      expect([entry, lines.length <= MAX_ENTRY_LINES]).toEqual([entry, true]);
    }
  });

  it('has domain directories beside inputs and report', () => {
    const directories = readdirSync(join(root, 'actions', action, 'src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect(directories).toEqual(expect.arrayContaining(['inputs', 'report']));
    expect(directories.length).toBeGreaterThan(3);
  });
});

const workspaces = ['actions', 'packages'].flatMap((parent) =>
  readdirSync(join(root, parent)).map((name) => `${parent}/${name}`),
);

it.each(workspaces)('%s has its tests in the directories of its sources', (workspace) => {
  const tests = readdirSync(join(root, workspace, 'test'), { recursive: true, encoding: 'utf8' });
  const directories = tests.filter((path) => path.endsWith('.test.ts')).map((path) => dirname(path));
  const misplaced = directories.filter((directory) => !existsSync(join(root, workspace, 'src', directory)));
  expect(misplaced).toEqual([]);
});

it('keeps at most 15 source files in a directory', () => {
  const directories = ['actions', 'packages', 'hosts', 'scripts'].flatMap(countSources);
  const sources = directories.filter(([directory]) => !/\/test(?:\/|$)/.test(directory));
  expect(sources.filter(([, count]) => count > MAX_FILES)).toEqual([]);
});

it('keeps the sources of Local AWS below 14,000 lines', () => {
  const directory = join(root, 'packages/local-aws/src');
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  const lines = files.map((path) => readFileSync(join(directory, path), 'utf8').trimEnd().split('\n').length);
  expect(lines.reduce((sum, count) => sum + count, 0)).toBeLessThan(14_000);
});
