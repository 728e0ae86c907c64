import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readRegularFile } from '@aws-delivery/action-kit/files/regular-file';
import { toFileError } from '@aws-delivery/action-kit/util/file-error';
import type { BuildSecret } from '../engine/engine.js';
import type { Services } from '../services.js';
import type { BuildOptions } from './build-options.js';

type SecretServices = Pick<Services, 'host' | 'tempDir' | 'workspace'>;

const writeSecret = async (
  id: string,
  value: Buffer | string,
  { host, tempDir }: SecretServices,
): Promise<BuildSecret> => {
  host.mask(String(value));
  const path = await tempDir.createPath('secret');
  await writeFile(path, value, { mode: 0o600, flag: 'wx' });
  return { id, path };
};

/**
 * Masks the secrets of the builds and writes them into private files, which are removed with the temporary directory: a
 * command line and the environment of a process can be read by others. Throws DeliveryError.
 */
export const writeSecrets = async (
  { secrets, secretFiles }: BuildOptions,
  services: SecretServices,
): Promise<readonly BuildSecret[]> => {
  const written: BuildSecret[] = [];
  for (const [id, value] of Object.entries(secrets)) written.push(await writeSecret(id, value, services));
  for (const [id, file] of Object.entries(secretFiles)) {
    const path = resolve(services.workspace, file);
    const content = await readRegularFile(path).catch((error: unknown) => {
      throw toFileError(path, error);
    });
    written.push(await writeSecret(id, content, services));
  }
  return written;
};
