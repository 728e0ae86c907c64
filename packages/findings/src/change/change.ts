import { readFile } from 'node:fs/promises';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';

/**
 * What a run is about, as its host says it. Commits are full hashes; where a host names none, the base is a remote
 * branch, and the head `HEAD`.
 */
export type Change =
  | {
      readonly kind: 'pull-request';
      readonly number: number | undefined;
      readonly base: string;
      readonly head: string;
      readonly isFork: boolean;
    }
  /** `before` is undefined at the first push of a branch. */
  | { readonly kind: 'push'; readonly before: string | undefined; readonly after: string }
  | { readonly kind: 'other' };

const createEventError = (name: string, cause: unknown): DeliveryError => {
  const hint = 'without it nobody knows whose policy holds; run on an event that GitHub describes';
  return new DeliveryError('invalid-input', `the event '${name}' cannot be read: ${errorMessage(cause)}; ${hint}`, {
    cause,
  });
};

/** Hosts other than GitHub may say no more of a pull request than the branch that it is for. */
const findTargetBranchChange = ({ GITHUB_BASE_REF: target }: Env): Change | undefined =>
  target
    ? { kind: 'pull-request', number: undefined, base: `refs/remotes/origin/${target}`, head: 'HEAD', isFork: false }
    : undefined;

/**
 * What GitHub's event says. A pull request that cannot be read is an error, never taken for something else: its own
 * policy would judge it.
 * @throws DeliveryError `invalid-input`
 */
export const readChange = async (env: Env): Promise<Change> => {
  const { GITHUB_EVENT_NAME: name = '', GITHUB_EVENT_PATH: path } = env;
  const fallback = findTargetBranchChange(env);
  if (name === '') return fallback ?? { kind: 'other' };
  // Loaded when needed: reading events takes a library that everybody's start-up would pay for.
  const { parseChange, hasChangePayload } = await import('./github-event.js');
  if (!hasChangePayload(name)) return fallback ?? { kind: 'other' };
  try {
    const change = parseChange(name, JSON.parse(await readFile(path ?? '', 'utf8')), env);
    return change.kind === 'pull-request' ? change : (fallback ?? change);
  } catch (error) {
    throw createEventError(name, error);
  }
};

/**
 * The commit that a run is about, as its host says it: of a pull request its head, not the merge that was tried.
 * Undefined where the host does not say, and what was checked out is it.
 */
export const getReviewedCommit = (change: Change, env: Env): string | undefined => {
  if (change.kind !== 'pull-request') return env['GITHUB_SHA'] || undefined;
  return change.head === 'HEAD' ? undefined : change.head;
};
