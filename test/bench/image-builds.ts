import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { actionFolder, openAccount, openJob } from './account.js';
import type { Bar } from './bar.js';
import type { Bench, Ground } from './bench.js';

const count = 20;
const engine = 'buildah';
const bar: Bar = { kind: 'no-more' };
const latency = { fault: 'latency', by: '50ms', service: 'registry' } as const;

const hasEngine = (): boolean => spawnSync(engine, ['--version']).error === undefined;

/** Folders that begin from a common layer; the steps that they have in common are few, as with Lambda functions. */
const writeFolders = ({ folder }: Ground): void => {
  const write = (name: string, from: string): void => {
    const path = join(folder, 'images', name);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'content'), name.repeat(1000));
    writeFileSync(join(path, 'Dockerfile'), `${from}\nCOPY content /var/task/${name}\nCMD ["${name}"]\n`);
  };
  write('common-layer', 'FROM scratch');
  for (let index = 0; index < count; index += 1) write(`function-${index}`, 'ARG COMMON_LAYER\nFROM ${COMMON_LAYER}');
};

/** A store of its own for each run, so that no run profits from another. */
const writeStore = ({ folder }: Ground, name: string): string => {
  const places = ['graphroot', 'runroot'].map((place) => `${place} = "${join(folder, name, place)}"`);
  const path = join(folder, `${name}.conf`);
  writeFileSync(path, ['[storage]', 'driver = "vfs"', ...places, ''].join('\n'));
  return path;
};

const secondsOf = async (ground: Ground, concurrency: number): Promise<number> => {
  ground.say(`${count} folders with ${engine}, ${concurrency} at once`);
  const aws = await openAccount({}, { faults: [latency] });
  await using job = openJob(aws, ground);
  const inputs = {
    'build-directory': 'images',
    engine,
    tags: '1',
    'create-repository': 'true',
    concurrency: String(concurrency),
  };
  const env = { CONTAINERS_STORAGE_CONF: writeStore(ground, `store-${concurrency}`) };
  const since = performance.now();
  const { conclusion, log } = await job.run({ action: actionFolder(ground, 'ecr-push'), inputs, env });
  const seconds = (performance.now() - since) / 1000;
  await job.finish();
  await aws.close();
  if (conclusion !== 'success') throw new Error(`the builds failed:\n${log.join('\n')}`);
  return seconds;
};

/** Builds plus pushes with a real engine, at once and one after the other. */
export const imageBuilds: Bench = {
  name: 'image-builds',
  measure: async (ground) => {
    const what = `builds and pushes of ${count} folders on a common layer with ${engine}, the registry 50 ms away`;
    if (!hasEngine()) return [{ what, skipped: `no ${engine}` }];
    writeFolders(ground);
    const other = { name: 'one after the other', value: await secondsOf(ground, 1) };
    return [{ what, unit: 's', ours: await secondsOf(ground, count), other, bar }];
  },
};
