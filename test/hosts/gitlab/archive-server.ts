import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../../scripts/command.mjs';
import { readVersion } from '../../../scripts/release/version.mjs';

const release = `aws-delivery-actions-${readVersion()}`;

/** Serves an archive of this checkout's bundles on loopback, with the layout of a release archive. */
export class ArchiveServer implements AsyncDisposable {
  readonly sha256: string;
  requests = 0;
  private readonly server: Server;

  private constructor(bytes: Buffer) {
    this.sha256 = createHash('sha256').update(bytes).digest('hex');
    this.server = createServer((_, response) => {
      this.requests += 1;
      response.end(bytes);
    });
  }

  static async start(): Promise<ArchiveServer> {
    const directory = mkdtempSync(join(realpathSync.native(tmpdir()), 'archive-'));
    const actions = readdirSync(join(root, 'actions')).map((name) => `actions/${name}`);
    const paths = [...actions.flatMap((path) => [`${path}/action.yml`, `${path}/dist`]), 'packages/node-runner/dist'];
    for (const path of paths) cpSync(join(root, path), join(directory, release, path), { recursive: true });
    const { status } = spawnSync('tar', ['-czf', 'archive.tar.gz', release], { cwd: directory });
    if (status !== 0) throw new Error(`tar ended with ${status}`);
    const server = new ArchiveServer(readFileSync(join(directory, 'archive.tar.gz')));
    rmSync(directory, { recursive: true });
    await new Promise<void>((resolve) => server.server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/archive.tar.gz`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
