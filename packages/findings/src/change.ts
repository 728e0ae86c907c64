import { readFile } from 'node:fs/promises';
import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import type { Variables } from '@aws-delivery/action-kit/inputs';

/** What a run is about, as its host says it. Commits are full hashes; a head that no event names is `HEAD`. */
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

/**
 * What GitHub's event says. A pull request that cannot be read is an error, never taken for something else: its own
 * policy would judge it.
 * @throws DeliveryError `invalid-input`
 */
export const readChange = async (variables: Variables): Promise<Change> => {
  const { GITHUB_EVENT_NAME: name = '', GITHUB_EVENT_PATH: path } = variables;
  if (name === '') return { kind: 'other' };
  // Loaded when needed: reading events takes a library that everybody's start-up would pay for.
  const { changeIn, isDescribed } = await import('./event.js');
  if (!isDescribed(name)) return { kind: 'other' };
  try {
    return changeIn(name, JSON.parse(await readFile(path ?? '', 'utf8')), variables);
  } catch (error) {
    throw unreadable(name, error);
  }
};

/** The commit that a run is about, as its host says it: of a pull request its head, not the merge that was tried. */
export const reviewedCommit = (change: Change, variables: Variables): string | undefined =>
  change.kind === 'pull-request' ? change.head : variables['GITHUB_SHA'] || undefined;
