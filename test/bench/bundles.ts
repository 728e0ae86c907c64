import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { coldStart } from '../bundle/cold-start.js';
import { staticSize } from '../bundle/static-closure.js';
import type { Bench, Figure, Ground } from './bench.js';

const bars = {
  start: { kind: 'beyond', limit: 120 },
  size: { kind: 'most', limit: 1.7 },
  archive: { kind: 'most', limit: 4 },
} as const;

const million = 1_000_000;

const bundlesOf = ({ root }: Ground): string[] =>
  readdirSync(join(root, 'actions')).filter((name) => existsSync(join(root, 'actions', name, 'dist', 'main.js')));

const startOf = async ({ root, say }: Ground, name: string): Promise<Figure> => {
  say(`cold start of ${name}`);
  const { something, nothing } = await coldStart(join(root, 'actions', name, 'dist', 'main.js'));
  const other = { name: '`node -e 0`', value: nothing };
  return { what: `${name}: first words`, unit: 'ms', ours: something, other, bar: bars.start };
};

const sizeOf = ({ root }: Ground, name: string): Figure => {
  const ours = staticSize(join(root, 'actions', name, 'dist'), 'main.js') / million;
  return { what: `${name}: loaded before it runs`, unit: 'MB', ours, bar: bars.size };
};

const archiveOf = ({ root }: Ground): Figure => {
  const archive = execFileSync('git', ['archive', '--format=tar.gz', 'HEAD'], { cwd: root, maxBuffer: 2 ** 28 });
  const what = 'what a user of an action downloads';
  return { what, unit: 'MB', ours: archive.length / million, bar: bars.archive };
};

/** What every job pays before an action does anything. */
export const bundles: Bench = {
  name: 'bundles',
  measure: async (ground) => {
    const names = bundlesOf(ground);
    const starts: Figure[] = [];
    for (const name of names) starts.push(await startOf(ground, name));
    return [...starts, ...names.map((name) => sizeOf(ground, name)), archiveOf(ground)];
  },
};
