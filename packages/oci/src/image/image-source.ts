import type { Digest } from './digest.js';
import type { Descriptor, Manifest } from './manifest.js';

/**
 * The digest by which an image is recognised in a registry: that of its manifest when the source has one, otherwise
 * that of its configuration, which does not depend on how layers are compressed. An engine's image ID may be either of
 * them.
 */
export interface Identity {
  readonly by: 'manifest' | 'config' | 'either';
  readonly digest: Digest;
}

/** An image to copy. Every method throws DeliveryError, for example `not-found`, `rejected` or `invalid-input`. */
export interface ImageSource {
  /** The source as the user wrote it, for messages: `oci:build/app:1.0`. */
  readonly name: string;
  /** Does not read layers. */
  getIdentity(): Promise<Identity>;
  /** The manifest of the image, or the index. */
  getRootManifest(): Promise<Manifest>;
  /** A manifest that an index points to. */
  getManifest(descriptor: Descriptor): Promise<Manifest>;
  /** Streams the content from its beginning, unverified. */
  open(descriptor: Descriptor): AsyncIterable<Uint8Array>;
  /** Origin and repository of an image in a registry. */
  readonly remoteRepository?: { readonly origin: string; readonly repository: string };
  /** Closes open files. */
  close(): Promise<void>;
}
