import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import { toFileError } from '@aws-delivery/action-kit/util/file-error';
import type { TreeEntry } from './tree.js';

/** Files read in parallel; a disk gets no faster with more. */
const READ_CONCURRENCY = 8;

/** Must change whenever equal entries would produce another archive, so that old objects are not reused. */
const FORMAT = 'aws-delivery archive 1';

/** SHA-256 of a file in hexadecimal, read as a stream. */
export const hashFile = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk);
  } catch (error) {
    throw toFileError(path, error);
  }
  return hash.digest('hex');
};

/** SHA-256 in hexadecimal. */
export const hashContent = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

export interface TreeDigest {
  /** SHA-256 of names, kinds, executable bits and contents, in hexadecimal. */
  readonly digest: string;
  /** SHA-256 of each file by name. */
  readonly files: ReadonlyMap<string, string>;
}

const hashEntry = (entry: TreeEntry): Promise<string> =>
  entry.kind === 'file' ? hashFile(entry.path) : Promise.resolve(hashContent(entry.target));

/**
 * The digest of an archive's content, computed without creating the archive: whether it is already in S3 costs only
 * reading the files.
 */
export const hashTree = async (entries: readonly TreeEntry[]): Promise<TreeDigest> => {
  const digests = await mapConcurrent(entries, READ_CONCURRENCY, hashEntry);
  const treeHash = createHash('sha256').update(`${FORMAT}\n`);
  const files = new Map<string, string>();
  for (const [index, entry] of entries.entries()) {
    const content = digests[index] ?? '';
    const kind = entry.kind === 'file' && entry.executable ? 'executable' : entry.kind;
    treeHash.update(`${JSON.stringify([kind, entry.name, content])}\n`);
    if (entry.kind === 'file') files.set(entry.name, content);
  }
  return { digest: treeHash.digest('hex'), files };
};
