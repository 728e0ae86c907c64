import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TarArchive } from '../../src/archive/tar-archive.js';
import { createTarEntry } from '../image-fixtures.js';

const content = Buffer.from('a layer');
const LONG_NAME = `${'x'.repeat(120)}/layer.tar`;
const LONG_LINK_NAME = `${'y'.repeat(130)}/layer.tar`;

/** A GNU entry with a name (`L`) or a link's target (`K`) of more than 100 bytes for the next entry. */
const createLongEntry = (type: 'L' | 'K', value: string): Buffer =>
  createTarEntry('././@LongLink', Buffer.from(`${value}\0`), { type });

/** A PAX entry for the next one. */
const createPaxEntry = (key: string, value: string): Buffer => {
  const rest = ` ${key}=${value}\n`;
  const digits = String(rest.length + 3).length;
  return createTarEntry('PaxHeaders/next', Buffer.from(`${rest.length + digits}${rest}`), { type: 'x' });
};

describe('TarArchive', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tar-archive-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it.each([
    ['a hard link of GNU tar', [createLongEntry('L', LONG_NAME)], [createLongEntry('K', LONG_NAME)], '1', 'short'],
    [
      'a symbolic link of GNU tar',
      [createLongEntry('L', LONG_NAME)],
      [createLongEntry('K', `../${LONG_NAME}`)],
      '2',
      '',
    ],
    ['a PAX hard link', [createPaxEntry('path', LONG_NAME)], [createPaxEntry('linkpath', LONG_NAME)], '1', 'short'],
    [
      'a PAX symbolic link',
      [createPaxEntry('path', LONG_NAME)],
      [createPaxEntry('linkpath', `../${LONG_NAME}`)],
      '2',
      '',
    ],
  ])('resolves %s with long names', async (_, nameEntries, linkEntries, type, link) => {
    const path = join(directory, 'image.tar');
    const archive = [
      ...nameEntries,
      createTarEntry('cut-off', content),
      ...linkEntries,
      createLongEntry('L', LONG_LINK_NAME),
      createTarEntry('cut-off', Buffer.alloc(0), { type, link }),
      // The long names are those of one entry only.
      createTarEntry('plain', Buffer.alloc(0), { type: '1', link: LONG_NAME.slice(0, 10) }),
      createTarEntry(LONG_NAME.slice(0, 10), Buffer.from('other')),
      Buffer.alloc(1024),
    ];
    await writeFile(path, Buffer.concat(archive));
    const files = await TarArchive.open(path);
    expect((await files.read(LONG_LINK_NAME, 100)).equals(content)).toBe(true);
    expect((await files.read('plain', 100)).toString()).toBe('other');
    await files.close();
  });
});
