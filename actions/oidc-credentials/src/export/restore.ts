import type { Host } from '@aws-delivery/action-kit/host/host';
import { parseBoolean } from '@aws-delivery/action-kit/inputs/parse';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { loadRestorePoint, restore } from './restore-point.js';

/** An invalid value does not skip the cleanup: secrets would stay on disk. */
const isCleanupSkipped = ({ env, log }: Host): boolean => {
  const raw = env['AWS_SKIP_CLEANUP_STEP'];
  if (!raw) return false;
  try {
    return parseBoolean(raw);
  } catch (error) {
    log.warning(`AWS_SKIP_CLEANUP_STEP is ignored: ${errorMessage(error)}`);
    return false;
  }
};

/** The post step: restores variables and files, unless AWS_SKIP_CLEANUP_STEP is set. */
export const restoreAfterJob = async (host: Host): Promise<void> => {
  if (isCleanupSkipped(host)) {
    host.log.info(
      'Cleanup skipped, because AWS_SKIP_CLEANUP_STEP is set: environment variables, profiles and files are unchanged',
    );
    return;
  }
  const restorePoint = await loadRestorePoint(host);
  if (restorePoint === undefined) return;
  await restore(restorePoint, host);
  const profiles = restorePoint.sections.length === 0 ? '' : ' and profiles';
  host.log.info(`Cleanup done: restored environment variables${profiles}, deleted temporary files`);
};
