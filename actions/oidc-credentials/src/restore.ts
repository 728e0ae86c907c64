import type { Host } from '@aws-delivery/action-kit/host';
import { parseBoolean } from '@aws-delivery/action-kit/parse';
import { loadRestorePoint, restore } from './restore-point.js';

const isSkipped = (wish: string | undefined): boolean => wish !== undefined && wish !== '' && parseBoolean(wish);

/** The post step: leaves everything in place where AWS_SKIP_CLEANUP_STEP asks for it. */
export const restoreAfterJob = async (host: Host): Promise<void> => {
  if (isSkipped(host.variables['AWS_SKIP_CLEANUP_STEP'])) {
    host.log.info('AWS_SKIP_CLEANUP_STEP is set: environment, profile and files stay as they are');
    return;
  }
  const point = await loadRestorePoint(host);
  if (point === undefined) return;
  await restore(point, host);
  host.log.info('The environment is what it was, and files of this action are gone');
};
