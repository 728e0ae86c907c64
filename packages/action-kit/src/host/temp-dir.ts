import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host } from './host.js';

export interface TempDirOptions {
  /** First part of the directory's name. */
  readonly prefix: string;
  /** Key of the saved state under which the post step finds the path. */
  readonly stateKey: string;
}

/** A private temporary directory (mode 0700), created on first use. */
export class TempDir {
  private directory: Promise<string> | undefined;
  private count = 0;

  constructor(
    private readonly host: Host,
    private readonly options: TempDirOptions,
  ) {}

  /** The directory. Its path is saved for the post step before any file is written into it. */
  getPath(): Promise<string> {
    const { prefix, stateKey } = this.options;
    this.directory ??= mkdtemp(join(this.host.env['RUNNER_TEMP'] || tmpdir(), prefix)).then((path) => {
      this.host.saveState(stateKey, path);
      return path;
    });
    return this.directory;
  }

  /** A path for a new file; no other call returns the same one, also for the same `name`. */
  async createPath(name: string): Promise<string> {
    this.count += 1;
    const { count } = this;
    return join(await this.getPath(), `${count}-${name}`);
  }

  async close(): Promise<void> {
    if (this.directory !== undefined) await rm(await this.directory, { recursive: true, force: true });
  }
}

/** The directory of a main step that was killed before it could remove it. */
export const findAbandonedTempDir = (host: Host, stateKey: string): string | undefined => host.readState(stateKey);
