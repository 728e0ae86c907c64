import { rm } from 'node:fs/promises';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { pluralize } from '@aws-delivery/action-kit/util/format';
import type { ObjectService, OwnedBucket } from '@aws-delivery/aws/s3/s3';

/** What a run leaves for its post step to remove. */
export interface PendingUpload extends OwnedBucket {
  readonly region: string;
  readonly keys: readonly string[];
  /** A folder on this machine. */
  readonly directory: string;
}

const STATE_KEY = 'codeguru-review-upload';

/** Says what will be there, before it is: the run may be killed at any moment. */
export const saveUpload = (host: Host, upload: PendingUpload): void =>
  host.saveState(STATE_KEY, JSON.stringify(upload));

/**
 * Removes what the run has uploaded, whether it came to its end or not.
 * @param connect S3 in a Region
 */
export const removeUpload = async (host: Host, createS3: (region: string) => ObjectService): Promise<void> => {
  const saved = host.readState(STATE_KEY);
  if (saved === undefined) return;
  const { parseUpload } = await import('./upload-state.js');
  const { bucket, owner, region, keys, directory } = parseUpload(saved);
  await rm(directory, { recursive: true, force: true });
  const s3 = createS3(region);
  for (const key of keys) await s3.deleteObject({ bucket, owner, key });
  host.log.info(`Removed ${pluralize(keys.length, 'uploaded archive')} from bucket ${bucket}`);
};
