import type { Log } from '@aws-delivery/action-kit/host/log';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { type Digest, streamBytes } from '@aws-delivery/oci/image/digest';
import type { Descriptor, Manifest } from '@aws-delivery/oci/image/manifest';
import { addToReferrersTag } from '@aws-delivery/oci/transfer/copy-referrers';
import type { Registry } from '../login/registry.js';
import type { AttachedReferrer, Outcome } from '../push/push-result.js';
import { buildReferrerManifest, EMPTY_CONFIG, type ReferrerFile } from './referrer-file.js';

export interface AttachOptions {
  readonly registry: Registry;
  readonly repository: string;
  /** The image in logs. */
  readonly name: string;
  readonly log: Log;
}

const pushBlob = async (descriptor: Descriptor, bytes: Buffer, { registry, repository }: AttachOptions) => {
  await registry.blobCache.ensure({ repository, descriptor, open: () => streamBytes(bytes), mountSource: undefined })
    .result;
};

/**
 * Registries with OCI 1.1 confirm the subject in the response, or list the referrer (distribution specification,
 * "subject"). For other registries the client maintains a tag with the index of referrers.
 */
const ensureListed = async (
  referrer: AttachedReferrer & { readonly path: string },
  manifest: Manifest,
  subject: Digest,
  options: AttachOptions,
): Promise<void> => {
  const { registry, repository, name, log } = options;
  const { client } = registry;
  const listed = await client.listReferrers(repository, subject);
  if (listed.kind === 'unsupported') {
    await addToReferrersTag({ client, repository }, subject, [manifest]);
    log.info(`${name}: Listed ${referrer.path} in the referrers tag: the registry has no referrers API (OCI 1.1)`);
  } else if (listed.kind === 'listed' && !listed.referrers.some(({ digest }) => digest === referrer.digest)) {
    throw new DeliveryError(
      'unexpected',
      `${name}: the registry accepted ${referrer.path}, but does not list it as a referrer`,
    );
  }
};

const attachReferrer = async (
  file: ReferrerFile,
  subject: Manifest,
  options: AttachOptions,
): Promise<AttachedReferrer> => {
  const { registry, repository, name, log } = options;
  const { mediaType, digest, bytes } = subject;
  const manifest = buildReferrerManifest(file, { mediaType, digest, size: bytes.length });
  const { path, artifactType } = file;
  const referrer = { path, artifactType, digest: manifest.digest };
  const found = await registry.client.findManifest(repository, manifest.digest);
  if (found.kind === 'found') {
    log.info(`${name}: Referrer ${path} already exists (${manifest.digest})`);
    await ensureListed(referrer, manifest, digest, options);
    return referrer;
  }
  if (manifest.kind !== 'image') throw new DeliveryError('unexpected', `the manifest of ${path} is an image index`);
  await pushBlob(manifest.config, EMPTY_CONFIG.bytes, options);
  for (const layer of manifest.layers) await pushBlob(layer, file.bytes, options);
  const isSubjectRecorded = await registry.client.putManifest(repository, manifest.digest, manifest);
  log.info(`${name}: Attached ${path} as ${artifactType} (${manifest.digest})`);
  if (!isSubjectRecorded) await ensureListed(referrer, manifest, digest, options);
  return referrer;
};

/**
 * Pushes files as referrers of the image that a push ended with, and returns its outcome with them; a referrer that
 * the registry has is not pushed again. When another image was kept under the tags, nothing is attached to it.
 */
export const attachReferrers = async (
  files: readonly ReferrerFile[],
  outcome: Outcome,
  options: AttachOptions,
): Promise<Outcome> => {
  const { registry, repository, name, log } = options;
  if (outcome.kind !== 'pushed' && outcome.kind !== 'unchanged' && outcome.kind !== 'untagged') {
    const paths = files.map(({ path }) => path).join(', ');
    log.warning(`${name}: another image was kept, so ${paths} was not attached`);
    return outcome;
  }
  const found = await registry.client.findManifest(repository, outcome.digest);
  if (found.kind !== 'found') {
    throw new DeliveryError('not-found', `${name} no longer exists: another process deleted it`);
  }
  const referrers: AttachedReferrer[] = [];
  for (const file of files) referrers.push(await attachReferrer(file, found.manifest, options));
  return { ...outcome, referrers };
};
