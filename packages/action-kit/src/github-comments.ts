import { readFileSync } from 'node:fs';
import type { Comment, Comments } from './comment.js';
import { DeliveryError } from './error.js';
import { type GitHubOptions, githubApi } from './github-api.js';

type Variables = Readonly<Record<string, string | undefined>>;

export interface GitHubCommentsOptions extends GitHubOptions {
  readonly pullRequest: number;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const recordIn = (value: unknown, name: string): Readonly<Record<string, unknown>> => {
  const found = isRecord(value) ? value[name] : undefined;
  return isRecord(found) ? found : {};
};

const PAGE_SIZE = 100;
const INSIDERS: readonly unknown[] = ['OWNER', 'MEMBER', 'COLLABORATOR'];

const commentIn = (value: unknown): Comment => {
  if (!isRecord(value) || typeof value['id'] !== 'number') {
    throw new DeliveryError('unexpected', 'GitHub answered with something that is not a comment');
  }
  const { id, body, html_url: address } = value;
  return {
    id,
    body: typeof body === 'string' ? body : '',
    address: typeof address === 'string' ? address : '',
    trusted: isTrusted(value),
  };
};

/** Whether a comment's author is an app, or somebody with a say in the repository. */
export const isTrusted = (comment: unknown): boolean =>
  recordIn(comment, 'user')['type'] === 'Bot' ||
  (isRecord(comment) && INSIDERS.includes(comment['author_association']));

/** The comments of a pull request by GitHub's REST API. */
export const githubComments = ({ pullRequest, ...options }: GitHubCommentsOptions): Comments => {
  const api = githubApi(options);
  return {
    list: async (page) => {
      const answer = await api.send('GET', `/issues/${pullRequest}/comments?per_page=${PAGE_SIZE}&page=${page}`);
      return Array.isArray(answer) ? answer.map(commentIn) : [];
    },
    create: async (body) => commentIn(await api.send('POST', `/issues/${pullRequest}/comments`, { body })),
    update: async (id, body) => commentIn(await api.send('PATCH', `/issues/comments/${id}`, { body })),
  };
};

const eventIn = (file: string | undefined): unknown => {
  if (!file) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // Hosts other than GitHub name no file, or one of another kind: then the run is not about a pull request.
    return undefined;
  }
};

/** The number of the pull request a run is about, from its ref or its event; undefined for any other run. */
export const pullRequestIn = (variables: Variables): number | undefined => {
  const [, fromRef] = /^refs\/pull\/(\d+)\//u.exec(variables['GITHUB_REF'] ?? '') ?? [];
  if (fromRef !== undefined) return Number(fromRef);
  const { number } = recordIn(eventIn(variables['GITHUB_EVENT_PATH']), 'pull_request');
  return typeof number === 'number' ? number : undefined;
};
