import { z } from 'zod';
import type { Change } from './change.js';

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

/** Does GitHub say in this event what is changed? */
export const isDescribed = (name: string): boolean => Object.hasOwn(READERS, name);

/** What an event's payload says of the change. Throws a ZodError where one that GitHub describes cannot be read. */
export const changeIn = (name: string, payload: unknown): Change => READERS[name]?.(payload) ?? { kind: 'other' };
