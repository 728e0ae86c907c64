import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, readFileSync, utimesSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { digestOf, digestTree } from '../src/digest.js';
import { readTree } from '../src/tree.js';
import { type Written, writeZip, zipChunks } from '../src/zip.js';
import { Folder, type Planted } from './folder.js';

const zipOf = async (folder: Folder, to: Folder, name = 'out.zip'): Promise<Written> => {
  const entries = await readTree(folder.path);
  const { files } = await digestTree(entries);
  return writeZip(to.at(name), entries, files);
};

const app: Readonly<Record<string, Planted>> = {
  'index.js': 'exports.handler = async () => 1;\n'.repeat(500),
  'bin/run': { run: '#!/bin/sh\n' },
  'lib/ä.txt': 'umlaut',
  empty: '',
  current: { link: 'lib/ä.txt' },
};

/** Python's zipfile is somebody else's reader: name, mode, time, content of every entry. */
const READER = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    print(json.dumps([[i.filename, oct(i.external_attr >> 16), i.date_time, len(z.read(i))] for i in z.infolist()]))
`;

const readBack = (path: string): unknown =>
  JSON.parse(execFileSync('python3', ['-c', READER, path], { encoding: 'utf8' }));

describe('writeZip', () => {
  it('makes an archive that another program reads: names, modes, links, fixed times', async () => {
    using folder = await new Folder().plant(app);
    using to = new Folder();
    const { path, size, sha256 } = await zipOf(folder, to);
    const epoch = [1980, 1, 1, 0, 0, 0];
    expect(readBack(path)).toEqual([
      ['bin/run', '0o100755', epoch, 10],
      ['current', '0o120777', epoch, 10],
      ['empty', '0o100644', epoch, 0],
      ['index.js', '0o100644', epoch, 16_500],
      ['lib/ä.txt', '0o100644', epoch, 6],
    ]);
    expect(digestOf(readFileSync(path))).toBe(sha256);
    expect(readFileSync(path)).toHaveLength(size);
    expect(size).toBeLessThan(2000);
  });

  it('gives the same bytes for the same content, at another time, in another folder', async () => {
    using one = await new Folder().plant(app);
    using other = await new Folder().plant(Object.fromEntries(Object.entries(app).reverse()));
    utimesSync(other.at('index.js'), 1, 1);
    using to = new Folder();
    const [left, right] = [await zipOf(one, to, 'a.zip'), await zipOf(other, to, 'b.zip')];
    expect(readFileSync(left.path).equals(readFileSync(right.path))).toBe(true);
  });

  it('gives bytes that no machine changes', async () => {
    using folder = await new Folder().plant({ a: 'hello hello hello hello', b: { run: 'x' } });
    using to = new Folder();
    expect((await zipOf(folder, to)).sha256).toBe('e7d0567c756be949dc6e3f735d4918329e0e1a8caf8e7f71b913367bad7c71a6');
  });

  it('makes an archive of nothing', async () => {
    using folder = new Folder();
    using to = new Folder();
    expect(readBack((await zipOf(folder, to)).path)).toEqual([]);
  });

  it('fails when a file changes between digest and archive', async () => {
    using folder = await new Folder().plant(app);
    using to = new Folder();
    const entries = await readTree(folder.path);
    const { files } = await digestTree(entries);
    appendFileSync(folder.at('index.js'), 'more');
    await expect(writeZip(to.at('out.zip'), entries, files)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/index.js' changed while it was read: let nothing write/),
    });
  });

  it('says which file cannot be read', async () => {
    using folder = await new Folder().plant(app);
    using to = new Folder();
    const entries = await readTree(folder.path);
    const { files } = await digestTree(entries);
    const gone = entries.map((entry) => (entry.kind === 'file' ? { ...entry, path: `${entry.path}.gone` } : entry));
    await expect(writeZip(to.at('out.zip'), gone, files)).rejects.toThrow(/bin\/run\.gone' does not exist/);
  });

  it('never overwrites', async () => {
    using folder = await new Folder().plant({ a: 'a' });
    using to = await new Folder().plant({ 'out.zip': 'mine' });
    await expect(zipOf(folder, to)).rejects.toThrow(/out\.zip/);
    expect(readFileSync(to.at('out.zip'), 'utf8')).toBe('mine');
  });
});

describe('zipChunks', () => {
  it('holds one piece at a time, however large the file', async () => {
    const noise = randomBytes(3_000_000);
    using folder = await new Folder().plant({ big: noise });
    const entries = await readTree(folder.path);
    const { files } = await digestTree(entries);
    let largest = 0;
    for await (const piece of zipChunks(entries, files)) largest = Math.max(largest, piece.length);
    expect(largest).toBeLessThan(300_000);
  });
});
