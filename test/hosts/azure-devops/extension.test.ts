import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { unzipSync } from 'fflate';
import { EXTENSION_DIRECTORY, getExtensionFile } from '../../../scripts/bundle/extension.mjs';
import { root } from '../../../scripts/command.mjs';
import { readTaskFile } from './task-file.js';

const require = createRequire(import.meta.url);
const tasks = readdirSync(join(EXTENSION_DIRECTORY, 'tasks'));
const getTaskDirectory = (task: string): string => join(EXTENSION_DIRECTORY, 'tasks', task);

describe('the extension for Azure DevOps', () => {
  it('contains a task for every action', () => {
    const files = Object.keys(unzipSync(readFileSync(getExtensionFile())));
    expect(files).toEqual(expect.arrayContaining(['extension.vsixmanifest', 'extension.vsomanifest', 'README.md']));
    expect(tasks).toHaveLength(readdirSync(join(root, 'actions')).length);
    for (const task of tasks) expect(files).toContain(`tasks/${task}/task.json`);
  });

  it('has at most 8 MiB', () => {
    expect(readFileSync(getExtensionFile()).length).toBeLessThan(8 * 1024 * 1024);
  });

  it.each(tasks)('%s is valid for tfx and contains all of its files', (task) => {
    const { validateTask }: { validateTask: (path: string, task: unknown) => readonly string[] } = require(
      join(root, 'node_modules', 'tfx-cli', '_build', 'lib', 'jsonvalidate.js'),
    );
    const path = join(getTaskDirectory(task), 'task.json');
    expect(validateTask(path, JSON.parse(readFileSync(path, 'utf8')))).toEqual([]);
    expect(existsSync(join(getTaskDirectory(task), 'node_modules'))).toBe(false);
    for (const file of ['main.js', 'post.js', 'action/dist/main.js', 'action/action.yml', 'icon.png', 'licenses.txt']) {
      expect([file, existsSync(join(getTaskDirectory(task), file))]).toEqual([file, true]);
    }
  });

  it('contains the committed bundles of the actions', () => {
    const index = ['dist', 'index.js'];
    const committed = readFileSync(join(root, 'actions', 'ecr-push', ...index), 'utf8');
    expect(readFileSync(join(getTaskDirectory('AWSDeliveryECRPush'), 'action', ...index), 'utf8')).toBe(committed);
  });

  it('has a unique id for every task', () => {
    const ids = tasks.map((task) => readTaskFile(getTaskDirectory(task)).id);
    expect(new Set(ids).size).toBe(tasks.length);
  });
});
