import { rm } from 'node:fs/promises';
import type { Host } from '@aws-delivery/action-kit/host';
import { removeLogins } from './login-folder.js';
import { forgottenFolder } from './workshop.js';

/** What the post step does: logs out, and removes what a main step that was killed has left behind. */
export const cleanUp = async (host: Host): Promise<void> => {
  const folder = forgottenFolder(host);
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  await removeLogins(host);
};
