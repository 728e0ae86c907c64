import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readRegularFile } from '@aws-delivery/action-kit/files/regular-file';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { getSection, readToolLogins } from '../login/docker-config.js';

const isSshUrl = (url: unknown): boolean => typeof url === 'string' && url.startsWith('ssh://');

/** The endpoint of a Docker context (docker/cli, context store: a directory with the digest of the name). */
const readContextHost = async (directory: string, context: string): Promise<unknown> => {
  const id = createHash('sha256').update(context).digest('hex');
  try {
    const path = join(directory, 'contexts', 'meta', id, 'meta.json');
    const document: unknown = JSON.parse((await readRegularFile(path)).toString('utf8'));
    return isRecord(document) ? getSection(getSection(document, 'Endpoints'), 'docker')['Host'] : undefined;
  } catch {
    return undefined;
  }
};

/** Whether an engine is reached through ssh, by its variable or by the selected Docker context. */
export const usesSsh = async (env: Env): Promise<boolean> => {
  const { DOCKER_HOST: host, CONTAINER_HOST: podmanHost, DOCKER_CONTEXT: contextName } = env;
  if (isSshUrl(host) || isSshUrl(podmanHost)) return true;
  if (host) return false;
  const { directory, document } = await readToolLogins(env);
  const context = contextName || document['currentContext'];
  return typeof context === 'string' && context !== '' && isSshUrl(await readContextHost(directory, context));
};
