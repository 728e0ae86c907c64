import { type Stats, statSync } from 'node:fs';
import { devNull, homedir } from 'node:os';
import { join } from 'node:path';
import { assertRegularFile } from '@aws-delivery/action-kit/files/regular-file';
import type { Env } from '@aws-delivery/action-kit/util/env';

/** Paths of the shared configuration files of AWS SDKs. */
export interface SharedFiles {
  readonly credentials: string;
  readonly config: string;
}

const FILES = { credentials: 'AWS_SHARED_CREDENTIALS_FILE', config: 'AWS_CONFIG_FILE' } as const;

/** Paths of the shared files: AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE, by default in ~/.aws. */
export const locateSharedFiles = (env: Env): SharedFiles => {
  const home = env['HOME'] || env['USERPROFILE'] || homedir();
  const locate = (name: keyof SharedFiles): string =>
    (env[FILES[name]] || join(home, '.aws', name)).replace(/^~(?=[/\\]|$)/u, home);
  return { credentials: locate('credentials'), config: locate('config') };
};

/** Undefined for a path that cannot be examined: the SDKs ignore files that they cannot read. */
const findStats = (path: string): Stats | undefined => {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
};

/** Other files that the default credential chain reads. */
const TOKEN_FILES = ['AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'] as const;

const assertReadable = (path: string, label: string): void => {
  const stats = path === devNull ? undefined : findStats(path);
  if (stats !== undefined) assertRegularFile(label, stats);
};

/**
 * Checks the files that an SDK client reads: a named pipe would block it for ever. The null device is allowed, since it
 * stands for an empty file.
 * @throws DeliveryError `rejected` for devices, sockets, pipes and directories
 */
export const assertReadableFiles = (env: Env): void => {
  const files = locateSharedFiles(env);
  for (const name of ['credentials', 'config'] as const) {
    assertReadable(files[name], env[FILES[name]] ? `${FILES[name]} '${files[name]}'` : `'${files[name]}'`);
  }
  for (const variable of TOKEN_FILES) {
    const path = env[variable];
    if (path) assertReadable(path, `${variable} '${path}'`);
  }
};
