import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, Figure, Ground, Skipped } from './bench.js';
import { bundles } from './bundles.js';
import { calls } from './calls.js';
import { deployCrowd } from './deploy-crowd.js';
import { deployMemory } from './deploy-memory.js';
import { deployOverhead } from './deploy-overhead.js';
import { deployRace } from './deploy-race.js';
import { healthDecision } from './health-decision.js';
import { imageBuilds } from './image-builds.js';
import { imageMemory } from './image-memory.js';
import { imagePushes } from './image-pushes.js';
import { previewOfCrowd } from './preview-crowd.js';
import { missedOf, tableOf } from './table.js';

const benches: readonly Bench[] = [
  bundles,
  calls,
  deployOverhead,
  deployRace,
  deployCrowd,
  deployMemory,
  healthDecision,
  previewOfCrowd,
  imagePushes,
  imageBuilds,
  imageMemory,
];

/** The benches whose names begin with what is asked for; all, where nothing is. Throws TypeError for an unknown name. */
const chosenBy = (beginnings: readonly string[]): readonly Bench[] => {
  const names = benches.map(({ name }) => name);
  const unknown = beginnings.find((beginning) => !names.some((name) => name.startsWith(beginning)));
  if (unknown !== undefined) throw new TypeError(`no bench begins with '${unknown}': there are ${names.join(', ')}`);
  return benches.filter(({ name }) => beginnings.length === 0 || beginnings.some((start) => name.startsWith(start)));
};

const loadText = (): string =>
  `load ${loadavg()
    .map((load) => load.toFixed(1))
    .join(', ')} on ${availableParallelism()} processors`;

/** Measures one after the other, and prints what came of it; the result is the exit code: 1 when a bar is missed. */
export const measureAll = async (
  beginnings: readonly string[],
  { root, awsCli }: Pick<Ground, 'root' | 'awsCli'>,
): Promise<number> => {
  const chosen = chosenBy(beginnings);
  const folder = mkdtempSync(join(realpathSync.native(tmpdir()), 'bench-'));
  const lines: (Figure | Skipped)[] = [];
  const before = loadText();
  try {
    for (const { name, measure } of chosen) {
      const say = (line: string) => process.stderr.write(`${name}: ${line}\n`);
      lines.push(...(await measure({ root, awsCli, folder, say })));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.stdout.write(`${tableOf(lines)}\n\nNode ${process.version}; ${before} before, ${loadText()} after\n`);
  return missedOf(lines).length === 0 ? 0 : 1;
};
