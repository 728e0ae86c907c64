import { rm } from 'node:fs/promises';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { findAbandonedTempDir } from '@aws-delivery/action-kit/host/temp-dir';
import { logOut } from './login/login-directory.js';

/** The temporary directory of a run: its name's prefix, and the key of the saved state that has its path. */
export const TEMP_DIR = { prefix: 'ecr-push-', stateKey: 'temp-directory' } as const;

/** The post step: deletes the temporary directory of a main step that was killed, and logs out. */
export const cleanUp = async (host: Host): Promise<void> => {
  const directory = findAbandonedTempDir(host, TEMP_DIR.stateKey);
  if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  await logOut(host);
};
