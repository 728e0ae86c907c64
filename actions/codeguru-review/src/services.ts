import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Host } from '@aws-delivery/action-kit/host';
import type { ReviewInputs } from '../action.js';
import { Git, type Repository } from './git.js';
import type { Look } from './look.js';
import type { Request, SourceRequest } from './request.js';
import { readSarifFiles } from './sarif-source.js';

/** What this action has to do with. */
export interface Services {
  readonly host: Host;
  readonly repository: (request: Request) => Repository;
  /** Asks one source. */
  readonly ask: (source: SourceRequest, request: Request) => Promise<Look>;
  readonly writeFile: (path: string, text: string) => Promise<void>;
}

/** The services of a run. */
export const createServices = (_inputs: ReviewInputs, host: Host): Services => ({
  host,
  repository: ({ root }) => new Git(root, host.variables, host.signal),
  ask: (source, request) => readSarifFiles(source.files, request),
  writeFile: async (path, text) => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  },
});
