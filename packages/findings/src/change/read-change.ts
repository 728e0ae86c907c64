import { readRegularFile } from '@aws-delivery/action-kit/files/regular-file';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import type { Change } from './change.js';

const createEventError = (name: string, cause: unknown): DeliveryError => {
  const message = `cannot read the payload of the event '${name}', which determines the policy files: ${errorMessage(cause)}`;
  return new DeliveryError('invalid-input', message, { cause });
};

/** Hosts other than GitHub may only name the target branch of a pull request. */
const findTargetBranchChange = ({ GITHUB_BASE_REF: target }: Env): Change | undefined =>
  target
    ? { kind: 'pull-request', number: undefined, base: `refs/remotes/origin/${target}`, head: 'HEAD', isFork: false }
    : undefined;

/**
 * Reads the change from GitHub's event payload. An unreadable pull request is an error and never another kind of
 * change, since it would then be evaluated by its own policy files.
 * @throws DeliveryError `invalid-input`
 */
export const readChange = async (env: Env): Promise<Change> => {
  const { GITHUB_EVENT_NAME: name = '', GITHUB_EVENT_PATH: path } = env;
  const fallback = findTargetBranchChange(env);
  if (name === '') return fallback ?? { kind: 'other' };
  // Imported on demand, since zod slows down the start.
  const { parseChange, hasChangePayload } = await import('./github-event.js');
  if (!hasChangePayload(name)) return fallback ?? { kind: 'other' };
  try {
    const change = parseChange(name, JSON.parse((await readRegularFile(path ?? '')).toString('utf8')), env);
    return change.kind === 'pull-request' ? change : (fallback ?? change);
  } catch (error) {
    throw createEventError(name, error);
  }
};
