import { createHash } from 'node:crypto';
import { DeliveryError } from '@aws-delivery/action-kit/error';

/** `sha256:` and 64 hexadecimal digits: the name of content by what it is. */
export type Digest = `sha256:${string}`;

const DIGEST = /^sha256:[0-9a-f]{64}$/u;

/** Is it a digest as registries write it? Other algorithms are legal in OCI, and ECR takes none of them. */
export const isDigest = (text: string): text is Digest => DIGEST.test(text);

/** The digest a text is. Throws `invalid-input` for any other text, naming `what` it belongs to. */
export const parseDigest = (text: unknown, what: string): Digest => {
  if (typeof text === 'string' && isDigest(text)) return text;
  throw new DeliveryError('invalid-input', `${what}: '${String(text)}' is not a digest: sha256: and 64 digits are`);
};

export const digestOf = (bytes: Uint8Array): Digest => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** What content is expected to be. */
export interface Expected {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

const corrupt = (what: string, fault: string): DeliveryError =>
  new DeliveryError('refused', `${what} ${fault}: it is corrupt; make it anew`);

/**
 * The content as it is, but its last piece only once the whole is known to be what it should be: a wrong blob never
 * reaches its end on the wire, whoever checks there. Throws `refused` for other bytes, or fewer, or more.
 */
export const verified = async function* (
  content: AsyncIterable<Uint8Array>,
  { digest, size }: Expected,
  what: string,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let read = 0;
  let held: Uint8Array | undefined;
  for await (const piece of content) {
    read += piece.length;
    if (read > size) throw corrupt(what, `has more than its ${size} bytes`);
    hash.update(piece);
    if (held !== undefined) yield held;
    held = piece;
  }
  if (read < size) throw corrupt(what, `has ${read} of its ${size} bytes`);
  const found = `sha256:${hash.digest('hex')}`;
  if (found !== digest) throw corrupt(what, `has the digest ${found}`);
  if (held !== undefined) yield held;
};
