import { mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';

/** Whether a link below the workspace leads away from where a folder seems to be; some systems know names in any case. */
const isRedirected = async (directory: string, realDirectory: string, workspace: string): Promise<boolean> => {
  const relativePath = relative(workspace, directory);
  if (isAbsolute(relativePath) || relativePath.split(sep)[0] === '..') return false;
  return realDirectory.toLowerCase() !== join(await realpath(workspace), relativePath).toLowerCase();
};

/**
 * Writes a file of the report, and the folders above it. Whoever commits to the repository may have put a link in its
 * place: a link that stands for the file is replaced, and none leads out of the workspace.
 * @throws DeliveryError `refused` for a folder that a link has moved
 */
export const writeReportFile = async (path: string, content: string, workspace: string | undefined): Promise<void> => {
  const directory = dirname(path);
  await mkdir(directory, { recursive: true });
  const realDirectory = await realpath(directory);
  if (workspace !== undefined && (await isRedirected(directory, realDirectory, workspace))) {
    const rule = `'${directory}' leads to '${realDirectory}' by a link`;
    throw new DeliveryError('rejected', `${rule}: name a 'report-directory' that the repository does not have`);
  }
  const filePath = join(realDirectory, basename(path));
  await rm(filePath, { force: true });
  await writeFile(filePath, content, { flag: 'wx' });
};
