import { createHash } from 'node:crypto';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';

/** `sha256:` followed by 64 hexadecimal digits. */
export type Digest = `sha256:${string}`;

const DIGEST = /^sha256:[0-9a-f]{64}$/u;

/** Accepts SHA-256 only: OCI allows other algorithms, ECR does not. */
export const isDigest = (value: string): value is Digest => DIGEST.test(value);

/** Throws `invalid-input` with `label`, the document that the digest is in. */
export const parseDigest = (value: unknown, label: string): Digest => {
  if (typeof value === 'string' && isDigest(value)) return value;
  throw new DeliveryError(
    'invalid-input',
    `${label}: '${String(value)}' is not a SHA-256 digest (sha256: and 64 hexadecimal digits)`,
  );
};

export const computeDigest = (bytes: Uint8Array): Digest =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** Bytes in memory as a stream of one chunk. */
export const streamBytes = async function* (bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
};

/** Digest and size that content must have. */
export interface ExpectedContent {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

/** The error for content that does not match its digest or size. */
export const createCorruptError = (label: string, problem: string, cause?: unknown): DeliveryError =>
  new DeliveryError('rejected', `${label} is corrupt (${problem}): create the image again`, { cause });

/**
 * Passes content through and verifies it. The last chunk is held back until digest and size match, so that a corrupt
 * blob is never sent completely. Throws `rejected` for other content.
 */
export const verifyContent = async function* (
  content: AsyncIterable<Uint8Array>,
  { digest, size }: ExpectedContent,
  label: string,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let read = 0;
  let pending: Uint8Array | undefined;
  for await (const chunk of content) {
    read += chunk.length;
    if (read > size) throw createCorruptError(label, `more than the expected ${size} bytes`);
    hash.update(chunk);
    if (pending !== undefined) yield pending;
    pending = chunk;
  }
  if (read < size) throw createCorruptError(label, `${read} of ${size} bytes`);
  const actual = `sha256:${hash.digest('hex')}`;
  if (actual !== digest) throw createCorruptError(label, `its digest is ${actual}`);
  if (pending !== undefined) yield pending;
};

/**
 * Passes content through and verifies its size. The chunk that completes the content is held back until its end, so that
 * content that is too long or too short is never sent completely. Throws `rejected`. For uploads: the registry verifies
 * the digest, and hashing here as well would take a third of the time of a large push.
 */
export const verifySize = async function* (
  content: AsyncIterable<Uint8Array>,
  size: number,
  label: string,
): AsyncGenerator<Uint8Array> {
  let read = 0;
  let last: Uint8Array | undefined;
  for await (const chunk of content) {
    read += chunk.length;
    if (read > size) throw createCorruptError(label, `more than the expected ${size} bytes`);
    if (read < size) yield chunk;
    else if (chunk.length > 0) last = chunk;
  }
  if (read < size) throw createCorruptError(label, `${read} of ${size} bytes`);
  if (last !== undefined) yield last;
};
