import { rm } from 'node:fs/promises';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { pluralize } from '@aws-delivery/action-kit/util/format';
import type { ObjectService } from '@aws-delivery/aws/s3/s3';
import type { PendingUpload } from './upload-state.js';

const STATE_KEY = 'codeguru-review-upload';

/** Saves the upload for the post step. Call it before uploading: the run may be killed at any moment. */
export const saveUpload = (host: Host, upload: PendingUpload): void =>
  host.saveState(STATE_KEY, JSON.stringify(upload));

/** Removes the archives that the main step uploaded and its temporary directory, whether it completed or not. */
export const removeUpload = async (host: Host, createS3: (region: string) => ObjectService): Promise<void> => {
  const saved = host.readState(STATE_KEY);
  if (saved === undefined) return;
  const { parseUpload } = await import('./upload-state.js');
  const { bucket, owner, region, keys, directory } = parseUpload(saved);
  await rm(directory, { recursive: true, force: true });
  const s3 = createS3(region);
  for (const key of keys) await s3.deleteObject({ bucket, owner, key });
  host.log.info(`Cleanup done: removed ${pluralize(keys.length, 'uploaded archive')} from bucket ${bucket}`);
};
