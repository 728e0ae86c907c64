import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { type IgnoreEntry, rejectExpired } from '@aws-delivery/findings/ignore/ignore-entry';
import { parseIgnoreFile } from '@aws-delivery/findings/ignore/parse-ignore-file';
import type { Services } from '../services.js';
import type { Request } from './parse-request.js';

/**
 * Reads the entries of `ignore-file`; an empty list without one.
 * @throws DeliveryError `not-found` for an unreadable file, `invalid-input` for a malformed one, `rejected` for an
 * expired entry
 */
export const loadIgnoreEntries = async (request: Request, services: Services): Promise<readonly IgnoreEntry[]> => {
  const { ignoreFile } = request;
  if (ignoreFile === undefined) return [];
  const reader = services.createDeploymentReader(request);
  const content = await reader.readFile(ignoreFile).catch((cause) => {
    const message = `input 'ignore-file': cannot read '${ignoreFile}': ${errorMessage(cause)}`;
    throw new DeliveryError('not-found', message, { cause });
  });
  const entries = parseIgnoreFile(content, ignoreFile);
  rejectExpired(entries, services.host.clock.now());
  return entries;
};
