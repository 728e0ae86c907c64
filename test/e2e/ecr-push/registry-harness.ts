import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Harness, type HarnessOptions } from '../../../actions/ecr-push/test/harness.js';
import { findFreePort } from '../../../packages/action-kit/src/testing/http-servers.js';

const run = promisify(execFile);

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

/** Starts a docker-registry that stores its content in a directory. */
export const startRegistry = async (directory: string, port: number): Promise<ChildProcess> => {
  const settings = {
    version: 0.1,
    storage: { filesystem: { rootdirectory: directory } },
    http: { addr: `127.0.0.1:${port}` },
    log: { level: 'error' },
  };
  const file = join(directory, 'registry.yml');
  await writeFile(file, JSON.stringify(settings));
  const registry = spawn('docker-registry', ['serve', file], { stdio: 'ignore' });
  await waitForServer(`http://127.0.0.1:${port}/v2/`);
  return registry;
};

/** An ecr-push harness whose local ECR stores its images in a docker-registry process. */
export class RegistryHarness {
  private constructor(
    readonly harness: Harness,
    private readonly registry: ChildProcess,
  ) {}

  static async open(ecr: NonNullable<HarnessOptions['ecr']>): Promise<RegistryHarness> {
    const port = await findFreePort();
    const storage = `http://127.0.0.1:${port}`;
    const harness = await Harness.open({ ecr: { ...ecr, storage } });
    const root = join(harness.directory, 'registry');
    await mkdir(root);
    const registry = await startRegistry(root, port);
    return new RegistryHarness(harness, registry);
  }

  /** Runs skopeo with the credentials file that a login-only run of the action wrote. */
  async runSkopeo(...args: readonly string[]) {
    const { recorded } = await this.harness.run();
    const authFile = recorded.exported['REGISTRY_AUTH_FILE'] ?? '';
    return run('skopeo', [args[0] ?? '', '--authfile', authFile, ...args.slice(1)]);
  }

  async close(): Promise<void> {
    this.registry.kill();
    await this.harness.close();
  }
}
