import { readFile } from 'node:fs/promises';
import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import { z } from 'zod';

/** What a run is about, as its host says it. Commits are full hashes. */
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

const hash = z.string().regex(/^[0-9a-f]{40,64}$/u);

const repository = z.looseObject({ full_name: z.string() });

const pullRequest = z.looseObject({
  pull_request: z.looseObject({
    number: z.int().optional(),
    base: z.looseObject({ sha: hash, repo: repository.nullish() }),
    head: z.looseObject({ sha: hash, repo: repository.nullish() }),
  }),
});

const mergeGroup = z.looseObject({ merge_group: z.looseObject({ base_sha: hash, head_sha: hash }) });

const push = z.looseObject({ before: hash, after: hash });

const unreadable = (name: string, cause: unknown): DeliveryError => {
  const remedy = 'without it nobody knows whose policy holds; run on an event that GitHub describes';
  return new DeliveryError('invalid-input', `the event '${name}' cannot be read: ${textOf(cause)}; ${remedy}`, {
    cause,
  });
};

const pullRequestIn = (payload: unknown): Change => {
  const { number, base, head } = pullRequest.parse(payload).pull_request;
  // A fork that has been deleted leaves no repository behind.
  const isFork = head.repo?.full_name !== base.repo?.full_name;
  return { kind: 'pull-request', number, base: base.sha, head: head.sha, isFork };
};

const mergeGroupIn = (payload: unknown): Change => {
  const { base_sha: base, head_sha: head } = mergeGroup.parse(payload).merge_group;
  return { kind: 'pull-request', number: undefined, base, head, isFork: false };
};

/** Hosts other than GitHub may call everything a push, and describe none. */
const pushIn = (payload: unknown): Change => {
  const { success, data } = push.safeParse(payload);
  if (!success) return { kind: 'other' };
  return { kind: 'push', before: /^0+$/u.test(data.before) ? undefined : data.before, after: data.after };
};

const READERS: Readonly<Record<string, (payload: unknown) => Change>> = {
  pull_request: pullRequestIn,
  pull_request_target: pullRequestIn,
  pull_request_review: pullRequestIn,
  merge_group: mergeGroupIn,
  push: pushIn,
};

/**
 * What GitHub's event says. A pull request that cannot be read is an error, never taken for something else: its own
 * policy would judge it.
 * @throws DeliveryError `invalid-input`
 */
export const readChange = async (variables: Variables): Promise<Change> => {
  const { GITHUB_EVENT_NAME: name = '', GITHUB_EVENT_PATH: path } = variables;
  const reader = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
  if (reader === undefined) return { kind: 'other' };
  try {
    return reader(JSON.parse(await readFile(path ?? '', 'utf8')));
  } catch (error) {
    throw unreadable(name, error);
  }
};

/** The commit that a run is about, as its host says it: of a pull request its head, not the merge that was tried. */
export const reviewedCommit = (change: Change, variables: Variables): string | undefined =>
  change.kind === 'pull-request' ? change.head : variables['GITHUB_SHA'] || undefined;
