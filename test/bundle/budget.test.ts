import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../../scripts/command.mjs';
import { BUNDLE_BUDGETS } from '../bench/bundles.js';
import {
  actionBundles,
  bundles,
  getDistDirectory,
  listCommittedFiles,
  listFiles,
  readBundleFile,
} from './bundle-files.js';
import { findStaticClosure, getStaticSize } from './static-closure.js';

const BYTES_PER_MEGABYTE = 1_000_000;
const { size, archive } = BUNDLE_BUDGETS;

describe.each(bundles)('the bundle of $path', ({ path }) => {
  it('is committed completely', () => {
    expect(listCommittedFiles(path)).toEqual(listFiles(path));
  });

  it('contains no path of the machine that built it', () => {
    for (const file of listFiles(path)) {
      expect(readBundleFile(path, file)).not.toContain(root);
      expect(readBundleFile(path, file)).not.toMatch(/file:\/\/\/\w/);
    }
  });
});

describe.each(actionBundles)('the files in the bundle of $path', ({ path, entries }) => {
  it('are one small script for each entry, and shared chunks', () => {
    for (const entry of entries) expect(readBundleFile(path, `${entry}.js`).length).toBeLessThan(200);
    expect(listFiles(path)).toEqual(expect.arrayContaining(['index.js', 'licenses.txt', 'package.json']));
  });

  it('do nothing when index.js is only imported', () => {
    const index = join(getDistDirectory(path), 'index.js');
    const code = `import(process.argv[1]).then((entries) => console.log(Object.keys(entries).length))`;
    const output = execFileSync(process.execPath, ['-e', code, index], { encoding: 'utf8', env: {} });
    expect(output).toBe(`${entries.length}\n`);
  });
});

describe('the program of the node runner', () => {
  it('is a small script and one bundle', () => {
    expect(listFiles('packages/node-runner')).toEqual(['index.js', 'licenses.txt', 'package.json', 'runner.js']);
    expect(readBundleFile('packages/node-runner', 'runner.js')).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect(readBundleFile('packages/node-runner', 'runner.js').length).toBeLessThan(500);
  });

  it('works when its directory is copied', () => {
    const directory = mkdtempSync(join(tmpdir(), 'copied-'));
    cpSync(getDistDirectory('packages/node-runner'), directory, { recursive: true });
    const args = [join(directory, 'runner.js'), '--actions', join(root, 'actions'), '--help'];
    const output = execFileSync(process.execPath, args, { encoding: 'utf8', env: {}, cwd: directory });
    rmSync(directory, { recursive: true });
    expect(output).toContain('cloudformation-deploy');
  });
});

describe.each(actionBundles)('the start of the bundle of $path', ({ path }) => {
  it(`loads at most ${size.limit} MB before it runs`, () => {
    expect(findStaticClosure(getDistDirectory(path), 'main.js')).toContain('index.js');
    expect(getStaticSize(getDistDirectory(path), 'main.js')).toBeLessThanOrEqual(size.limit * BYTES_PER_MEGABYTE);
  });

  it('has the licences of its dependencies in licenses.txt', () => {
    const licenses = readBundleFile(path, 'licenses.txt');
    expect(licenses).toMatch(/^@actions\/core \S+ \(MIT\)$/m);
    expect(licenses).toContain('Permission is hereby granted');
  });
});

describe('the archive that a user of an action downloads', () => {
  it(`has at most ${archive.limit} MB`, () => {
    const bytes = execFileSync('git', ['archive', '--format=tar.gz', 'HEAD'], { cwd: root, maxBuffer: 2 ** 28 });
    expect(bytes.length).toBeLessThanOrEqual(archive.limit * BYTES_PER_MEGABYTE);
  });
});
