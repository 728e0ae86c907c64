import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host } from './host.js';

const STATE_KEY = 'folder';

/** A private folder for what is temporary, made when it is first needed and gone with the job at the latest. */
export class TempDir {
  #directory: Promise<string> | undefined;
  #count = 0;

  constructor(private readonly host: Host) {}

  /** The post step learns of the folder before anything is put into it. */
  getPath(): Promise<string> {
    this.#directory ??= mkdtemp(join(this.host.env['RUNNER_TEMP'] || tmpdir(), 'ecr-push-')).then((path) => {
      this.host.saveState(STATE_KEY, path);
      return path;
    });
    return this.#directory;
  }

  /** A number for a name that no other file has. */
  getNextNumber(): number {
    this.#count += 1;
    return this.#count;
  }

  async close(): Promise<void> {
    if (this.#directory !== undefined) await rm(await this.#directory, { recursive: true, force: true });
  }
}

/** What a main step that did not come to its end has left behind. */
export const findAbandonedTempDir = (host: Host): string | undefined => host.readState(STATE_KEY);
