import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Authenticator } from './authenticator.js';
import { type Digest, digestOf, isDigest, verified } from './digest.js';
import type { Exchange, Incoming, Outgoing } from './exchange.js';
import {
  ACCEPTED,
  type Descriptor,
  type Manifest,
  MEDIA_TYPES,
  MOST_MANIFEST_BYTES,
  parseManifest,
} from './manifest.js';
import { type Patience, withPatience } from './patience.js';
import { isFault, registryError } from './registry-error.js';

/** Opens content from its beginning; called anew for each attempt. */
export type Opening = () => AsyncIterable<Uint8Array>;

/** What became of a blob: it was there, it came from another repository of the registry, or its bytes were sent. */
export type BlobFate = 'present' | 'mounted' | 'uploaded';

/** A manifest, or which of the two is missing. */
export type Found =
  | { readonly kind: 'found'; readonly manifest: Manifest }
  | { readonly kind: 'no-image' }
  | { readonly kind: 'no-repository' };

/** What a registry lists as referring to a manifest, as far as it does and we may know. */
export type Referring =
  | { readonly kind: 'listed'; readonly digests: readonly Digest[] }
  | { readonly kind: 'unknown-endpoint' }
  | { readonly kind: 'denied' };

export interface RegistryOptions {
  /** Where requests go: scheme, host and port. */
  readonly origin: URL;
  readonly exchange: Exchange;
  readonly authenticator: Authenticator;
  readonly patience: Patience;
  /** What tokens are asked for. */
  readonly access: 'pull' | 'pull,push';
}

interface Asked extends Omit<Outgoing, 'url' | 'headers'> {
  readonly repository: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Upload {
  readonly repository: string;
  readonly descriptor: Descriptor;
  readonly open: Opening;
  /** Another repository of this registry that has the blob. */
  readonly from: string | undefined;
}

const MOST_REDIRECTS = 5;

/** How often credentials may be turned down in one request: once for a challenge, once for their age. */
const MOST_REFUSALS = 2;

/** One registry over HTTP (OCI distribution specification 1.1). Every method tries again where that helps. */
export class RegistryClient {
  constructor(private readonly options: RegistryOptions) {}

  get origin(): URL {
    return this.options.origin;
  }

  /** The manifest under a tag or digest, whose bytes are checked against the digest. */
  async find(repository: string, reference: string): Promise<Found> {
    const what = `manifest ${repository}:${reference}`;
    try {
      return {
        kind: 'found',
        manifest: await this.#patiently(what, () => this.#manifest(repository, reference, what)),
      };
    } catch (error) {
      if (isFault(error, 'NAME_UNKNOWN')) return { kind: 'no-repository' };
      if (isFault(error, 404)) return { kind: 'no-image' };
      throw error;
    }
  }

  /** A blob's bytes, not yet verified; a connection that breaks off is `unavailable`. */
  async *blob(repository: string, digest: Digest): AsyncGenerator<Uint8Array> {
    const what = `blob ${digest} of ${repository}`;
    const incoming = await this.#patiently(what, () =>
      this.#ask({ method: 'GET', repository, path: `blobs/${digest}` }, what, [200]),
    );
    yield* incoming.body;
  }

