import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host } from '@aws-delivery/action-kit/host';

const STATE = 'folder';

/** A private folder for what is temporary, made when it is first needed and gone with the job at the latest. */
export class Workshop {
  #folder: Promise<string> | undefined;
  #count = 0;

  constructor(private readonly host: Host) {}

  /** The post step learns of the folder before anything is put into it. */
  folder(): Promise<string> {
    this.#folder ??= mkdtemp(join(this.host.variables['RUNNER_TEMP'] || tmpdir(), 'ecr-push-')).then((folder) => {
      this.host.saveState(STATE, folder);
      return folder;
    });
    return this.#folder;
  }

  /** A number for a name that no other file has. */
  ordinal(): number {
    this.#count += 1;
    return this.#count;
  }

  async close(): Promise<void> {
    if (this.#folder !== undefined) await rm(await this.#folder, { recursive: true, force: true });
  }
}

/** What a main step that did not come to its end has left behind. */
export const forgottenFolder = (host: Host): string | undefined => host.readState(STATE);
