import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFreePort } from '@aws-delivery/action-kit/testing/http-servers';
import type { LocalAws } from '@aws-delivery/local-aws/local-aws';
import { createJob, getActionDirectory, startAccount } from '../account.js';
import { type Benchmark, type BenchmarkContext, computeMedian, type Figure, type SkippedFigure } from '../benchmark.js';
import { createGzipLayer, writeLayout } from './image-layout.js';
import { listPeers, runPeer, type Transfer } from './peer-clients.js';

const run = promisify(execFile);

/** Runs of each client for one figure, interleaved. */
const ROUNDS = 5;

/** What a row with requests alone may take more than the best client: a token of ECR and one round trip. */
const BUDGETS = { long: { kind: 'no-increase' }, short: { kind: 'max-increase', limit: 0.1 } } as const;

/** A docker-registry process with an empty storage. */
class RegistryProcess {
  private constructor(
    readonly host: string,
    private readonly storage: string,
    private readonly child: ChildProcess,
  ) {}

  static async start({ directory }: BenchmarkContext): Promise<RegistryProcess> {
    const port = await findFreePort();
    const storage = join(directory, `registry-${port}`);
    mkdirSync(storage);
    const settings = {
      version: 0.1,
      log: { level: 'error', accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: storage } },
      http: { addr: `127.0.0.1:${port}` },
    };
    writeFileSync(`${storage}.yml`, JSON.stringify(settings));
    const child = spawn('docker-registry', ['serve', `${storage}.yml`], { stdio: 'ignore' });
    const registry = new RegistryProcess(`127.0.0.1:${port}`, storage, child);
    while (!(await registry.isReady())) await new Promise((resolve) => setTimeout(resolve, 50));
    return registry;
  }

  /** Deletes all images. */
  clear(): void {
    rmSync(join(this.storage, 'docker'), { recursive: true, force: true });
  }

  stop(): void {
    this.child.kill();
  }

  private isReady(): Promise<boolean> {
    return fetch(`http://${this.host}/v2/`).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}

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

/** An image of `docker save`: two layers of text and one of noise, 100 MB each. */
const writeDockerArchive = async ({ directory }: BenchmarkContext): Promise<string> => {
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

const measureSeconds = async (operation: () => Promise<unknown>): Promise<number> => {
  const since = performance.now();
  await operation();
  return (performance.now() - since) / 1000;
};

interface Row {
  readonly label: string;
  readonly transfer: Transfer;
  readonly budget: Figure['budget'];
  /** Prepares the registries before each run; the default is to delete all images of the target. */
  readonly prepare: () => Promise<void>;
}

/** The benchmark's registries and account. */
interface Setup {
  readonly context: BenchmarkContext;
  readonly aws: LocalAws;
  readonly target: RegistryProcess;
}

const getSource = (transfer: Transfer): string => {
  if (transfer.kind === 'layout') return `oci:${transfer.directory}`;
  return transfer.kind === 'registry' ? `docker://${transfer.source}` : `docker-archive:${transfer.path}`;
};

/** Pushes with the action's bundle. */
const runAction = async ({ context, aws, target }: Setup, transfer: Transfer): Promise<void> => {
  await using job = createJob(aws, context);
  const [repository = '', tag = ''] = transfer.target.slice(target.host.length + 1).split(':');
  const inputs = { source: getSource(transfer), repository, tags: tag, 'registry-endpoint': `http://${target.host}` };
  const result = await job.run({ action: getActionDirectory(context, 'ecr-push'), inputs });
  await job.finish();
  if (result.conclusion !== 'success') throw new Error(`the push failed:\n${result.log.join('\n')}`);
};

const measureRow = async (setup: Setup, { label, transfer, budget, prepare }: Row, nodeStart: number) => {
  const { context } = setup;
  const times = new Map<string, number[]>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of ['ours', ...listPeers(transfer, context)]) {
      await prepare();
      const client = name === 'ours' ? () => runAction(setup, transfer) : () => runPeer(name, transfer, context);
      times.set(name, [...(times.get(name) ?? []), await measureSeconds(client)]);
    }
  }
  const medians = [...times].map(([name, seconds]) => ({ name, value: computeMedian(seconds) }));
  context.log(`${label}: ${medians.map(({ name, value }) => `${name} ${value.toFixed(2)} s`).join(', ')}`);
  const [best] = medians.filter(({ name }) => name !== 'ours').sort((a, b) => a.value - b.value);
  const own = medians.find(({ name }) => name === 'ours')?.value ?? 0;
  if (best === undefined) return { label, reason: 'no other client is installed' };
  const shown = `${label} (${nodeStart.toFixed(2)} s for the start of Node subtracted)`;
  return { label: shown, unit: 's' as const, value: own - nodeStart, reference: best, budget };
};

/** The rows: large images to an empty registry, and requests alone. */
const createRows = async (
  context: BenchmarkContext,
  target: RegistryProcess,
  other: RegistryProcess,
): Promise<readonly Row[]> => {
  const layers = Array.from({ length: 4 }, () => createGzipLayer(125_000_000));
  const options = { tag: 'latest', mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip' };
  const directory = join(context.directory, writeLayout(context, 'large', layers, options).slice('oci:'.length));
  const layout: Transfer = { kind: 'layout', directory, target: `${target.host}/large:1` };
  const stored = { ...layout, target: `${other.host}/large:1` };
  const archive: Transfer = {
    kind: 'docker-archive',
    path: await writeDockerArchive(context),
    target: `${target.host}/saved:1`,
  };
  const copy: Transfer = { kind: 'registry', source: stored.target, target: layout.target };
  const promotion: Transfer = { kind: 'registry', source: layout.target, target: `${target.host}/promoted:1` };
  const clear = async (): Promise<void> => target.clear();
  const fill = async (): Promise<void> => {
    target.clear();
    await runPeer('crane', layout, context);
  };
  const prepareCopy = async (): Promise<void> => {
    target.clear();
    await runPeer('crane', stored, context);
  };
  return [
    { label: '500 MB from an OCI layout', transfer: layout, budget: BUDGETS.long, prepare: clear },
    { label: '500 MB between registries', transfer: copy, budget: BUDGETS.long, prepare: prepareCopy },
    { label: '300 MB of docker save', transfer: archive, budget: BUDGETS.long, prepare: clear },
    { label: 'an unchanged image', transfer: layout, budget: BUDGETS.short, prepare: fill },
    { label: 'a promotion inside one registry', transfer: promotion, budget: BUDGETS.short, prepare: fill },
  ];
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
      const starts: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        starts.push(await measureSeconds(() => run(process.execPath, ['-e', '0'])));
      }
      const figures: (Figure | SkippedFigure)[] = [];
      for (const row of await createRows(context, target, other)) {
        figures.push(await measureRow({ context, aws, target }, row, computeMedian(starts)));
      }
      return figures;
    } finally {
      await aws.close();
      target.stop();
      other.stop();
    }
  },
};
