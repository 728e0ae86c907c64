import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Benchmark, BenchmarkContext, Figure, SkippedFigure } from './benchmark.js';
import { bundles } from './bundles.js';
import { callCount } from './call-count.js';
import { concurrentDeploys } from './deploy/concurrent-deploys.js';
import { deployComparison } from './deploy/deploy-comparison.js';
import { deployMemory } from './deploy/deploy-memory.js';
import { deployOverhead } from './deploy/deploy-overhead.js';
import { parallelStacks } from './deploy/parallel-stacks.js';
import { healthDecision } from './health-decision.js';
import { imageBuilds } from './image/image-builds.js';
import { imageMemory } from './image/image-memory.js';
import { imagePeers } from './image/image-peers.js';
import { imagePushes } from './image/image-pushes.js';
import { largeMaps } from './large-maps.js';
import { reviewFindings } from './review-findings.js';
import { rolloutPreview } from './rollout-preview.js';
import { findMissed, renderTable } from './table.js';
import { templateParsing } from './template-parsing.js';

const benchmarks: readonly Benchmark[] = [
  bundles,
  callCount,
  deployOverhead,
  deployComparison,
  concurrentDeploys,
  parallelStacks,
  deployMemory,
  healthDecision,
  reviewFindings,
  rolloutPreview,
  largeMaps,
  templateParsing,
  imagePushes,
  imagePeers,
  imageBuilds,
  imageMemory,
];

/** Selects benchmarks by prefixes of their names; all for no prefix. Throws TypeError for a prefix without a match. */
const selectBenchmarks = (prefixes: readonly string[]): readonly Benchmark[] => {
  const names = benchmarks.map(({ name }) => name);
  const unknown = prefixes.find((prefix) => !names.some((name) => name.startsWith(prefix)));
  if (unknown !== undefined)
    throw new TypeError(`no benchmark begins with '${unknown}': there are ${names.join(', ')}`);
  return benchmarks.filter(({ name }) => prefixes.length === 0 || prefixes.some((prefix) => name.startsWith(prefix)));
};

const formatLoad = (): string =>
  `load ${loadavg()
    .map((load) => load.toFixed(1))
    .join(', ')} on ${availableParallelism()} processors`;

/** Runs benchmarks one after the other and prints a table. Returns the exit code: 1 if a budget is exceeded. */
export const measureAll = async (
  prefixes: readonly string[],
  { root, awsCli, programs }: Pick<BenchmarkContext, 'root' | 'awsCli' | 'programs'>,
): Promise<number> => {
  const selected = selectBenchmarks(prefixes);
  const directory = mkdtempSync(join(realpathSync.native(tmpdir()), 'bench-'));
  const figures: (Figure | SkippedFigure)[] = [];
  const before = formatLoad();
  try {
    for (const { name, measure } of selected) {
      const log = (message: string) => process.stderr.write(`${name}: ${message}\n`);
      figures.push(...(await measure({ root, awsCli, programs, directory, log })));
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  process.stdout.write(`${renderTable(figures)}\n\nNode ${process.version}; ${before} before, ${formatLoad()} after\n`);
  return findMissed(figures).length === 0 ? 0 : 1;
};
