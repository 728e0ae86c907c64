import { readRegularFileSync } from '../files/regular-file.js';
import { RUNNER_VARIABLE } from '../inputs/read-inputs.js';
import { type Comment, type Comments, isOwnComment } from '../report/comment.js';
import type { Env } from '../util/env.js';
import { DeliveryError } from '../util/error.js';
import { isRecord } from '../util/is-record.js';
import { createGitHubApi, type GitHubOptions, readTokenUser } from './api.js';

export interface GitHubCommentsOptions extends GitHubOptions {
  readonly pullRequest: number;
}

const getRecord = (value: unknown, name: string): Readonly<Record<string, unknown>> => {
  const found = isRecord(value) ? value[name] : undefined;
  return isRecord(found) ? found : {};
};

const PAGE_SIZE = 100;
const TRUSTED_ASSOCIATIONS: readonly unknown[] = ['OWNER', 'MEMBER', 'COLLABORATOR'];

const parseComment = (value: unknown): Comment => {
  if (!isRecord(value) || typeof value['id'] !== 'number') {
    throw new DeliveryError('unexpected', 'unexpected response from GitHub: not a comment');
  }
  const { id, body, html_url: url } = value;
  return {
    id,
    body: typeof body === 'string' ? body : '',
    url: typeof url === 'string' ? url : '',
    trusted: isTrusted(value),
  };
};

/** The users of workflow tokens on Gitea and Forgejo; other users cannot have these names or a negative ID. */
const WORKFLOW_USERS: readonly unknown[] = ['gitea-actions', 'forgejo-actions'];

const isWorkflowUser = ({ login, id }: Readonly<Record<string, unknown>>): boolean =>
  WORKFLOW_USERS.includes(login) && typeof id === 'number' && id < 0;

/**
 * Whether a comment's author is an app, the user of a workflow token, or an owner, member or collaborator of the
 * repository. Gitea and Forgejo report neither the type nor the association of users.
 */
export const isTrusted = (comment: unknown): boolean =>
  getRecord(comment, 'user')['type'] === 'Bot' ||
  isWorkflowUser(getRecord(comment, 'user')) ||
  (isRecord(comment) && TRUSTED_ASSOCIATIONS.includes(comment['author_association']));

const isUserWithoutType = (comment: unknown): boolean => getRecord(comment, 'user')['type'] === undefined;

/** The comments of a pull request through GitHub's REST API. */
export const createGitHubComments = ({ pullRequest, ...options }: GitHubCommentsOptions): Comments => {
  const api = createGitHubApi(options);
  let tokenUser: Promise<unknown> | undefined;
  /** Whether the token's user wrote the comment; it is asked for on Gitea and Forgejo only. */
  const isByTokenUser = async (comment: unknown): Promise<boolean> => {
    tokenUser ??= readTokenUser(options).catch(() => undefined);
    const user = await tokenUser;
    return isRecord(user) && typeof user['id'] === 'number' && getRecord(comment, 'user')['id'] === user['id'];
  };
  const parseListed = async (value: unknown): Promise<Comment> => {
    const comment = parseComment(value);
    const isUndecided = !comment.trusted && isOwnComment(comment) && isUserWithoutType(value);
    return isUndecided ? { ...comment, trusted: await isByTokenUser(value) } : comment;
  };
  return {
    list: async (page) => {
      const response = await api.send('GET', `/issues/${pullRequest}/comments?per_page=${PAGE_SIZE}&page=${page}`);
      return Array.isArray(response) ? Promise.all(response.map(parseListed)) : [];
    },
    create: async (body) => parseComment(await api.send('POST', `/issues/${pullRequest}/comments`, { body })),
    update: async (id, body) => parseComment(await api.send('PATCH', `/issues/comments/${id}`, { body })),
    delete: async (id) => {
      await api.send('DELETE', `/issues/comments/${id}`);
    },
  };
};

const readEvent = (file: string | undefined): unknown => {
  if (!file) return undefined;
  try {
    return JSON.parse(readRegularFileSync(file).toString('utf8'));
  } catch {
    // Other hosts may set a file of another format: then the run has no pull request.
    return undefined;
  }
};

/** The number of a run's pull request from its ref or event, on every host; undefined for other runs. */
export const findPullRequestNumber = (env: Env): number | undefined => {
  const [, fromRef] = /^refs\/pull\/(\d+)\//u.exec(env['GITHUB_REF'] ?? '') ?? [];
  if (fromRef !== undefined) return Number(fromRef);
  const { number } = getRecord(readEvent(env['GITHUB_EVENT_PATH']), 'pull_request');
  return typeof number === 'number' ? number : undefined;
};

/** Whether the run's host has GitHub's API: GitHub, Gitea and Forgejo. The node runner also runs on other hosts. */
const hasGitHubApi = (env: Env): boolean => (env[RUNNER_VARIABLE] ?? 'github') === 'github';

/** The number of the pull request on which a run can comment through GitHub's API; undefined if there is none. */
export const findCommentablePullRequest = (env: Env): number | undefined =>
  hasGitHubApi(env) ? findPullRequestNumber(env) : undefined;
