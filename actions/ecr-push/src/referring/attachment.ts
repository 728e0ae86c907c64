import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Log } from '@aws-delivery/action-kit/log';
import type { Digest } from '../oci/digest.js';
import type { Descriptor, Manifest } from '../oci/manifest.js';
import type { Registry } from '../registry.js';
import { EMPTY_CONFIG, type ReferrerFile, referrerManifest } from './referrer-file.js';

/** A file that refers to an image in a registry. */
export interface Attached {
  readonly path: string;
  readonly artifactType: string;
  readonly digest: Digest;
}

export interface AttachmentOptions {
  readonly registry: Registry;
  readonly repository: string;
  /** Of the image that is referred to. */
  readonly digest: Digest;
  /** The image's name for people. */
  readonly name: string;
  readonly log: Log;
}

const once = async function* (bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
};

const pushBlob = async (descriptor: Descriptor, bytes: Buffer, { registry, repository }: AttachmentOptions) => {
  await registry.ledger.ensure({ repository, descriptor, open: () => once(bytes), from: undefined }).fate;
};

/** Registries that know OCI 1.1 say so, in the answer or when they are asked (distribution specification, "subject"). */
const warnUnlisted = async (attached: Attached, options: AttachmentOptions): Promise<void> => {
  const { registry, repository, digest, name, log } = options;
  const listed = await registry.client.referrers(repository, digest);
  if (listed.kind === 'unknown-endpoint') {
    const text = 'the registry does not list referrers (OCI 1.1)';
    log.warning(`${name}: ${text}: tools find ${attached.path} only by its own digest ${attached.digest}`);
  } else if (listed.kind === 'listed' && !listed.digests.includes(attached.digest)) {
    throw new DeliveryError('unexpected', `${name}: the registry has taken ${attached.path} and does not list it`);
  }
};

const attach = async (file: ReferrerFile, subject: Manifest, options: AttachmentOptions): Promise<Attached> => {
  const { registry, repository, name, log } = options;
  const { mediaType, digest, bytes } = subject;
  const manifest = referrerManifest(file, { mediaType, digest, size: bytes.length });
  const { path, artifactType } = file;
  const attached = { path, artifactType, digest: manifest.digest };
  const found = await registry.client.find(repository, manifest.digest);
  if (found.kind === 'found') {
    log.info(`${name}: ${path} refers to it already (${manifest.digest})`);
    return attached;
  }
  if (manifest.kind !== 'image') throw new DeliveryError('unexpected', `the manifest of ${path} is an index`);
  await pushBlob(manifest.config, EMPTY_CONFIG.bytes, options);
  for (const layer of manifest.layers) await pushBlob(layer, file.bytes, options);
  const isNoted = await registry.client.put(repository, manifest.digest, manifest);
  log.info(`${name}: ${path} refers to it as ${artifactType} (${manifest.digest})`);
  if (!isNoted) await warnUnlisted(attached, options);
  return attached;
};

/** Pushes files as referrers of an image that is there; what refers to it already is not pushed again. */
export const attachAll = async (
  files: readonly ReferrerFile[],
  options: AttachmentOptions,
): Promise<readonly Attached[]> => {
  if (files.length === 0) return [];
  const found = await options.registry.client.find(options.repository, options.digest);
  if (found.kind !== 'found') {
    throw new DeliveryError('not-found', `${options.name} is not there any more: somebody has deleted it`);
  }
  const attached: Attached[] = [];
  for (const file of files) attached.push(await attach(file, found.manifest, options));
  return attached;
};
