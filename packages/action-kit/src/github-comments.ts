import { readFileSync } from 'node:fs';
import type { Comment, Comments } from './comment.js';
import { DeliveryError, type DeliveryErrorCode } from './error.js';
import { type HttpResponse, parseJson } from './http.js';
import type { Network } from './network.js';
import { singleLine } from './untrusted.js';
import { VERSION } from './version.js';

type Variables = Readonly<Record<string, string | undefined>>;

export interface GitHubCommentsOptions {
  readonly network: Network;
  readonly token: string;
  readonly variables: Variables;
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
  const { id, body, html_url: address, author_association: association } = value;
  return {
    id,
    body: typeof body === 'string' ? body : '',
    address: typeof address === 'string' ? address : '',
    trusted: recordIn(value, 'user')['type'] === 'Bot' || INSIDERS.includes(association),
  };
};

const codeOf = (status: number, message: string): DeliveryErrorCode => {
  if (status === 429 || /rate limit/iu.test(message)) return 'throttled';
  if (status === 401 || status === 403) return 'denied';
  if (status === 404) return 'not-found';
  return status >= 500 ? 'unavailable' : 'unexpected';
};

const answerOf = (response: HttpResponse): unknown => {
  if (response.status >= 200 && response.status < 300) return parseJson(response);
  const [, said] = /"message":\s*"([^"]*)"/u.exec(response.text) ?? [];
  const message = said === undefined ? '' : `: ${singleLine(said, 200)}`;
  const text = `${response.from} answered ${response.status}${message}`;
  throw new DeliveryError(codeOf(response.status, message), text);
};

/**
 * The comments of a pull request by GitHub's REST API, on github.com, GHE.com and GitHub Enterprise Server
 * (`GITHUB_API_URL`, `GITHUB_REPOSITORY`). Over the kit's network, so that proxy and authorities hold here too.
 */
export const githubComments = ({ network, token, variables, pullRequest }: GitHubCommentsOptions): Comments => {
  const api = variables['GITHUB_API_URL'] || 'https://api.github.com';
  const issues = `${api}/repos/${variables['GITHUB_REPOSITORY'] ?? ''}/issues`;
  const headers = {
    accept: 'application/vnd.github+json',
    authorization: `Bearer ${token}`,
    'user-agent': `aws-delivery-actions/${VERSION}`,
    'x-github-api-version': '2022-11-28',
  };
  const send = async (method: 'GET' | 'POST' | 'PATCH', url: string, body?: string): Promise<unknown> => {
    // A page holds up to a hundred comments of 64 KiB each.
    const request = { method, url, headers, limit: 16 * 1024 * 1024 };
    return answerOf(
      await network.request(body === undefined ? request : { ...request, body: JSON.stringify({ body }) }),
    );
  };
  return {
    list: async (page) => {
      const answer = await send('GET', `${issues}/${pullRequest}/comments?per_page=${PAGE_SIZE}&page=${page}`);
      return Array.isArray(answer) ? answer.map(commentIn) : [];
    },
    create: async (body) => commentIn(await send('POST', `${issues}/${pullRequest}/comments`, body)),
    update: async (id, body) => commentIn(await send('PATCH', `${issues}/comments/${id}`, body)),
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
