import type { Log } from '@aws-delivery/action-kit/host/log';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { type Digest, streamBytes } from '@aws-delivery/oci/image/digest';
import type { Descriptor, Manifest } from '@aws-delivery/oci/image/manifest';
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
 * "subject").
 */
const warnUnlisted = async (referrer: AttachedReferrer, subject: Digest, options: AttachOptions): Promise<void> => {
  const { registry, repository, name, log } = options;
  const listed = await registry.client.listReferrers(repository, subject);
  if (listed.kind === 'unsupported') {
    const notice = 'the registry does not support the referrers API (OCI 1.1)';
    log.warning(`${name}: ${notice}: tools find ${referrer.path} only by its digest ${referrer.digest}`);
  } else if (listed.kind === 'listed' && !listed.digests.includes(referrer.digest)) {
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
    return referrer;
  }
  if (manifest.kind !== 'image') throw new DeliveryError('unexpected', `the manifest of ${path} is an image index`);
  await pushBlob(manifest.config, EMPTY_CONFIG.bytes, options);
  for (const layer of manifest.layers) await pushBlob(layer, file.bytes, options);
  const isSubjectRecorded = await registry.client.putManifest(repository, manifest.digest, manifest);
  log.info(`${name}: Attached ${path} as ${artifactType} (${manifest.digest})`);
  if (!isSubjectRecorded) await warnUnlisted(referrer, digest, options);
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
  if (outcome.kind !== 'pushed' && outcome.kind !== 'unchanged') {
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
