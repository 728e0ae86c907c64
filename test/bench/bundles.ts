import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { measureColdStart } from '../bundle/cold-start.js';
import { getStaticSize } from '../bundle/static-closure.js';
import type { Benchmark, BenchmarkContext, Figure } from './benchmark.js';

/** Limits of a bundle: `start` in ms beyond `node -e 0`, `size` and `archive` in MB of 10^6 bytes. */
export const BUNDLE_BUDGETS = {
  start: { kind: 'max-increase', limit: 120 },
  size: { kind: 'max', limit: 1.7 },
  archive: { kind: 'max', limit: 4.5 },
} as const;

const BYTES_PER_MEGABYTE = 1_000_000;

const listBundles = ({ root }: BenchmarkContext): string[] =>
  readdirSync(join(root, 'actions')).filter((name) => existsSync(join(root, 'actions', name, 'dist', 'main.js')));

const measureStart = async ({ root, log }: BenchmarkContext, name: string): Promise<Figure> => {
  log(`cold start of ${name}`);
  const { script, emptyScript } = await measureColdStart(join(root, 'actions', name, 'dist', 'main.js'));
  const reference = { name: '`node -e 0`', value: emptyScript };
  return { label: `${name}: first words`, unit: 'ms', value: script, reference, budget: BUNDLE_BUDGETS.start };
};

const measureSize = ({ root }: BenchmarkContext, name: string): Figure => {
  const value = getStaticSize(join(root, 'actions', name, 'dist'), 'main.js') / BYTES_PER_MEGABYTE;
  return { label: `${name}: loaded before it runs`, unit: 'MB', value, budget: BUNDLE_BUDGETS.size };
};

const measureArchive = ({ root }: BenchmarkContext): Figure => {
  const archive = execFileSync('git', ['archive', '--format=tar.gz', 'HEAD'], { cwd: root, maxBuffer: 2 ** 28 });
  const label = 'what a user of an action downloads';
  return { label, unit: 'MB', value: archive.length / BYTES_PER_MEGABYTE, budget: BUNDLE_BUDGETS.archive };
};

/** The cost of every job before an action does anything: cold start, loaded code, download. */
export const bundles: Benchmark = {
  name: 'bundles',
  measure: async (context) => {
    const names = listBundles(context);
    const starts: Figure[] = [];
    for (const name of names) starts.push(await measureStart(context, name));
    return [...starts, ...names.map((name) => measureSize(context, name)), measureArchive(context)];
  },
};
