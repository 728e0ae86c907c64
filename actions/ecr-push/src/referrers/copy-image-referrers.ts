import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { pluralize } from '@aws-delivery/action-kit/util/format';
import type { Digest } from '@aws-delivery/oci/image/digest';
import type { ImageSource } from '@aws-delivery/oci/image/image-source';
import { RemoteSource } from '@aws-delivery/oci/registry/remote-source';
import { type TransferObserver, UPLOAD_CONCURRENCY } from '@aws-delivery/oci/transfer/copy-content';
import { type CopiedReferrer, copyReferrers } from '@aws-delivery/oci/transfer/copy-referrers';
import type { EngineImage } from '../engine/find-engine.js';
import type { ExistingTag } from '../inputs/parse-request.js';
import type { AttachedReferrer, Outcome } from '../push/push-result.js';
import type { AttachOptions } from './attach-referrers.js';

export interface CopyImageReferrersOptions extends AttachOptions {
  readonly onExistingTag: ExistingTag;
  readonly observer: TransferObserver;
}

/** Applies `on-existing-tag` to a tag of cosign: it may have signatures that were made in the target. */
const createTagPolicy =
  ({ onExistingTag, name, log }: CopyImageReferrersOptions) =>
  (tag: string, existing: Digest): boolean => {
    const problem = `${name}: ${tag} already points to another manifest (${existing})`;
    if (onExistingTag === 'fail') {
      throw new DeliveryError('conflict', `${problem}: copy it separately, or change 'on-existing-tag'`);
    }
    if (onExistingTag === 'keep') log.warning(`${problem}; kept because of on-existing-tag: keep`);
    return onExistingTag === 'move';
  };

const toAttachedReferrer = ({ manifest, subject, tag }: CopiedReferrer): AttachedReferrer => ({
  artifactType: manifest.artifactType ?? manifest.mediaType,
  digest: manifest.digest,
  subject: subject.digest,
  ...(tag === undefined ? {} : { tag }),
});

/**
 * Copies what refers to the image in the source's repository: signatures, SBOMs, attestations and other artifacts.
 * Returns the outcome with them. When another image was kept under the tags, nothing is copied.
 */
export const copyImageReferrers = async (
  source: ImageSource | EngineImage,
  outcome: Outcome,
  options: CopyImageReferrersOptions,
): Promise<Outcome> => {
  const { registry, repository, name, log, observer } = options;
  if (!(source instanceof RemoteSource)) return outcome;
  if (outcome.kind !== 'untagged' && outcome.kind !== 'unchanged') {
    log.warning(`${name}: another image was kept, so referrers of ${source.name} were not copied`);
    return outcome;
  }
  if (source.client.origin.origin === registry.client.origin.origin && source.repository === repository) return outcome;
  const { client, blobCache } = registry;
  const copied = await copyReferrers(await source.getRootManifest(), {
    source,
    target: { client, blobCache, repository },
    blobConcurrency: UPLOAD_CONCURRENCY,
    observer,
    shouldMoveTag: createTagPolicy(options),
  });
  const count = copied.filter((each) => each.copied).length;
  const known = copied.length === count ? '' : `, ${copied.length - count} already in the repository or kept`;
  log.info(`${name}: Copied ${pluralize(count, 'referrer')}${known}`);
  return { ...outcome, referrers: [...(outcome.referrers ?? []), ...copied.map(toAttachedReferrer)] };
};
