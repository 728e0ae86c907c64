import type { Env } from '@aws-delivery/action-kit/util/env';
import { z } from 'zod';
import type { Change } from './change.js';

const commitHash = z.string().regex(/^[0-9a-f]{40,64}$/u);

const repository = z.looseObject({ full_name: z.string() });

const pullRequest = z.looseObject({
  pull_request: z.looseObject({
    number: z.int().optional(),
    base: z.looseObject({ sha: commitHash, repo: repository.nullish() }),
    head: z.looseObject({ sha: commitHash, repo: repository.nullish() }),
  }),
});

const mergeGroup = z.looseObject({ merge_group: z.looseObject({ base_sha: commitHash, head_sha: commitHash }) });

const workflowRun = z.looseObject({
  repository,
  workflow_run: z.looseObject({
    event: z.string(),
    head_sha: commitHash,
    head_repository: repository.nullish(),
    pull_requests: z.array(z.looseObject({ number: z.int(), base: z.looseObject({ sha: commitHash }) })),
  }),
});

const issueComment = z.looseObject({
  issue: z.looseObject({ number: z.int(), pull_request: z.unknown().optional() }),
});

const push = z.looseObject({ before: commitHash, after: commitHash });

const parsePullRequest = (payload: unknown): Change => {
  const { number, base, head } = pullRequest.parse(payload).pull_request;
  // The head repository is null once the fork is deleted.
  const isFork = head.repo?.full_name !== base.repo?.full_name;
  return { kind: 'pull-request', number, base: base.sha, head: head.sha, isFork };
};

const parseMergeGroup = (payload: unknown): Change => {
  const { base_sha: base, head_sha: head } = mergeGroup.parse(payload).merge_group;
  return { kind: 'pull-request', number: undefined, base, head, isFork: false };
};

/** Hosts other than GitHub may report every event as a push without a payload. */
const parsePush = (payload: unknown): Change => {
  const { success, data } = push.safeParse(payload);
  if (!success) return { kind: 'other' };
  return { kind: 'push', before: /^0+$/u.test(data.before) ? undefined : data.before, after: data.after };
};

/**
 * `workflow_run.pull_requests` does not list pull requests from forks. Their base is then the trusted commit: such a
 * run has the head of the default branch in `GITHUB_SHA`.
 */
const parseWorkflowRun = (payload: unknown, trustedCommit: string): Change => {
  const { repository: ownRepository, workflow_run: run } = workflowRun.parse(payload);
  if (!run.event.startsWith('pull_request')) return { kind: 'other' };
  const [listedPullRequest] = run.pull_requests;
  const isFork = run.head_repository?.full_name !== ownRepository.full_name;
  return {
    kind: 'pull-request',
    number: listedPullRequest?.number,
    base: commitHash.parse(listedPullRequest?.base.sha ?? trustedCommit),
    head: run.head_sha,
    isFork,
  };
};

/** The payload names the pull request but not its commits: the head is whatever is checked out. */
const parseIssueComment = (payload: unknown, trustedCommit: string): Change => {
  const { number, pull_request: pullRequestLink } = issueComment.parse(payload).issue;
  if (pullRequestLink === undefined) return { kind: 'other' };
  return { kind: 'pull-request', number, base: commitHash.parse(trustedCommit), head: 'HEAD', isFork: true };
};

type EventParser = (payload: unknown, trustedCommit: string) => Change;

const EVENT_PARSERS: Readonly<Record<string, EventParser>> = {
  pull_request: parsePullRequest,
  pull_request_target: parsePullRequest,
  pull_request_review: parsePullRequest,
  pull_request_review_comment: parsePullRequest,
  workflow_run: parseWorkflowRun,
  issue_comment: parseIssueComment,
  merge_group: parseMergeGroup,
  push: parsePush,
};

/** Whether the payload of this event describes a change. */
export const hasChangePayload = (name: string): boolean => Object.hasOwn(EVENT_PARSERS, name);

/** The change in an event's payload. Throws a ZodError for an unreadable payload. */
export const parseChange = (name: string, payload: unknown, env: Env): Change =>
  EVENT_PARSERS[name]?.(payload, env['GITHUB_SHA'] ?? '') ?? { kind: 'other' };
