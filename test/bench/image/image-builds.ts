import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createJob, getActionDirectory, startAccount } from '../account.js';
import type { Benchmark, BenchmarkContext } from '../benchmark.js';
import type { Budget } from '../budget.js';

const IMAGE_COUNT = 20;
const ENGINE = 'buildah';
const BUDGET: Budget = { kind: 'no-increase' };
const LATENCY = { fault: 'latency', by: '50ms', service: 'registry' } as const;

const hasEngine = (): boolean => spawnSync(ENGINE, ['--version']).error === undefined;

/** Writes build directories on a common layer; they share few build steps, as Lambda functions do. */
const writeImageDirectories = ({ directory }: BenchmarkContext): void => {
  const write = (name: string, from: string): void => {
    const path = join(directory, 'images', name);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'content'), name.repeat(1000));
    writeFileSync(join(path, 'Dockerfile'), `${from}\nCOPY content /var/task/${name}\nCMD ["${name}"]\n`);
  };
  write('common-layer', 'FROM scratch');
  for (let index = 0; index < IMAGE_COUNT; index += 1)
    write(`function-${index}`, 'ARG COMMON_LAYER\nFROM ${COMMON_LAYER}');
};

/** Configures a separate image store for each run, so that no run uses another's cache. */
const writeStore = ({ directory }: BenchmarkContext, name: string): string => {
  const paths = ['graphroot', 'runroot'].map(
    (directoryName) => `${directoryName} = "${join(directory, name, directoryName)}"`,
  );
  const path = join(directory, `${name}.conf`);
  writeFileSync(path, ['[storage]', 'driver = "vfs"', ...paths, ''].join('\n'));
  return path;
};

const measureSeconds = async (context: BenchmarkContext, concurrency: number): Promise<number> => {
  context.log(`${IMAGE_COUNT} folders with ${ENGINE}, ${concurrency} at once`);
  const aws = await startAccount({}, { faults: [LATENCY] });
  await using job = createJob(aws, context);
  const inputs = {
    'build-directory': 'images',
    engine: ENGINE,
    tags: '1',
    'create-repository': 'true',
    concurrency: String(concurrency),
  };
  const env = { CONTAINERS_STORAGE_CONF: writeStore(context, `store-${concurrency}`) };
  const since = performance.now();
  const { conclusion, log } = await job.run({ action: getActionDirectory(context, 'ecr-push'), inputs, env });
  const seconds = (performance.now() - since) / 1000;
  await job.finish();
  await aws.close();
  if (conclusion !== 'success') throw new Error(`the builds failed:\n${log.join('\n')}`);
  return seconds;
};

/** Builds and pushes with a real engine, concurrent compared with sequential. */
export const imageBuilds: Benchmark = {
  name: 'image-builds',
  measure: async (context) => {
    const label = `builds and pushes of ${IMAGE_COUNT} folders on a common layer with ${ENGINE}, the registry 50 ms away`;
    if (!hasEngine()) return [{ label, reason: `no ${ENGINE}` }];
    writeImageDirectories(context);
    const reference = { name: 'one after the other', value: await measureSeconds(context, 1) };
    return [{ label, unit: 's', value: await measureSeconds(context, IMAGE_COUNT), reference, budget: BUDGET }];
  },
};
