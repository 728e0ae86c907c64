import type { Digest } from './digest.js';
import type { Descriptor, Manifest } from './manifest.js';

/** One platform's image in a manifest list. */
export interface PlatformImage {
  readonly manifest: Digest;
  /** Digest of the configuration; undefined when only the manifest is known. */
  readonly config: Digest | undefined;
}

/**
 * How an image is recognised in a registry: by the digest of its manifest when the source has one, otherwise by that of
 * its configuration, which does not depend on how layers are compressed. An engine's image ID may be either of them. A
 * manifest list of an engine is recognised by the images of all its platforms.
 */
export type Identity =
  | { readonly by: 'manifest' | 'config' | 'either'; readonly digest: Digest }
  | { readonly by: 'platforms'; readonly platforms: readonly PlatformImage[] };

/** A repository in a registry. */
export interface RemoteRepository {
  readonly origin: string;
  readonly repository: string;
}

/** An image to copy. Every method throws DeliveryError, for example `not-found`, `rejected` or `invalid-input`. */
export interface ImageSource {
  /** The source as the user wrote it, for messages: `oci:build/app:1.0`. */
  readonly name: string;
  /** Does not read layers. */
  getIdentity(): Promise<Identity>;
  /**
   * The manifest of the image, or the index. `onBlob` is called for content that can be uploaded before the manifest is
   * known, because the source has to prepare the rest.
   */
  getRootManifest(onBlob?: (descriptor: Descriptor) => void): Promise<Manifest>;
  /** A manifest that an index points to. */
  getManifest(descriptor: Descriptor): Promise<Manifest>;
  /**
   * Streams the content from its beginning, unverified. Buffers are used again: a chunk is valid until two more chunks
   * have been requested.
   */
  open(descriptor: Descriptor): AsyncIterable<Uint8Array>;
  /** The repository that has a manifest or blob of an image in a registry. */
  findRemoteRepository?(digest: Digest): RemoteRepository | undefined;
  /** Closes open files. */
  close(): Promise<void>;
}
