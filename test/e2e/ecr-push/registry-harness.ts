import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Harness, type HarnessOptions } from '../../../actions/ecr-push/test/harness.js';

const run = promisify(execFile);

export const hasProgram = (name: string): boolean => spawnSync(name, ['--version']).error === undefined;

/** .ci/run installs Debian's packages; on a user's machine the tests of what is missing are skipped. */
export const isRequired = process.env['CI'] === 'true' && process.platform === 'linux';

/** Programs without which tests are skipped, with a line that says so. */
export const findMissing = (programs: readonly string[]): readonly string[] => {
  const missing = isRequired ? [] : programs.filter((name) => !hasProgram(name));
  if (missing.length > 0) console.warn(`skipped, since they are not installed: tests with ${missing.join(', ')}`);
  return missing;
};

const findFreePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const url = server.address();
      server.close(() => (typeof url === 'object' && url !== null ? resolve(url.port) : reject(url)));
    });
  });

const waitForServer = async (url: string): Promise<void> => {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const isReachable = await fetch(url).then(
      () => true,
      () => false,
    );
    if (isReachable) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} does not answer`);
};

/** A stage whose ECR keeps its images in a real registry. */
export class RegistryHarness {
  private constructor(
    readonly harness: Harness,
    private readonly registry: ChildProcess,
  ) {}

  static async open(ecr: NonNullable<HarnessOptions['ecr']>): Promise<RegistryHarness> {
    const port = await findFreePort();
    const storage = `http://127.0.0.1:${port}`;
    const harness = await Harness.open({ ecr: { ...ecr, storage } });
    const file = join(harness.directory, 'registry.yml');
    const root = join(harness.directory, 'registry');
    await mkdir(root);
    const settings = {
      version: 0.1,
      storage: { filesystem: { rootdirectory: root } },
      http: { addr: `127.0.0.1:${port}` },
    };
    await writeFile(file, JSON.stringify({ ...settings, log: { level: 'error' } }));
    const registry = spawn('docker-registry', ['serve', file], { stdio: 'ignore' });
    await waitForServer(`${storage}/v2/`);
    return new RegistryHarness(harness, registry);
  }

  /** skopeo with the login that the action's own login-only use has written. */
  async runSkopeo(...args: readonly string[]) {
    const { memory } = await this.harness.run();
    const authFile = memory.exported['REGISTRY_AUTH_FILE'] ?? '';
    return run('skopeo', [args[0] ?? '', '--authfile', authFile, ...args.slice(1)]);
  }

  async close(): Promise<void> {
    this.registry.kill();
    await this.harness.close();
  }
}
