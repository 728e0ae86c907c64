import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Descriptor, Manifest } from './manifest.js';
import type { Reference } from './reference.js';
import type { RegistryClient } from './registry-client.js';
import type { Identity, ImageSource } from './source.js';

/** An image in a registry. */
export class RemoteSource implements ImageSource {
  #root: Promise<Manifest> | undefined;

  constructor(
    readonly name: string,
    private readonly client: RegistryClient,
    private readonly reference: Reference,
  ) {}

  get place() {
    return { origin: this.client.origin.origin, repository: this.reference.repository };
  }

  async identity(): Promise<Identity> {
    return { by: 'manifest', digest: (await this.root()).digest };
  }

  root(): Promise<Manifest> {
    this.#root ??= this.#find(this.reference.digest ?? this.reference.tag ?? 'latest');
    return this.#root;
  }

  manifest({ digest }: Descriptor): Promise<Manifest> {
    return this.#find(digest);
  }

  open({ digest }: Descriptor): AsyncIterable<Uint8Array> {
    return this.client.blob(this.reference.repository, digest);
  }

  async close(): Promise<void> {}

  async #find(reference: string): Promise<Manifest> {
    const found = await this.client.find(this.reference.repository, reference);
    if (found.kind === 'found') return found.manifest;
    const what = found.kind === 'no-image' ? `no image ${reference}` : 'no such repository';
    throw new DeliveryError('not-found', `${this.name}: ${this.client.origin.host} has ${what}: push it there first`);
  }
}
