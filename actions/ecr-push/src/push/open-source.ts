import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isLoopback } from '@aws-delivery/action-kit/http/proxy';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { type ArchiveTools, openArchive } from '@aws-delivery/oci/archive/open-archive';
import { openDockerArchive } from '@aws-delivery/oci/archive/open-docker-archive';
import type { ImageSource } from '@aws-delivery/oci/image/image-source';
import { IndexSource } from '@aws-delivery/oci/image/index-source';
import { LayoutDirectory, LayoutSource } from '@aws-delivery/oci/layout/layout-source';
import { Authenticator, type Credentials } from '@aws-delivery/oci/registry/authenticator';
import { RegistryClient } from '@aws-delivery/oci/registry/registry-client';
import { RemoteSource } from '@aws-delivery/oci/registry/remote-source';
import type { Builder } from '../build/builder.js';
import type { EngineName, EngineOptions } from '../engine/engine.js';
import { type EngineImage, findEngineImage } from '../engine/find-engine.js';
import type { ImageLocation, IndexImage } from '../inputs/image-location.js';
import { findPrivateRegistry, type PrivateRegistry, parseEcrHost } from '../login/ecr-host.js';
import { type Connection, hasHost, isTrustedTokenServer, type Registry } from '../login/registry.js';
import type { Login } from '../login/registry-login.js';

export interface SourceOpenerOptions {
  readonly workspace: string;
  readonly archiveTools: ArchiveTools;
  /** The registries to push to; a source in one of them uses its client. */
  readonly registries: readonly Registry[];
  readonly connection: Connection;
  /** Gets the login of another private ECR registry. */
  readonly fetchLogin: (account: string, region: string) => Promise<Login>;
  /** Undefined when no source needs an engine. */
  readonly engines: EngineOptions | undefined;
  readonly engine: EngineName | undefined;
  /** Undefined when nothing is built. */
  readonly builder: Builder | undefined;
  /** Finds Docker's credentials for other registries. */
  readonly findCredentials: (host: string) => Promise<Credentials | undefined>;
}

/** The repository that an image is pushed to. */
export interface PushTarget {
  readonly registry: Registry;
  readonly repository: string;
}

/** Loopback hosts such as `localhost:5000` use plain HTTP, as in engines. */
const getOrigin = (host: string): URL => {
  const { hostname } = new URL(`https://${host}`);
  return new URL(`${isLoopback(hostname) ? 'http' : 'https'}://${host}`);
};

/** Opens the sources of images; creates one client per registry. */
export class SourceOpener {
  private readonly clients = new Map<string, RegistryClient>();

  constructor(private readonly options: SourceOpenerOptions) {}

  /** `target` is where the image is pushed to. */
  async open(location: ImageLocation, target?: PushTarget): Promise<ImageSource | EngineImage> {
    const { workspace, archiveTools } = this.options;
    switch (location.kind) {
      case 'layout':
        return new LayoutSource(
          location.label,
          new LayoutDirectory(resolve(workspace, location.path)),
          location.selector,
        );
      case 'oci-archive': {
        const files = await openArchive(resolve(workspace, location.path), archiveTools);
        return new LayoutSource(location.label, files, location.selector);
      }
      case 'docker-archive': {
        const files = await openArchive(resolve(workspace, location.path), archiveTools);
        return openDockerArchive(location.label, files, location.selector, archiveTools.createTempPath);
      }
      case 'engine': {
        const { engines, engine } = this.options;
        if (engines === undefined)
          throw new DeliveryError('unexpected', `${location.label} requires a container engine`);
        return findEngineImage(location.image, location.engine ?? engine, engines);
      }
      case 'build-directory':
        if (this.options.builder === undefined)
          throw new DeliveryError('unexpected', `no builder for ${location.label}`);
        return this.options.builder.getImage(location.directory);
      case 'index':
        return this.openIndex(location.label, location.images, target);
      case 'registry':
        return new RemoteSource(location.label, this.getClient(location.reference.registry), location.reference);
    }
  }

  private async openIndex(
    label: string,
    images: readonly IndexImage[],
    target: PushTarget | undefined,
  ): Promise<ImageSource> {
    const sources: ImageSource[] = [];
    const source = new IndexSource(label, sources, this.options.connection.retry);
    try {
      for (const image of images) sources.push(await this.openIndexImage(image, target));
      return source;
    } catch (error) {
      await source.close();
      throw error;
    }
  }

  private async openIndexImage(image: IndexImage, target: PushTarget | undefined): Promise<ImageSource> {
    if (image.kind !== 'digest') {
      const source = await this.open(image, target);
      if (!('kind' in source)) return source;
    } else if (target !== undefined) {
      const { registry, repository } = target;
      const reference = { registry: registry.login.host, repository, tag: undefined, digest: image.digest };
      return new RemoteSource(image.label, registry.client, reference);
    }
    throw new DeliveryError('unexpected', `${image.label} cannot be an image of an index`);
  }

  /** Saves an engine's image as an archive for `use`, and deletes the archive. Throws DeliveryError. */
  async useExport<T>(
    image: EngineImage,
    onLine: (line: string) => void,
    use: (source: ImageSource) => Promise<T>,
  ): Promise<T> {
    const path = await this.options.archiveTools.createTempPath('image.tar');
    try {
      const kind = await image.save(path, onLine);
      const source = await this.open({ kind, label: image.name, path, selector: undefined });
      if ('kind' in source) throw new DeliveryError('unexpected', `${image.name} was not saved as an archive`);
      return await use(source).finally(() => source.close());
    } finally {
      await rm(path, { force: true });
    }
  }

  private getClient(host: string): RegistryClient {
    const ownRegistry = this.options.registries.find((registry) => hasHost(registry, host));
    const known = ownRegistry?.client ?? this.clients.get(host);
    if (known !== undefined) return known;
    const client = this.createClient(host);
    this.clients.set(host, client);
    return client;
  }

  private createClient(host: string): RegistryClient {
    const { transport, retry } = this.options.connection;
    const origin = getOrigin(host);
    const privateRegistry = findPrivateRegistry(host);
    const authenticator =
      privateRegistry === undefined
        ? new Authenticator({
            getCredentials: () => this.options.findCredentials(host),
            transport,
            scheme: 'challenge',
          })
        : new Authenticator({
            getCredentials: () => this.fetchCredentials(host, privateRegistry),
            transport,
            scheme: 'basic',
            isTrusted: (url) => isTrustedTokenServer(url, origin),
          });
    return new RegistryClient({ origin, transport, authenticator, retry, access: 'pull' });
  }

  /** ECR's login for a host that is ECR's by its whole name or by the `proxyEndpoint` of the login. */
  private async fetchCredentials(host: string, { account, region }: PrivateRegistry) {
    const login = await this.options.fetchLogin(account, region);
    const isEcr = parseEcrHost(host) !== undefined || login.host === host;
    return isEcr ? login.credentials : this.options.findCredentials(host);
  }
}
