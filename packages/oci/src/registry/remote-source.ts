import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { Identity, ImageSource } from '../image/image-source.js';
import type { Descriptor, Manifest } from '../image/manifest.js';
import type { Reference } from '../image/reference.js';
import type { RegistryClient } from './registry-client.js';

/** An image in a registry. */
export class RemoteSource implements ImageSource {
  private rootManifest: Promise<Manifest> | undefined;

  constructor(
    readonly name: string,
    readonly client: RegistryClient,
    private readonly reference: Reference,
  ) {}

  get repository(): string {
    return this.reference.repository;
  }

  findRemoteRepository() {
    return { origin: this.client.origin.origin, repository: this.reference.repository };
  }

  async getIdentity(): Promise<Identity> {
    return { by: 'manifest', digest: (await this.getRootManifest()).digest };
  }

  getRootManifest(): Promise<Manifest> {
    this.rootManifest ??= this.findManifest(this.reference.digest ?? this.reference.tag ?? 'latest');
    return this.rootManifest;
  }

  getManifest({ digest }: Descriptor): Promise<Manifest> {
    return this.findManifest(digest);
  }

  open({ digest }: Descriptor): AsyncIterable<Uint8Array> {
    return this.client.streamBlob(this.reference.repository, digest);
  }

  async close(): Promise<void> {}

  private async findManifest(reference: string): Promise<Manifest> {
    const found = await this.client.findManifest(this.reference.repository, reference);
    if (found.kind === 'found') return found.manifest;
    const { repository } = this.reference;
    const missing = found.kind === 'no-image' ? `image '${reference}'` : `repository '${repository}'`;
    throw new DeliveryError(
      'not-found',
      `${this.name}: ${missing} not found in ${this.client.origin.host}: correct the source, or push the image first`,
    );
  }
}
