import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../../scripts/command.mjs';
import {
  actionBundles,
  bundles,
  getDistDirectory,
  listCommittedFiles,
  listFiles,
  readBundleFile,
} from './bundle-files.js';
import { measureColdStart } from './cold-start.js';
import { findStaticClosure, getStaticSize } from './static-closure.js';

const megabyte = 1_000_000;

describe.each(bundles)('the bundle of $path', ({ path }) => {
  it('is committed whole', () => {
    expect(listCommittedFiles(path)).toEqual(listFiles(path));
  });

  it('knows nothing of the machine it was made on', () => {
    for (const file of listFiles(path)) {
      expect(readBundleFile(path, file)).not.toContain(root);
      expect(readBundleFile(path, file)).not.toMatch(/file:\/\/\/\w/);
    }
  });
});

describe.each(actionBundles)('the bundle of $path, in parts', ({ path, entries }) => {
  it('has one small script an entry, on shared chunks', () => {
    for (const entry of entries) expect(readBundleFile(path, `${entry}.js`).length).toBeLessThan(200);
    expect(listFiles(path)).toEqual(expect.arrayContaining(['index.js', 'licenses.txt', 'package.json']));
  });

  it('does nothing when it is only imported', () => {
    const index = join(getDistDirectory(path), 'index.js');
    const code = `import(process.argv[1]).then((entries) => console.log(Object.keys(entries).length))`;
    const output = execFileSync(process.execPath, ['-e', code, index], { encoding: 'utf8', env: {} });
    expect(output).toBe(`${entries.length}\n`);
  });
});

describe('the program of the node runner', () => {
  it('is one file', () => {
    expect(listFiles('packages/node-runner')).toEqual(['licenses.txt', 'package.json', 'runner.js']);
    expect(readBundleFile('packages/node-runner', 'runner.js')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  it('works wherever it is copied to', () => {
    const directory = mkdtempSync(join(tmpdir(), 'copied-'));
    copyFileSync(join(getDistDirectory('packages/node-runner'), 'runner.js'), join(directory, 'runner.mjs'));
    const args = [join(directory, 'runner.mjs'), '--actions', join(root, 'actions'), '--help'];
    const output = execFileSync(process.execPath, args, { encoding: 'utf8', env: {}, cwd: directory });
    rmSync(directory, { recursive: true });
    expect(output).toContain('cloudformation-deploy');
  });
});

describe.each(actionBundles)('the bundle of $path, paid by every job', ({ path }) => {
  it('loads at most 1.7 MB before it runs', () => {
    expect(findStaticClosure(getDistDirectory(path), 'main.js')).toContain('index.js');
    expect(getStaticSize(getDistDirectory(path), 'main.js')).toBeLessThanOrEqual(1.7 * megabyte);
  });

  it('says its first words at most 120 ms after Node could, where Node itself needs 19 ms', async () => {
    const { emptyScript, script } = await measureColdStart(join(getDistDirectory(path), 'main.js'), 15);
    // A machine that is slow, or busy, is so for both: it is allowed as many times more.
    expect(script - emptyScript).toBeLessThanOrEqual(120 * Math.max(1, emptyScript / 19));
  });

  it('keeps the licence of what it holds beside it', () => {
    const licenses = readBundleFile(path, 'licenses.txt');
    expect(licenses).toMatch(/^@actions\/core \S+ \(MIT\)$/m);
    expect(licenses).toContain('Permission is hereby granted');
  });
});

describe('what a user of an action downloads', () => {
  it('is at most 4 MB', () => {
    const archive = execFileSync('git', ['archive', '--format=tar.gz', 'HEAD'], { cwd: root, maxBuffer: 2 ** 28 });
    expect(archive.length).toBeLessThanOrEqual(4 * megabyte);
  });
});
