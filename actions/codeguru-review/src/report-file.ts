import { mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { DeliveryError } from '@aws-delivery/action-kit/error';

/** Whether a link below the workspace leads away from where a folder seems to be; some systems know names in any case. */
const isMoved = async (folder: string, real: string, workspace: string): Promise<boolean> => {
  const way = relative(workspace, folder);
  if (isAbsolute(way) || way.split(sep)[0] === '..') return false;
  return real.toLowerCase() !== join(await realpath(workspace), way).toLowerCase();
};

/**
 * Writes a file of the report, and the folders above it. Whoever commits to the repository may have put a link in its
 * place: a link that stands for the file is replaced, and none leads out of the workspace.
 * @throws DeliveryError `refused` for a folder that a link has moved
 */
export const writeReport = async (path: string, text: string, workspace: string | undefined): Promise<void> => {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const real = await realpath(folder);
  if (workspace !== undefined && (await isMoved(folder, real, workspace))) {
    const rule = `'${folder}' leads to '${real}' by a link`;
    throw new DeliveryError('refused', `${rule}: name a 'report-directory' that the repository does not have`);
  }
  const whole = join(real, basename(path));
  await rm(whole, { force: true });
  await writeFile(whole, text, { flag: 'wx' });
};
