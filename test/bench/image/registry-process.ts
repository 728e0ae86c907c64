import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@aws-delivery/action-kit/testing/http-servers';
import type { BenchmarkContext } from '../benchmark.js';

/** Round trips of the distant host, in milliseconds. */
export const ROUND_TRIP_MS = 50;

const DELAY_PROXY = fileURLToPath(new URL('delay-proxy.js', import.meta.url));

/** A docker-registry process, also reachable through a host with a delay. */
export class RegistryProcess {
  private constructor(
    readonly host: string,
    /** The same registry, `ROUND_TRIP_MS` away. */
    readonly distantHost: string,
    private readonly storage: string,
    private readonly children: readonly ChildProcess[],
  ) {}

  static async start({ directory }: BenchmarkContext): Promise<RegistryProcess> {
    const port = await findFreePort();
    const storage = join(directory, `registry-${port}`);
    mkdirSync(storage);
    const settings = {
      version: 0.1,
      // Errors go to the standard error: a missing blob is one.
      log: { level: 'error' },
      storage: { filesystem: { rootdirectory: storage } },
      http: { addr: `127.0.0.1:${port}` },
    };
    writeFileSync(`${storage}.yml`, JSON.stringify(settings));
    // The access log is appended, so that it can be truncated.
    const log = openSync(`${storage}.log`, 'a');
    const child = spawn('docker-registry', ['serve', `${storage}.yml`], { stdio: ['ignore', log, 'ignore'] });
    const proxy = spawn(process.execPath, [DELAY_PROXY, String(port), String(ROUND_TRIP_MS)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [distantPort] = await once(createInterface(proxy.stdout), 'line');
    const registry = new RegistryProcess(`127.0.0.1:${port}`, `127.0.0.1:${distantPort}`, storage, [child, proxy]);
    while (!(await registry.isReady())) await new Promise((resolve) => setTimeout(resolve, 50));
    return registry;
  }

  /** Deletes all images. */
  clear(): void {
    rmSync(join(this.storage, 'docker'), { recursive: true, force: true });
  }

  /** Starts to count requests. */
  resetRequests(): void {
    truncateSync(`${this.storage}.log`);
  }

  countRequests(): number {
    return readFileSync(`${this.storage}.log`, 'utf8').match(/"[A-Z]+ \/v2\//gu)?.length ?? 0;
  }

  /** Bytes of all blobs and manifests. */
  countBytes(): number {
    const blobs = join(this.storage, 'docker', 'registry', 'v2', 'blobs');
    return readdirSync(blobs, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('/data'))
      .reduce((total, name) => total + statSync(join(blobs, name)).size, 0);
  }

  stop(): void {
    for (const child of this.children) child.kill();
  }

  private isReady(): Promise<boolean> {
    return fetch(`http://${this.host}/v2/`).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}
