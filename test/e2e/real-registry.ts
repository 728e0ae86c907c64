import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Stage, type StageOptions } from '../../actions/ecr-push/test/helpers/stage.js';

const run = promisify(execFile);

export const hasProgram = (name: string): boolean => spawnSync(name, ['--version']).error === undefined;

/** .ci/run installs Debian's packages; on a user's machine the tests of what is missing are skipped. */
export const isRequired = process.env['CI'] === 'true' && process.platform === 'linux';

/** Programs without which tests are skipped, with a line that says so. */
export const missingOf = (programs: readonly string[]): readonly string[] => {
  const missing = isRequired ? [] : programs.filter((name) => !hasProgram(name));
  if (missing.length > 0) console.warn(`skipped, since they are not installed: tests with ${missing.join(', ')}`);
  return missing;
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(address)));
    });
  });

const waitFor = async (address: string): Promise<void> => {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const isUp = await fetch(address).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${address} does not answer`);
};

/** A stage whose ECR keeps its images in a real registry. */
export class RealStage {
  private constructor(
    readonly stage: Stage,
    private readonly registry: ChildProcess,
  ) {}

  static async open(ecr: NonNullable<StageOptions['ecr']>): Promise<RealStage> {
    const port = await freePort();
    const storage = `http://127.0.0.1:${port}`;
    const stage = await Stage.open({ ecr: { ...ecr, storage } });
    const file = join(stage.folder, 'registry.yml');
    const root = join(stage.folder, 'registry');
    await mkdir(root);
    const settings = {
      version: 0.1,
      storage: { filesystem: { rootdirectory: root } },
      http: { addr: `127.0.0.1:${port}` },
    };
    await writeFile(file, JSON.stringify({ ...settings, log: { level: 'error' } }));
    const registry = spawn('docker-registry', ['serve', file], { stdio: 'ignore' });
    await waitFor(`${storage}/v2/`);
    return new RealStage(stage, registry);
  }

  /** skopeo with the login that the action's own login-only use has written. */
  async skopeo(...args: readonly string[]) {
    const { memory } = await this.stage.run();
    const authFile = memory.exported['REGISTRY_AUTH_FILE'] ?? '';
    return run('skopeo', [args[0] ?? '', '--authfile', authFile, ...args.slice(1)]);
  }

  async close(): Promise<void> {
    this.registry.kill();
    await this.stage.close();
  }
}
