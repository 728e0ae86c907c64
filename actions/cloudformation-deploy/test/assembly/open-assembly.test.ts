import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { createFakeHost } from '@aws-delivery/action-kit/testing/fake-host';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Header, pack } from 'tar-stream';
import { withAssemblyDirectory } from '../../src/assembly/open-assembly.js';

type Entry = Partial<Header> & { readonly name: string; readonly content?: string };

const workspace = mkdtempSync(join(tmpdir(), 'open-assembly-'));
const temp = mkdtempSync(join(tmpdir(), 'open-assembly-temp-'));
afterAll(() => {
  for (const directory of [workspace, temp]) rmSync(directory, { recursive: true, force: true });
});

const writeTar = async (name: string, entries: readonly Entry[], compress = false): Promise<string> => {
  const archive = pack();
  for (const { content = '', ...header } of entries) archive.entry(header, content);
  archive.finalize();
  const bytes = await buffer(archive as unknown as NodeJS.ReadableStream);
  writeFileSync(join(workspace, name), compress ? gzipSync(bytes) : bytes);
  return name;
};

const open = <T>(assembly: string, use: (directory: string) => T): Promise<T> => {
  const host = createFakeHost({ env: { RUNNER_TEMP: temp } });
  return withAssemblyDirectory(assembly, { workspace, host }, async (directory) => use(directory));
};

describe('an archive of an assembly', () => {
  beforeAll(() => writeFileSync(join(workspace, 'text'), 'no archive'.repeat(100)));

  it.each([false, true])('is extracted with modes and links, and deleted afterwards (gzip: %s)', async (compress) => {
    const archive = await writeTar(
      'good.tar',
      [
        { name: './dir', type: 'directory' },
        { name: './dir/run.sh', mode: 0o755, content: 'run' },
        { name: './dir/.env', mode: 0o644, content: 'x' },
        { name: './dir/link', type: 'symlink', linkname: 'run.sh' },
      ],
      compress,
    );
    const directory = await open(archive, (path) => {
      expect(readFileSync(join(path, 'dir/run.sh'), 'utf8')).toBe('run');
      expect(statSync(join(path, 'dir/run.sh')).mode & 0o111).not.toBe(0);
      expect(statSync(join(path, 'dir/.env')).mode & 0o111).toBe(0);
      expect(readlinkSync(join(path, 'dir/link'))).toBe('run.sh');
      return path;
    });
    expect(existsSync(directory)).toBe(false);
  });

  it.each<[string, readonly Entry[], string]>([
    ['a path out of it', [{ name: '../evil', content: 'x' }], "has an entry outside of it ('../evil')"],
    ['an absolute path', [{ name: '/tmp/evil', content: 'x' }], 'has an entry outside of it'],
    ['a link out of it', [{ name: 'a', type: 'symlink', linkname: '../../etc' }], 'has a link that leads out of it'],
    ['a device', [{ name: 'a', type: 'character-device' }], "has an entry 'a' of the type character-device"],
    [
      'the same file twice',
      [
        { name: 'a', content: '1' },
        { name: 'a', content: '2' },
      ],
      'is not a tar archive',
    ],
  ])('with %s is rejected', async (_, entries, message) => {
    await expect(open(await writeTar('bad.tar', entries), () => undefined)).rejects.toThrow(message);
    expect(readdirSync(temp)).toEqual([]);
  });

  it('is rejected if it is none, or missing', async () => {
    await expect(open('text', () => undefined)).rejects.toThrow("'text' is not a tar archive");
    await expect(open('missing', () => undefined)).rejects.toThrow("'missing' does not exist");
  });
});
