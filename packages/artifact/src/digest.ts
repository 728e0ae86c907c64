import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import { toFileError } from '@aws-delivery/action-kit/util/file-error';
import type { TreeEntry } from './tree.js';

/** How many files are read at once; more does not make a disk faster. */
const READ_CONCURRENCY = 8;

/** Changes whenever the same entries would make another archive, so that no old object is taken for a new one. */
const FORMAT = 'aws-delivery archive 1';

/** SHA-256 of a file in hexadecimal digits, read in pieces. */
export const hashFile = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk);
  } catch (error) {
    throw toFileError(path, error);
  }
  return hash.digest('hex');
};

/** SHA-256 of a text or of bytes in hexadecimal digits. */
export const hashContent = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

export interface TreeDigest {
  /** SHA-256 over names, kinds, executable bits and contents, in hexadecimal digits. */
  readonly digest: string;
  /** SHA-256 of each file by its name. */
  readonly files: ReadonlyMap<string, string>;
}

const hashEntry = (entry: TreeEntry): Promise<string> =>
  entry.kind === 'file' ? hashFile(entry.path) : Promise.resolve(hashContent(entry.target));

/**
 * The digest of what an archive would hold, without making the archive: what is in S3 already is found out at the
 * price of reading the files.
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
