import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../../scripts/command.mjs';
import { actionBundles, bundles, committedFilesOf, distOf, filesOf, textOf } from './bundle-files.js';
import { coldStart } from './cold-start.js';
import { staticClosure, staticSize } from './static-closure.js';

const megabyte = 1_000_000;

describe.each(bundles)('the bundle of $path', ({ path }) => {
  it('is committed whole', () => {
    expect(committedFilesOf(path)).toEqual(filesOf(path));
  });

  it('knows nothing of the machine it was made on', () => {
    for (const file of filesOf(path)) {
      expect(textOf(path, file)).not.toContain(root);
      expect(textOf(path, file)).not.toMatch(/file:\/\/\/\w/);
    }
  });
});

describe.each(actionBundles)('the bundle of $path, in parts', ({ path, entries }) => {
  it('has one small script an entry, on shared chunks', () => {
    for (const entry of entries) expect(textOf(path, `${entry}.js`).length).toBeLessThan(200);
    expect(filesOf(path)).toEqual(expect.arrayContaining(['index.js', 'licenses.txt', 'package.json']));
  });

  it('does nothing when it is only imported', () => {
    const index = join(distOf(path), 'index.js');
    const code = `import(process.argv[1]).then((entries) => console.log(Object.keys(entries).length))`;
    const output = execFileSync(process.execPath, ['-e', code, index], { encoding: 'utf8', env: {} });
    expect(output).toBe(`${entries.length}\n`);
  });
});

describe('the program of the node runner', () => {
  it('is one file', () => {
    expect(filesOf('packages/node-runner')).toEqual(['licenses.txt', 'package.json', 'runner.js']);
    expect(textOf('packages/node-runner', 'runner.js')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  it('works wherever it is copied to', () => {
    const folder = mkdtempSync(join(tmpdir(), 'copied-'));
    copyFileSync(join(distOf('packages/node-runner'), 'runner.js'), join(folder, 'runner.mjs'));
    const args = [join(folder, 'runner.mjs'), '--actions', join(root, 'actions'), '--help'];
    const output = execFileSync(process.execPath, args, { encoding: 'utf8', env: {}, cwd: folder });
    rmSync(folder, { recursive: true });
    expect(output).toContain('cloudformation-deploy');
  });
});

describe.each(actionBundles)('the bundle of $path, paid by every job', ({ path }) => {
  it('loads at most 1.7 MB before it runs', () => {
    expect(staticClosure(distOf(path), 'main.js')).toContain('index.js');
    expect(staticSize(distOf(path), 'main.js')).toBeLessThanOrEqual(1.7 * megabyte);
  });

  it('says its first words at most 120 ms after Node could, where Node itself needs 19 ms', async () => {
    const { nothing, something } = await coldStart(join(distOf(path), 'main.js'), 15);
    // A machine that is slow, or busy, is so for both: it is allowed as many times more.
    expect(something - nothing).toBeLessThanOrEqual(120 * Math.max(1, nothing / 19));
  });

  it('keeps the licence of what it holds beside it', () => {
    const licenses = textOf(path, 'licenses.txt');
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
