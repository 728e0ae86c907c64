import { execFile } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { promisify } from 'node:util';
import type { LocalAws } from '@aws-delivery/local-aws/local-aws';
import { runMeasured } from '../../bundle/measured-run.js';
import { createJob, getActionDirectory, startAccount } from '../account.js';
import { type Benchmark, type BenchmarkContext, computeMedian, type Figure, type SkippedFigure } from '../benchmark.js';
import { listPeers, listVersions, runPeer, type Transfer } from './peer-clients.js';
import { createRows, type Row } from './peer-rows.js';
import { RegistryProcess } from './registry-process.js';

const run = promisify(execFile);

/** Runs of each client for one figure, interleaved. */
const ROUNDS = 5;

const MEMORY_BUDGET = { kind: 'max', limit: 120 } as const;

/** One run of a client. */
interface Measurement {
  readonly seconds: number;
  /** Undefined for the other clients. */
  readonly cpuSeconds: number | undefined;
  readonly megabytes: number | undefined;
  readonly requests: number;
  /** Megabytes in the target registry afterwards. */
  readonly stored: number;
}

/** The benchmark's registry and account. */
interface Setup {
  readonly context: BenchmarkContext;
  readonly aws: LocalAws;
  readonly target: RegistryProcess;
  /** Seconds that Node takes to start. */
  readonly nodeStart: number;
}

const getSource = (transfer: Transfer): string => {
  if (transfer.kind === 'layout') return `oci:${transfer.directory}`;
  return transfer.kind === 'registry' ? `docker://${transfer.source}` : `docker-archive:${transfer.path}`;
};

const createInputs = ({ host, transfers }: Row): Readonly<Record<string, string>> => {
  const images = transfers.map((transfer) => {
    const [repository = '', tag = ''] = transfer.target.slice(host.length + 1).split(':');
    return { source: getSource(transfer), repository, tags: [tag] };
  });
  return { images: JSON.stringify(images), 'registry-endpoint': `http://${host}` };
};

type ClientRun = Pick<Measurement, 'seconds' | 'cpuSeconds' | 'megabytes'>;

/** Pushes with the action's bundle. The post step is not part of the figure: the other clients have none. */
const runAction = async ({ context, aws, nodeStart }: Setup, row: Row): Promise<ClientRun> => {
  await using job = createJob(aws, context);
  const request = { action: getActionDirectory(context, 'ecr-push'), inputs: createInputs(row) };
  const { result, milliseconds, cpuSeconds, megabytes } = await runMeasured(job, request);
  await job.finish();
  if (result.conclusion !== 'success') throw new Error(`the push failed:\n${result.log.join('\n')}`);
  return { seconds: milliseconds / 1000 - nodeStart, cpuSeconds, megabytes };
};

const runOther = async (name: string, { transfers }: Row, context: BenchmarkContext): Promise<ClientRun> => {
  const since = performance.now();
  for (const transfer of transfers) await runPeer(name, transfer, context);
  return { seconds: (performance.now() - since) / 1000, cpuSeconds: undefined, megabytes: undefined };
};

const measureClient = async (setup: Setup, name: string, row: Row): Promise<Measurement> => {
  const { target, context } = setup;
  await row.prepare();
  target.resetRequests();
  const measured = name === 'ours' ? await runAction(setup, row) : await runOther(name, row, context);
  return { ...measured, requests: target.countRequests(), stored: target.countBytes() / 1e6 };
};

const formatOptional = (value: number | undefined, digits: number): string => value?.toFixed(digits) ?? '';

/** One client's line of the table of a row: medians of all its runs, and the largest memory. */
const formatClient = (name: string, runs: readonly Measurement[]): string => {
  const getMedian = (field: keyof Measurement): number | undefined => {
    const values = runs.flatMap((each) => each[field] ?? []);
    return values.length === 0 ? undefined : computeMedian(values);
  };
  const memory = runs.flatMap(({ megabytes }) => megabytes ?? []);
  return [
    `| ${name}`,
    formatOptional(getMedian('seconds'), 2),
    formatOptional(getMedian('cpuSeconds'), 2),
    formatOptional(getMedian('requests'), 0),
    formatOptional(getMedian('stored'), 1),
    `${memory.length === 0 ? '' : Math.max(...memory).toFixed(0)} |`,
  ].join(' | ');
};

const measureRow = async (setup: Setup, row: Row): Promise<readonly (Figure | SkippedFigure)[]> => {
  const { label, transfers, budget } = row;
  const { context } = setup;
  const [transfer] = transfers;
  const peers = transfer === undefined ? [] : listPeers(transfer, context);
  if (peers.length === 0) return [{ label, reason: 'no other client is installed' }];
  const runs = new Map<string, Measurement[]>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of ['ours', ...peers]) {
      runs.set(name, [...(runs.get(name) ?? []), await measureClient(setup, name, row)]);
    }
  }
  const header = `| ${label} | s | processor s | requests | stored MB | memory MB |\n| --- | --- | --- | --- | --- | --- |`;
  context.log(`\n${header}\n${[...runs].map(([name, all]) => formatClient(name, all)).join('\n')}`);
  const medians = [...runs].map(([name, all]) => ({ name, value: computeMedian(all.map(({ seconds }) => seconds)) }));
  const [best] = medians.filter(({ name }) => name !== 'ours').sort((a, b) => a.value - b.value);
  const own = medians.find(({ name }) => name === 'ours')?.value ?? 0;
  if (best === undefined) return [{ label, reason: 'no other client is installed' }];
  const megabytes = Math.max(...(runs.get('ours') ?? []).flatMap((each) => each.megabytes ?? []));
  return [
    { label, unit: 's', value: own, reference: best, budget },
    { label: `${label}: memory`, unit: 'MB', value: megabytes, budget: MEMORY_BUDGET },
  ];
};

const measureNodeStart = async (): Promise<number> => {
  const starts: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const since = performance.now();
    await run(process.execPath, ['-e', '0']);
    starts.push((performance.now() - since) / 1000);
  }
  return computeMedian(starts);
};

/** Pushes compared with other registry clients, side by side on one registry. */
export const imagePeers: Benchmark = {
  name: 'image-peers',
  measure: async (context): Promise<readonly (Figure | SkippedFigure)[]> => {
    const missing = ['docker-registry', 'crane'].filter((name) => context.programs[name] === undefined);
    if (missing.length > 0)
      return [{ label: 'other registry clients', reason: `not installed: ${missing.join(', ')}` }];
    const target = await RegistryProcess.start(context);
    const other = await RegistryProcess.start(context);
    const aws = await startAccount({}, {});
    try {
      const nodeStart = await measureNodeStart();
      const load = loadavg()[0]?.toFixed(1);
      context.log(`${await listVersions(context)}; load ${load} on ${availableParallelism()} processors`);
      context.log(`ours without the start of Node, ${nodeStart.toFixed(2)} s`);
      const figures: (Figure | SkippedFigure)[] = [];
      for (const row of await createRows(context, target, other)) {
        figures.push(...(await measureRow({ context, aws, target, nodeStart }, row)));
      }
      return figures;
    } finally {
      await aws.close();
      target.stop();
      other.stop();
    }
  },
};
