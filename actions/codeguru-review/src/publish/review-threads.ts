import type { GitHubApi } from '@aws-delivery/action-kit/github/api';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { getField, getStringField } from '@aws-delivery/action-kit/util/error-code';
import { readFingerprint } from './comment-marker.js';

export interface ThreadsTarget {
  readonly api: GitHubApi;
  readonly env: Env;
  readonly pullRequest: number;
}

/** The findings that threads are compared with. */
export interface ThreadFindings {
  /** Fingerprints of all findings of this run, also of those that do not fail. */
  readonly present: ReadonlySet<string>;
  /** Identifies the run's comments; threads of other runs are left alone. */
  readonly scope: string;
}

/** A thread that the token's user began with the comment on a finding of this scope. */
interface Thread {
  readonly id: string;
  readonly fingerprint: string;
  readonly isResolved: boolean;
  /** Whether the token's user resolved it. */
  readonly isOwnResolution: boolean;
}

const LIST_THREADS = `query ($owner: String!, $name: String!, $number: Int!, $after: String) {
  viewer { login }
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      reviewThreads(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          id
          isResolved
          resolvedBy { login }
          comments(first: 20) { totalCount nodes { body viewerDidAuthor } }
        }
      }
    }
  }
}`;

const RESOLVE_THREAD = `mutation ($id: ID!) { resolveReviewThread(input: { threadId: $id }) { thread { id } } }`;
const UNRESOLVE_THREAD = `mutation ($id: ID!) { unresolveReviewThread(input: { threadId: $id }) { thread { id } } }`;

const MAX_PAGES = 20;

/** Each thread takes a request; GitHub limits how many change something in a minute. */
const MAX_CHANGES = 50;

const getPath = (value: unknown, ...names: readonly string[]): unknown =>
  names.reduce((found, name) => getField(found, name), value);

const listNodes = (value: unknown): readonly unknown[] => {
  const nodes = getField(value, 'nodes');
  return Array.isArray(nodes) ? nodes : [];
};

/** Apps have the suffix `[bot]` in some fields only. */
const isSameLogin = (left: string | undefined, right: string | undefined): boolean =>
  left !== undefined && left.replace(/\[bot\]$/u, '') === right?.replace(/\[bot\]$/u, '');

/** Parses a thread; undefined for one that others began or replied to, since they may disagree. */
const parseThread = (value: unknown, viewer: string | undefined, scope: string): Thread | undefined => {
  const id = getStringField(value, 'id');
  const comments = getField(value, 'comments');
  const nodes = listNodes(comments);
  const isComplete = getField(comments, 'totalCount') === nodes.length;
  const isOwn = nodes.every((comment) => getField(comment, 'viewerDidAuthor') === true);
  const fingerprint = readFingerprint(getStringField(nodes[0], 'body') ?? '', scope);
  if (id === undefined || fingerprint === undefined || !isComplete || !isOwn) return undefined;
  const resolvedBy = getStringField(getField(value, 'resolvedBy'), 'login');
  return {
    id,
    fingerprint,
    isResolved: getField(value, 'isResolved') === true,
    isOwnResolution: isSameLogin(resolvedBy, viewer),
  };
};

const listThreads = async ({ api, env, pullRequest }: ThreadsTarget, scope: string): Promise<readonly Thread[]> => {
  const [owner = '', name = ''] = (env['GITHUB_REPOSITORY'] ?? '').split('/');
  const threads: Thread[] = [];
  let after: string | undefined;
  for (let page = 1; page <= MAX_PAGES; page += 1) {
    const data = await api.query(LIST_THREADS, { owner, name, number: pullRequest, after });
    const viewer = getStringField(getField(data, 'viewer'), 'login');
    const connection = getPath(data, 'repository', 'pullRequest', 'reviewThreads');
    threads.push(...listNodes(connection).flatMap((node) => parseThread(node, viewer, scope) ?? []));
    after = getStringField(getField(connection, 'pageInfo'), 'endCursor');
    if (getPath(connection, 'pageInfo', 'hasNextPage') !== true || after === undefined) break;
  }
  return threads;
};

/** Number of threads that were changed, and the first error. */
export interface ThreadChanges {
  readonly resolved: number;
  readonly reopened: number;
  readonly error: DeliveryError | undefined;
}

/**
 * Resolves the threads of findings that no longer exist, and reopens those that this action resolved and whose finding is back.
 * Stops at the first error, which is part of the result.
 */
export const syncThreads = async (
  target: ThreadsTarget,
  { present, scope }: ThreadFindings,
): Promise<ThreadChanges> => {
  let [resolved, reopened] = [0, 0];
  try {
    for (const { id, fingerprint, isResolved, isOwnResolution } of await listThreads(target, scope)) {
      if (resolved + reopened >= MAX_CHANGES) break;
      const isPresent = present.has(fingerprint);
      if (!isResolved && !isPresent) {
        await target.api.query(RESOLVE_THREAD, { id });
        resolved += 1;
      } else if (isResolved && isOwnResolution && isPresent) {
        await target.api.query(UNRESOLVE_THREAD, { id });
        reopened += 1;
      }
    }
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    return { resolved, reopened, error };
  }
  return { resolved, reopened, error: undefined };
};
