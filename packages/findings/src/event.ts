import type { Variables } from '@aws-delivery/action-kit/inputs';
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

const workflowRun = z.looseObject({
  repository,
  workflow_run: z.looseObject({
    event: z.string(),
    head_sha: hash,
    head_repository: repository.nullish(),
    pull_requests: z.array(z.looseObject({ number: z.int(), base: z.looseObject({ sha: hash }) })),
  }),
});

const issueComment = z.looseObject({
  issue: z.looseObject({ number: z.int(), pull_request: z.unknown().optional() }),
});

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

/** GitHub lists no pull requests of forks; then its default branch, whose commit such a run has, stands for the base. */
const workflowRunIn = (payload: unknown, trusted: string): Change => {
  const { repository: own, workflow_run: run } = workflowRun.parse(payload);
  if (!run.event.startsWith('pull_request')) return { kind: 'other' };
  const [listed] = run.pull_requests;
  const isFork = run.head_repository?.full_name !== own.full_name;
  return {
    kind: 'pull-request',
    number: listed?.number,
    base: hash.parse(listed?.base.sha ?? trusted),
    head: run.head_sha,
    isFork,
  };
};

/** A comment tells which pull request it is on, but not what its commits are: what was checked out is its head. */
const issueCommentIn = (payload: unknown, trusted: string): Change => {
  const { number, pull_request: about } = issueComment.parse(payload).issue;
  if (about === undefined) return { kind: 'other' };
  return { kind: 'pull-request', number, base: hash.parse(trusted), head: 'HEAD', isFork: true };
};

type Reader = (payload: unknown, trusted: string) => Change;

const READERS: Readonly<Record<string, Reader>> = {
  pull_request: pullRequestIn,
  pull_request_target: pullRequestIn,
  pull_request_review: pullRequestIn,
  pull_request_review_comment: pullRequestIn,
  workflow_run: workflowRunIn,
  issue_comment: issueCommentIn,
  merge_group: mergeGroupIn,
  push: pushIn,
};

/** Does GitHub say in this event what is changed? */
export const isDescribed = (name: string): boolean => Object.hasOwn(READERS, name);

/** What an event's payload says of the change. Throws a ZodError where one that GitHub describes cannot be read. */
export const changeIn = (name: string, payload: unknown, variables: Variables): Change =>
  READERS[name]?.(payload, variables['GITHUB_SHA'] ?? '') ?? { kind: 'other' };
