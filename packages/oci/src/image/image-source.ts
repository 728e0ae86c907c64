import type { Digest } from './digest.js';
import type { Descriptor, Manifest } from './manifest.js';

/**
 * By what an image is recognised again in a registry: its manifest where the source has one, else its configuration,
 * which survives every way of packing the layers; an engine's id may be either.
 */
export interface Identity {
  readonly by: 'manifest' | 'config' | 'either';
  readonly digest: Digest;
}

/** Where an image comes from. Every method throws DeliveryError: `not-found`, `refused`, `invalid-input`… */
export interface ImageSource {
  /** For messages, as it was given: `oci:build/app:1.0`. */
  readonly name: string;
  /** Found without reading layers. */
  getIdentity(): Promise<Identity>;
  /** The image or index itself. */
  getRootManifest(): Promise<Manifest>;
  /** A manifest that an index points to. */
  getManifest(descriptor: Descriptor): Promise<Manifest>;
  /** Content from its beginning, not yet verified. */
  open(descriptor: Descriptor): AsyncIterable<Uint8Array>;
  /** The registry and repository that it lies in, where it lies in one. */
  readonly remoteRepository?: { readonly origin: string; readonly repository: string };
  /** Gives back what it holds: open files, temporary ones. */
  close(): Promise<void>;
}
