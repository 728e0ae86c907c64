import { readFile } from 'node:fs/promises';
import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import type { Variables } from '@aws-delivery/action-kit/inputs';

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

const unreadable = (name: string, cause: unknown): DeliveryError => {
  const remedy = 'without it nobody knows whose policy holds; run on an event that GitHub describes';
  return new DeliveryError('invalid-input', `the event '${name}' cannot be read: ${textOf(cause)}; ${remedy}`, {
    cause,
  });
};

/** Hosts other than GitHub may say no more of a pull request than the branch that it is for. */
const targetIn = ({ GITHUB_BASE_REF: target }: Variables): Change | undefined =>
  target
    ? { kind: 'pull-request', number: undefined, base: `refs/remotes/origin/${target}`, head: 'HEAD', isFork: false }
    : undefined;

/**
 * What GitHub's event says. A pull request that cannot be read is an error, never taken for something else: its own
 * policy would judge it.
 * @throws DeliveryError `invalid-input`
 */
export const readChange = async (variables: Variables): Promise<Change> => {
  const { GITHUB_EVENT_NAME: name = '', GITHUB_EVENT_PATH: path } = variables;
  const unless = targetIn(variables);
  if (name === '') return unless ?? { kind: 'other' };
  // Loaded when needed: reading events takes a library that everybody's start-up would pay for.
  const { changeIn, isDescribed } = await import('./event.js');
  if (!isDescribed(name)) return unless ?? { kind: 'other' };
  try {
    const change = changeIn(name, JSON.parse(await readFile(path ?? '', 'utf8')), variables);
    return change.kind === 'pull-request' ? change : (unless ?? change);
  } catch (error) {
    throw unreadable(name, error);
  }
};

/**
 * The commit that a run is about, as its host says it: of a pull request its head, not the merge that was tried.
 * Undefined where the host does not say, and what was checked out is it.
 */
export const reviewedCommit = (change: Change, variables: Variables): string | undefined => {
  if (change.kind !== 'pull-request') return variables['GITHUB_SHA'] || undefined;
  return change.head === 'HEAD' ? undefined : change.head;
};