  /** Makes sure that a blob is in a repository. Each attempt looks first: an answer may have been lost. */
  push(upload: Upload): Promise<BlobFate> {
    const { repository, descriptor } = upload;
    const what = `blob ${descriptor.digest} to ${repository}`;
    return this.#patiently(what, async () => {
      if (await this.#has(repository, descriptor.digest)) return 'present';
      const location = await this.#begin(upload, what);
      if (location === 'mounted') return 'mounted';
      await this.#send(upload, location, what);
      return 'uploaded';
    });
  }

  /**
   * Puts a manifest under a tag or its digest, and checks that the registry has understood the same bytes. True where
   * the registry says that it has noted the manifest's subject.
   */
  async put(repository: string, reference: string, manifest: Manifest): Promise<boolean> {
    const what = `manifest ${repository}:${reference}`;
    let attempts = 0;
    return this.#patiently(what, async () => {
      attempts += 1;
      try {
        return await this.#put(repository, reference, manifest, what);
      } catch (error) {
        // An immutable tag takes nothing twice, and the first answer may have been lost.
        const isTaken = attempts > 1 && isFault(error, 'TAG_INVALID');
        const found = isTaken ? await this.find(repository, reference) : undefined;
        if (found?.kind !== 'found' || found.manifest.digest !== manifest.digest) throw error;
        return false;
      }
    });
  }

  /** What refers to a manifest (distribution specification 1.1, "Listing Referrers"). */
  async referrers(repository: string, digest: Digest): Promise<Referring> {
    const what = `referrers of ${repository}@${digest}`;
    try {
      const bytes = await this.#patiently(what, async () => {
        const asked: Asked = { method: 'GET', repository, path: `referrers/${digest}` };
        return (await this.#ask(asked, what, [200])).bytes(MOST_MANIFEST_BYTES);
      });
      const index = parseManifest(bytes, MEDIA_TYPES.ociIndex, what);
      return { kind: 'listed', digests: index.kind === 'index' ? index.manifests.map((each) => each.digest) : [] };
    } catch (error) {
      if (isFault(error, 403)) return { kind: 'denied' };
      if (isFault(error, 404, 405)) return { kind: 'unknown-endpoint' };
      throw error;
    }
  }

  async #manifest(repository: string, reference: string, what: string): Promise<Manifest> {
    const asked: Asked = { method: 'GET', repository, path: `manifests/${reference}`, headers: { accept: ACCEPTED } };
    const incoming = await this.#ask(asked, what, [200]);
    const bytes = await incoming.bytes(MOST_MANIFEST_BYTES);
    const declared = String(incoming.headers['content-type'] ?? '').split(';')[0] ?? '';
    const claimed = isDigest(reference) ? reference : incoming.headers['docker-content-digest'];
    const digest = digestOf(bytes);
    if (claimed !== undefined && claimed !== digest) {
      throw new DeliveryError('unavailable', `${what}: the registry sent content with the digest ${digest}`);
    }
    return parseManifest(bytes, declared, what);
  }

  async #has(repository: string, digest: Digest): Promise<boolean> {
    const what = `blob ${digest} of ${repository}`;
    const incoming = await this.#ask({ method: 'HEAD', repository, path: `blobs/${digest}` }, what, [200, 404]);
    incoming.drop();
    return incoming.status === 200;
  }

  /** Begins an upload, or is done with it where the registry mounts (it need not: then it gives an upload). */
  async #begin({ repository, descriptor, from }: Upload, what: string): Promise<URL | 'mounted'> {
    const mount = from === undefined ? '' : `?${new URLSearchParams({ mount: descriptor.digest, from })}`;
    const incoming = await this.#ask({ method: 'POST', repository, path: `blobs/uploads/${mount}` }, what, [201, 202]);
    incoming.drop();
    if (incoming.status === 201) return 'mounted';
    const { location } = incoming.headers;
    if (location !== undefined && URL.canParse(location, this.origin.href)) return this.#place(location);
    throw new DeliveryError('unexpected', `${what}: the registry began an upload and did not say where`);
  }

  /** A proxy in front of a registry is not in the addresses that the registry gives. */
  #place(location: string): URL {
    const url = new URL(location, this.origin);
    const isRegistry = url.pathname.startsWith('/v2/');
    return isRegistry ? new URL(`${url.pathname}${url.search}`, this.origin) : url;
  }

  async #send({ repository, descriptor, open }: Upload, location: URL, what: string): Promise<void> {
    const url = new URL(location);
    url.searchParams.set('digest', descriptor.digest);
    const { size, digest } = descriptor;
    const incoming = await this.#authorised(
      url,
      repository,
      {
        method: 'PUT',
        headers: { 'content-type': 'application/octet-stream' },
        body: { size, open: () => verified(open(), descriptor, `blob ${digest}`) },
      },
      what,
    );
    if (incoming.status !== 201) throw await registryError(incoming, what);
    incoming.drop();
    this.#compare(incoming, digest, what);
  }

  async #put(repository: string, reference: string, { bytes, mediaType, digest }: Manifest, what: string) {
    const asked: Asked = {
      method: 'PUT',
      repository,
      path: `manifests/${reference}`,
      headers: { 'content-type': mediaType },
      body: { size: bytes.length, open: () => once(bytes) },
    };
    const incoming = await this.#ask(asked, what, [201]);
    incoming.drop();
    this.#compare(incoming, digest, what);
    return incoming.headers['oci-subject'] !== undefined;
  }

  #compare({ headers }: Incoming, digest: Digest, what: string): void {
    const claimed = headers['docker-content-digest'];
    if (claimed === undefined || claimed === digest) return;
    throw new DeliveryError('unexpected', `${what}: the registry took it for ${String(claimed)}: it is not trusted`);
  }

  #patiently<T>(what: string, work: () => Promise<T>): Promise<T> {
    return withPatience(this.options.patience, what, work);
  }

  /** One request below a repository; an answer with another status than `expected` is thrown. */
  async #ask({ repository, path, headers = {}, ...rest }: Asked, what: string, expected: readonly number[]) {
    const url = new URL(`/v2/${repository}/${path}`, this.origin);
    const incoming = await this.#authorised(url, repository, { ...rest, headers }, what);
    if (expected.includes(incoming.status)) return incoming;
    throw await registryError(incoming, what);
  }

  /** Sends with credentials for the registry itself, and gets others where it turns them down. */
  async #authorised(url: URL, repository: string, outgoing: Omit<Outgoing, 'url'>, what: string): Promise<Incoming> {
    const { authenticator } = this.options;
    const scope = `repository:${repository}:${this.options.access}`;
    for (let refusals = 0; ; refusals += 1) {
      const header = url.origin === this.origin.origin ? await authenticator.header(scope) : undefined;
      const incoming = await this.#follow(url, outgoing, header);
      if (incoming.status < 400 || ![400, 401, 403].includes(incoming.status)) return incoming;
      const error = await registryError(incoming, what);
      const isOld = error.code === 'expired' && refusals < MOST_REFUSALS;
      const challenge = incoming.headers['www-authenticate'];
      if (!isOld || !(await authenticator.answer(challenge, scope, header))) throw error;
    }
  }

  /** Registries keep blobs elsewhere and say where; what is kept there is not told our credentials. */
  async #follow(start: URL, outgoing: Omit<Outgoing, 'url'>, authorization: string | undefined): Promise<Incoming> {
    let url = start;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      const isOwn = url.origin === this.origin.origin && authorization !== undefined;
      const headers = { ...outgoing.headers, ...(isOwn ? { authorization } : {}) };
      const incoming = await this.options.exchange({ ...outgoing, url, headers });
      const { location } = incoming.headers;
      const isRedirect = [301, 302, 303, 307, 308].includes(incoming.status) && location !== undefined;
      if (!isRedirect || outgoing.body !== undefined || !URL.canParse(location, url.href)) return incoming;
      incoming.drop();
      url = new URL(location, url);
    }
    throw new DeliveryError('refused', `${start.href} redirects more than ${MOST_REDIRECTS} times`);
  }
}

const once = async function* (bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
};
