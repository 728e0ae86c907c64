import { rm } from 'node:fs/promises';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { findAbandonedTempDir } from '@aws-delivery/action-kit/host/temp-dir';
import { removeLogins } from './login/login-directory.js';

/** What the post step does: logs out, and removes what a main step that was killed has left behind. */
export const cleanUp = async (host: Host): Promise<void> => {
  const directory = findAbandonedTempDir(host);
  if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  await removeLogins(host);
};
