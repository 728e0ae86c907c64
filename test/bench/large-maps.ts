import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { runMeasured } from '../bundle/measured-run.js';
import { createJob, getActionDirectory } from './account.js';
import type { Benchmark, BenchmarkContext, Figure } from './benchmark.js';

interface LargeTree {
  readonly label: string;
  readonly tenantCount: number;
  readonly keyCount: number;
  /** Seconds, with the start of Node. */
  readonly limit: number;
}

const TREES: readonly LargeTree[] = [
  { label: 'a map of 19,000 YAML keys', tenantCount: 1, keyCount: 19_000, limit: 1 },
  { label: '4 tenants with maps of 10,000 YAML keys', tenantCount: 4, keyCount: 10_000, limit: 2 },
];

const renderMap = (keyCount: number): string =>
  Array.from({ length: keyCount }, (_, index) => `customer-${index}: { plan: basic, seats: ${index % 50} }\n`).join('');

/** Writes the template's map, and for each tenant the same map with one other value. */
const writeTree = ({ directory }: BenchmarkContext, { tenantCount, keyCount }: LargeTree): string => {
  const tree = join(directory, `maps-${tenantCount}-${keyCount}`);
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), content);
  };
  for (let index = 0; index < tenantCount; index += 1)
    write(`tenants/tenant-${index}/dev/Customers.yaml`, `${renderMap(keyCount)}tenant: ${index}\n`);
  return tree;
};

/** Previews a tree of large maps in an empty account. Throws Error if the maps are not planned. */
const measureTree = async (context: BenchmarkContext, tree: LargeTree): Promise<Figure> => {
  const aws = await startLocalAws({ scenario: { region: 'eu-central-1' } });
  try {
    await using job = createJob(aws, context);
    const inputs = { tree: writeTree(context, tree), mode: 'preview' };
    const run = await runMeasured(job, { action: getActionDirectory(context, 'appconfig-rollout'), inputs });
    if (run.result.outputs['changed'] !== String(tree.tenantCount))
      throw new Error(`not all maps were planned:\n${run.result.log.join('\n')}`);
    const budget = { kind: 'max', limit: tree.limit } as const;
    return { label: `a preview of ${tree.label}`, unit: 's', value: run.milliseconds / 1000, budget };
  } finally {
    await aws.close();
  }
};

/** Time of previews of large YAML documents. */
export const largeMaps: Benchmark = {
  name: 'large-maps',
  measure: async (context) => {
    const figures: Figure[] = [];
    for (const tree of TREES) figures.push(await measureTree(context, tree));
    return figures;
  },
};
