import { mkdir, open, realpath, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { getPathInside } from '@aws-delivery/action-kit/util/path';

/** Pieces of a report are redacted and written together up to this length. */
const BATCH_LENGTH = 1 << 15;

/** Joins short pieces of text, so that each batch costs one call. */
export function* batchText(pieces: Iterable<string>): Generator<string> {
  let batch: string[] = [];
  let length = 0;
  for (const piece of pieces) {
    batch.push(piece);
    length += piece.length;
    if (length < BATCH_LENGTH) continue;
    yield batch.join('');
    batch = [];
    length = 0;
  }
  yield batch.join('');
}

/**
 * Whether a link inside the workspace makes the directory resolve to another place. Compares case-insensitively, since
 * some file systems do.
 */
const isRedirected = async (directory: string, realDirectory: string, workspace: string): Promise<boolean> => {
  const relativePath = getPathInside(workspace, directory);
  if (relativePath === undefined) return false;
  return realDirectory.toLowerCase() !== join(await realpath(workspace), relativePath).toLowerCase();
};

/**
 * Creates the directory of a report file and removes an old file. The repository under review may have committed links
 * at these paths: a link in place of the file is removed, a link in place of a directory is rejected.
 * @returns the path without links
 * @throws DeliveryError `rejected` for a directory that a link redirects
 */
const prepareFile = async (path: string, workspace: string | undefined): Promise<string> => {
  const directory = dirname(path);
  await mkdir(directory, { recursive: true });
  const realDirectory = await realpath(directory);
  if (workspace !== undefined && (await isRedirected(directory, realDirectory, workspace))) {
    const rule = `'${directory}' leads to '${realDirectory}' through a symbolic link`;
    throw new DeliveryError('rejected', `${rule}: set 'report-directory' to a path that is not in the repository`);
  }
  const filePath = join(realDirectory, basename(path));
  await rm(filePath, { force: true });
  return filePath;
};

/** Writes report files to one directory. */
export class ReportWriter {
  constructor(
    private readonly directory: string,
    private readonly host: Host,
  ) {}

  /**
   * Writes a redacted file piece by piece; secrets are not redacted across pieces, except across those of one batch. A
   * file that cannot be written is a warning and does not affect the verdict.
   * @returns its path; undefined if it was not written
   */
  async write(name: string, render: () => Iterable<string>): Promise<string | undefined> {
    const { env, log, redactor } = this.host;
    const path = join(this.directory, name);
    try {
      const file = await open(await prepareFile(path, env['GITHUB_WORKSPACE']), 'wx');
      try {
        for (const batch of batchText(render())) await file.writeFile(redactor.redact(batch));
      } finally {
        await file.close();
      }
      return path;
    } catch (error) {
      log.warning(`Cannot write the report file '${path}': ${errorMessage(error)}`);
      return undefined;
    }
  }
}
