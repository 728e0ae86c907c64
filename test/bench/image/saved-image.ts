import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { BenchmarkContext } from '../benchmark.js';

const run = promisify(execFile);

/** Packs files of a directory without their times and owners. */
const packFiles = async (directory: string, archive: string, names: readonly string[]): Promise<void> => {
  const options = ['--format=ustar', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
  await run('tar', ['--create', '--file', archive, ...options, '--directory', directory, ...names]);
};

const createText = (offset: number): Buffer => {
  const words = randomBytes(8000).toString('hex').match(/.{4}/gu) ?? [];
  const lines = Array.from({ length: 1_000_000 }, (_, index) =>
    Array.from({ length: 20 }, (__, column) => words[(index * 7919 + column * offset) % words.length]).join(' '),
  );
  return Buffer.from(lines.join('\n')).subarray(0, 100_000_000);
};

/** Writes an archive as `docker save` does: two layers of text and one of noise, 100 MB each. Returns its path. */
export const writeSavedImage = async ({ directory }: BenchmarkContext): Promise<string> => {
  const workDirectory = join(directory, 'save');
  mkdirSync(workDirectory);
  const layers: string[] = [];
  for (const [index, bytes] of [createText(31), createText(37), randomBytes(100_000_000)].entries()) {
    writeFileSync(join(workDirectory, `file-${index}`), bytes);
    await packFiles(workDirectory, join(workDirectory, `layer-${index}.tar`), [`file-${index}`]);
    layers.push(`layer-${index}.tar`);
  }
  const compute = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
  const diffIds = layers.map((name) => `sha256:${compute(readFileSync(join(workDirectory, name)))}`);
  const rootfs = { type: 'layers', diff_ids: diffIds };
  const config = Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', config: {}, rootfs }));
  const configName = `${compute(config)}.json`;
  writeFileSync(join(workDirectory, configName), config);
  const manifest = [{ Config: configName, RepoTags: ['shop:1.0'], Layers: layers }];
  writeFileSync(join(workDirectory, 'manifest.json'), JSON.stringify(manifest));
  await packFiles(workDirectory, join(directory, 'saved.tar'), [configName, ...layers, 'manifest.json']);
  rmSync(workDirectory, { recursive: true });
  return join(directory, 'saved.tar');
};
