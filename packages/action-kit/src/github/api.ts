import type { Network } from '../http/network.js';
import { type HttpResponse, parseJson } from '../http/request.js';
import type { Env } from '../util/env.js';
import { DeliveryError, type DeliveryErrorCode } from '../util/error.js';
import { getField, getStringField } from '../util/error-code.js';
import { toSingleLine } from '../util/sanitize.js';
import { VERSION } from '../util/version.js';

export interface GitHubOptions {
  readonly network: Network;
  readonly token: string;
  readonly env: Env;
}

/** GitHub's APIs for one repository. */
export interface GitHubApi {
  /**
   * Sends a request and parses the response as JSON; undefined for an empty one.
   * @param path relative to the repository, with a leading slash: `/issues/7/comments`
   * @throws DeliveryError `denied`, `not-found`, `throttled`, `unavailable` or `unexpected`, with GitHub's message
   */
  send(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<unknown>;
  /**
   * Sends a GraphQL document and returns its `data`.
   * @throws DeliveryError as `send`, also for errors that GitHub reports with HTTP 200
   */
  query(document: string, variables: Readonly<Record<string, unknown>>): Promise<unknown>;
}

const toErrorCode = (status: number, message: string): DeliveryErrorCode => {
  if (status === 429 || /rate limit/iu.test(message)) return 'throttled';
  if (status === 401 || status === 403) return 'denied';
  if (status === 404) return 'not-found';
  return status >= 500 ? 'unavailable' : 'unexpected';
};

/** GitHub's response to a deletion. */
const isEmptyResponse = ({ status }: HttpResponse): boolean => status === 204;

const parseResponse = (response: HttpResponse): unknown => {
  if (response.status >= 200 && response.status < 300)
    return isEmptyResponse(response) ? undefined : parseJson(response);
  const [, detail] = /"message":\s*"([^"]*)"/u.exec(response.text) ?? [];
  const suffix = detail === undefined ? '' : `: ${toSingleLine(detail, 200)}`;
  const message = `${response.source} returned HTTP ${response.status}${suffix}`;
  throw new DeliveryError(toErrorCode(response.status, suffix), message);
};

/** A page contains up to 100 comments of 64 KiB each. */
const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

const getApiUrl = (env: Env): string => env['GITHUB_API_URL'] || 'https://api.github.com';

/** `https://api.github.com/graphql`, or `https://github.example.com/api/graphql` on GitHub Enterprise Server. */
const getGraphqlUrl = (env: Env): string =>
  env['GITHUB_GRAPHQL_URL'] || `${getApiUrl(env).replace(/\/v3\/?$/u, '')}/graphql`;

const createHeaders = ({ token }: Pick<GitHubOptions, 'token'>) => ({
  accept: 'application/vnd.github+json',
  authorization: `Bearer ${token}`,
  'user-agent': `aws-delivery-actions/${VERSION}`,
  'x-github-api-version': '2022-11-28',
});

const GRAPHQL_ERROR_CODES: Readonly<Record<string, DeliveryErrorCode>> = {
  FORBIDDEN: 'denied',
  INSUFFICIENT_SCOPES: 'denied',
  NOT_FOUND: 'not-found',
  RATE_LIMITED: 'throttled',
};

/** GraphQL reports errors, also missing permissions, with HTTP 200. */
const parseGraphqlResponse = (response: HttpResponse): unknown => {
  const parsed = parseResponse(response);
  const errors = getField(parsed, 'errors');
  if (!Array.isArray(errors) || errors.length === 0) return getField(parsed, 'data');
  const [error]: readonly unknown[] = errors;
  const code = GRAPHQL_ERROR_CODES[getStringField(error, 'type') ?? ''] ?? 'unexpected';
  const detail = toSingleLine(getStringField(error, 'message') ?? 'no message', 200);
  throw new DeliveryError(code, `${response.source} returned an error: ${detail}`);
};

/** The user whose token it is; a workflow token on GitHub has none (`denied`). */
export const readTokenUser = async (options: GitHubOptions): Promise<unknown> =>
  parseResponse(
    await options.network.request({ url: `${getApiUrl(options.env)}/user`, headers: createHeaders(options) }),
  );

/**
 * The API of the run's repository (`GITHUB_API_URL`, `GITHUB_REPOSITORY`) on github.com, GHE.com or GitHub Enterprise
 * Server, with the proxy and certificate authorities of `network`.
 */
export const createGitHubApi = (options: GitHubOptions): GitHubApi => {
  const { network, env } = options;
  const repository = `${getApiUrl(env)}/repos/${env['GITHUB_REPOSITORY'] ?? ''}`;
  const headers = createHeaders(options);
  return {
    send: async (method, path, body) => {
      const request = { method, url: `${repository}${path}`, headers, maxResponseBytes: MAX_RESPONSE_BYTES };
      return parseResponse(
        await network.request(body === undefined ? request : { ...request, body: JSON.stringify(body) }),
      );
    },
    query: async (query, variables) =>
      parseGraphqlResponse(
        await network.request({
          method: 'POST',
          url: getGraphqlUrl(env),
          headers,
          body: JSON.stringify({ query, variables }),
          maxResponseBytes: MAX_RESPONSE_BYTES,
        }),
      ),
  };
};
