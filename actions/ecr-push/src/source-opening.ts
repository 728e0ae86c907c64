import { resolve } from 'node:path';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import { isLoopback } from '@aws-delivery/action-kit/proxy';
import type { Builder } from './building/builder.js';
import { type EngineImage, type EngineName, type EngineOptions, findEngineImage } from './engine.js';
import { openArchive } from './oci/archive.js';
import { Authenticator, type CredentialSource } from './oci/authenticator.js';
import { DockerArchiveSource } from './oci/docker-archive.js';
import { LayoutFolder, LayoutSource } from './oci/layout.js';
import { RegistryClient } from './oci/registry-client.js';
import { RemoteSource } from './oci/remote.js';
import type { ImageSource } from './oci/source.js';
import type { Connection, Registry } from './registry.js';
import { type Login, placeIn } from './registry-login.js';
import type { SourceName } from './source-name.js';
import type { Workshop } from './workshop.js';

export interface SourceOptions {
  readonly workspace: string;
  readonly workshop: Workshop;
  /** Those that are pushed to; an image may lie in one of them. */
  readonly registries: readonly Registry[];
  readonly connection: Connection;
  /** Logs in to an account's registry in a Region. */
  readonly login: (account: string, region: string) => Promise<Login>;
  /** The engines of this machine; undefined where no source asks for one. */
  readonly engines: EngineOptions | undefined;
  readonly engine: EngineName | undefined;
  /** Builds folders; undefined where none is built. */
  readonly builder: Builder | undefined;
  /** What Docker would use for any other registry. */
  readonly credentials: (host: string) => Promise<{ readonly username: string; readonly password: string } | undefined>;
}

/** `localhost:5000` and its like speak plain HTTP, as engines have it. */
const originOf = (host: string): URL => {
  const { hostname } = new URL(`https://${host}`);
  return new URL(`${isLoopback(hostname) ? 'http' : 'https'}://${host}`);
};

/** Opens images wherever they come from; each registry is connected once. */
export class Sources {
  readonly #clients = new Map<string, RegistryClient>();

  constructor(private readonly options: SourceOptions) {}

  async open(name: SourceName): Promise<ImageSource | EngineImage> {
    const { workspace, workshop } = this.options;
    switch (name.kind) {
      case 'layout':
        return new LayoutSource(name.text, new LayoutFolder(resolve(workspace, name.path)), name.tag);
      case 'oci-archive':
        return new LayoutSource(name.text, await openArchive(resolve(workspace, name.path), workshop), name.tag);
      case 'docker-archive': {
        const files = await openArchive(resolve(workspace, name.path), workshop);
        if (files.has('manifest.json')) return new DockerArchiveSource(name.text, files, name.image, workshop);
        await files.close();
        throw new DeliveryError('invalid-input', `${name.text} is not made by docker save: try oci-archive:`);
      }
      case 'engine': {
        const { engines, engine } = this.options;
        if (engines === undefined)
          throw new DeliveryError('unexpected', `${name.text} needs an engine and has no login`);
        return findEngineImage(name.image, name.engine ?? engine, engines);
      }
      case 'folder':
        if (this.options.builder === undefined) throw new DeliveryError('unexpected', `nobody builds ${name.text}`);
        return this.options.builder.image(name.folder);
      case 'registry':
        return new RemoteSource(name.text, this.#clientOf(name.reference.registry), name.reference);
    }
  }

  #clientOf(host: string): RegistryClient {
    const own = this.options.registries.find(({ login }) => login.host === host);
    const known = own?.client ?? this.#clients.get(host);
    if (known !== undefined) return known;
    const client = this.#connect(host);
    this.#clients.set(host, client);
    return client;
  }

  #connect(host: string): RegistryClient {
    const { exchange, patience } = this.options.connection;
    const place = placeIn(host);
    const credentials: CredentialSource =
      place === undefined
        ? () => this.options.credentials(host)
        : async () => (await this.options.login(place.account, place.region)).credentials;
    const scheme = place === undefined ? 'ask' : 'basic';
    const authenticator = new Authenticator({ credentials, exchange, scheme });
    return new RegistryClient({ origin: originOf(host), exchange, authenticator, patience, access: 'pull' });
  }
}
