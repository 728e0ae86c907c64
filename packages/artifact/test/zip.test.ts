import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, readFileSync, utimesSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { hashContent, hashTree } from '../src/digest.js';
import { type FileContent, TempDirectory } from '../src/testing/temp-directory.js';
import { readTree } from '../src/tree.js';
import { writeZip, type ZipFile, zipEntries } from '../src/zip.js';

const createZip = async (directory: TempDirectory, to: TempDirectory, name = 'out.zip'): Promise<ZipFile> => {
  const entries = await readTree(directory.path);
  const { files } = await hashTree(entries);
  return writeZip(to.resolvePath(name), entries, files);
};

const app: Readonly<Record<string, FileContent>> = {
  'index.js': 'exports.handler = async () => 1;\n'.repeat(500),
  'bin/run': { run: '#!/bin/sh\n' },
  'lib/ä.txt': 'umlaut',
  empty: '',
  current: { link: 'lib/ä.txt' },
};

/** Reads name, mode, time and content of every entry with Python's zipfile, an independent implementation. */
const READER = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    print(json.dumps([[i.filename, oct(i.external_attr >> 16), i.date_time, len(z.read(i))] for i in z.infolist()]))
`;

const readBack = (path: string): unknown =>
  JSON.parse(execFileSync('python3', ['-c', READER, path], { encoding: 'utf8' }));

describe('writeZip', () => {
  it('writes names, modes, links and fixed times that Python reads', async () => {
    using directory = await new TempDirectory().write(app);
    using to = new TempDirectory();
    const { path, size, sha256 } = await createZip(directory, to);
    const epoch = [1980, 1, 1, 0, 0, 0];
    expect(readBack(path)).toEqual([
      ['bin/run', '0o100755', epoch, 10],
      ['current', '0o120777', epoch, 10],
      ['empty', '0o100644', epoch, 0],
      ['index.js', '0o100644', epoch, 16_500],
      ['lib/ä.txt', '0o100644', epoch, 6],
    ]);
    expect(hashContent(readFileSync(path))).toBe(sha256);
    expect(readFileSync(path)).toHaveLength(size);
    expect(size).toBeLessThan(2000);
  });

  it('produces equal bytes for equal content at another time in another directory', async () => {
    using one = await new TempDirectory().write(app);
    using other = await new TempDirectory().write(Object.fromEntries(Object.entries(app).reverse()));
    utimesSync(other.resolvePath('index.js'), 1, 1);
    using to = new TempDirectory();
    const [left, right] = [await createZip(one, to, 'a.zip'), await createZip(other, to, 'b.zip')];
    expect(readFileSync(left.path).equals(readFileSync(right.path))).toBe(true);
  });

  it('produces the same bytes on every machine', async () => {
    using directory = await new TempDirectory().write({ a: 'hello hello hello hello', b: { run: 'x' } });
    using to = new TempDirectory();
    expect((await createZip(directory, to)).sha256).toBe(
      'e7d0567c756be949dc6e3f735d4918329e0e1a8caf8e7f71b913367bad7c71a6',
    );
  });

  it('writes an empty archive', async () => {
    using directory = new TempDirectory();
    using to = new TempDirectory();
    expect(readBack((await createZip(directory, to)).path)).toEqual([]);
  });

  it('fails when a file changes between digest and archive', async () => {
    using directory = await new TempDirectory().write(app);
    using to = new TempDirectory();
    const entries = await readTree(directory.path);
    const { files } = await hashTree(entries);
    appendFileSync(directory.resolvePath('index.js'), 'more');
    await expect(writeZip(to.resolvePath('out.zip'), entries, files)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/index.js' changed while it was read: make sure that no other process writes/),
    });
  });

  it('names a file that cannot be read', async () => {
    using directory = await new TempDirectory().write(app);
    using to = new TempDirectory();
    const entries = await readTree(directory.path);
    const { files } = await hashTree(entries);
    const gone = entries.map((entry) => (entry.kind === 'file' ? { ...entry, path: `${entry.path}.gone` } : entry));
    await expect(writeZip(to.resolvePath('out.zip'), gone, files)).rejects.toThrow(/bin\/run\.gone' does not exist/);
  });

  it('does not overwrite an existing file', async () => {
    using directory = await new TempDirectory().write({ a: 'a' });
    using to = await new TempDirectory().write({ 'out.zip': 'mine' });
    await expect(createZip(directory, to)).rejects.toThrow(/out\.zip/);
    expect(readFileSync(to.resolvePath('out.zip'), 'utf8')).toBe('mine');
  });
});

describe('zipEntries', () => {
  it('keeps one chunk in memory, whatever the size of the file', async () => {
    const noise = randomBytes(3_000_000);
    using directory = await new TempDirectory().write({ big: noise });
    const entries = await readTree(directory.path);
    const { files } = await hashTree(entries);
    let maxLength = 0;
    for await (const piece of zipEntries(entries, files)) maxLength = Math.max(maxLength, piece.length);
    expect(maxLength).toBeLessThan(300_000);
  });
});
