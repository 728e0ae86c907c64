import { rm } from 'node:fs/promises';
import { countText } from '@aws-delivery/action-kit/count-text';
import type { Host } from '@aws-delivery/action-kit/host';
import type { ObjectService, OwnedBucket } from '@aws-delivery/artifact/s3';

/** What a run leaves for its post step to remove. */
export interface Upload extends OwnedBucket {
  readonly region: string;
  readonly keys: readonly string[];
  /** A folder on this machine. */
  readonly folder: string;
}

const STATE = 'codeguru-review-upload';

/** Says what will be there, before it is: the run may be killed at any moment. */
export const saveUpload = (host: Host, upload: Upload): void => host.saveState(STATE, JSON.stringify(upload));

/**
 * Removes what the run has uploaded, whether it came to its end or not.
 * @param connect S3 in a Region
 */
export const removeUpload = async (host: Host, connect: (region: string) => ObjectService): Promise<void> => {
  const saved = host.readState(STATE);
  if (saved === undefined) return;
  const { parseUpload } = await import('./upload-state.js');
  const { bucket, owner, region, keys, folder } = parseUpload(saved);
  await rm(folder, { recursive: true, force: true });
  const s3 = connect(region);
  for (const key of keys) await s3.remove({ bucket, owner, key });
  host.log.info(`Removed ${countText(keys.length, 'uploaded archive')} from bucket ${bucket}`);
};
