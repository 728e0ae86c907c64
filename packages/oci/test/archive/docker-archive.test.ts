import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DockerArchiveSource } from '../../src/archive/docker-archive.js';
import { TarArchive } from '../../src/archive/tar-archive.js';
import type { Descriptor } from '../../src/image/manifest.js';
import { computeDigest, createDockerSaveFiles, createImage, createLayer, createTar } from '../image-fixtures.js';

const image = createImage({ layers: [createLayer('first'), createLayer('second', 2_000_000)] });

describe('an image of docker save', () => {
  let directory: string;
  let count = 0;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'docker-archive-test-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const open = async (files = createDockerSaveFiles('shop:1.0', image)) => {
    const path = join(directory, 'saved.tar');
    await writeFile(path, createTar(files));
    const createTempPath = async (name: string) => {
      count += 1;
      return join(directory, `${count}-${name}`);
    };
    return new DockerArchiveSource('saved.tar', await TarArchive.open(path), undefined, createTempPath);
  };

  const read = async (source: DockerArchiveSource, descriptor: Descriptor): Promise<Buffer> => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of source.open(descriptor)) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks);
  };

  it('has layers that are compressed forms of its tar archives', async () => {
    const source = await open();
    const manifest = await source.getRootManifest();
    const layers = manifest.kind === 'image' ? manifest.layers : [];
    for (const [index, layer] of layers.entries()) {
      const bytes = await read(source, layer);
      expect([computeDigest(bytes), bytes.length]).toEqual([layer.digest, layer.size]);
      expect(gunzipSync(bytes).equals(image.layers[index]?.tar ?? Buffer.alloc(0))).toBe(true);
    }
    await source.close();
  });

  it('has the same manifest each time', async () => {
    const sources = [await open(), await open()];
    const [one, other] = await Promise.all(sources.map((source) => source.getRootManifest()));
    expect(one?.digest).toBe(other?.digest);
    for (const source of sources) await source.close();
  });

  it('packs the largest layer first, and reports each one before the next is read', async () => {
    const files = createDockerSaveFiles('shop:1.0', image);
    const [small = ''] = Object.keys(files).filter((name) => name.endsWith('layer.tar'));
    const source = await open({ ...files, [small]: Buffer.alloc(files[small]?.length ?? 0) });
    const reported: Descriptor[] = [];
    const packed = source.getRootManifest((descriptor) => reported.push(descriptor));
    await expect(packed).rejects.toThrow(`layer ${small} is corrupt`);
    expect(reported).toHaveLength(1);
    const [large] = reported;
    expect(large && gunzipSync(await read(source, large)).equals(image.layers[1]?.tar ?? Buffer.alloc(0))).toBe(true);
    await source.close();
  });
});
