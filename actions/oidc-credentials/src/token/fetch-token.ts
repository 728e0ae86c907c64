import { isAbsolute, resolve } from 'node:path';
import type { Network } from '@aws-delivery/action-kit/http/network';
import { type HttpResponse, parseJson } from '@aws-delivery/action-kit/http/request';
import { RUNNER_VARIABLE } from '@aws-delivery/action-kit/inputs/read-inputs';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { toSingleLine } from '@aws-delivery/action-kit/util/sanitize';
import type { TokenSource } from './credential-source.js';

export interface TokenContext {
  readonly env: Env;
  readonly network: Pick<Network, 'request'>;
  readonly signal: AbortSignal;
  readonly mask: (secret: string) => void;
  /** Content of a file; undefined when it does not exist. */
  readonly readFile: (path: string) => Promise<string | undefined>;
}

// Short: `withRetry` sends a new request.
const REQUEST_TIMEOUT_MS = 10_000;

/** How to get a token for a job without one, depending on its host. */
export const formatTokenHint = (env: Env): string =>
  (env[RUNNER_VARIABLE] ?? 'github') === 'github'
    ? "set 'permissions: id-token: write' on the job (a reusable workflow also needs it from its caller, and fork pull requests get no token)"
    : "configure the host's OIDC token (see 'OIDC' in the README of the node runner)";

const buildEndpointUrl = (env: Env, audience: string): URL => {
  const raw = env['ACTIONS_ID_TOKEN_REQUEST_URL'];
  if (!raw) throw new DeliveryError('missing', `no OIDC token endpoint found: ${formatTokenHint(env)}`);
  if (!URL.canParse(raw))
    throw new DeliveryError('rejected', 'ACTIONS_ID_TOKEN_REQUEST_URL is not a valid URL: correct it');
  const url = new URL(raw);
  url.searchParams.set('audience', audience);
  return url;
};

const createEndpointError = ({ status, text }: HttpResponse, env: Env): DeliveryError => {
  const message = `the OIDC token endpoint returned ${status} (${toSingleLine(text, 200)})`;
  if (status === 401 || status === 403) return new DeliveryError('denied', `${message}: ${formatTokenHint(env)}`);
  if (status === 429) return new DeliveryError('throttled', message);
  return new DeliveryError(status >= 500 || status === 408 ? 'unavailable' : 'unexpected', message);
};

const fetchGitHubToken = async (audience: string, context: TokenContext): Promise<string> => {
  const { env, network, signal, mask } = context;
  const url = buildEndpointUrl(env, audience);
  const bearer = env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'];
  if (!bearer)
    throw new DeliveryError('missing', `no request token for the OIDC token endpoint found: ${formatTokenHint(env)}`);
  mask(bearer);
  const headers = { authorization: `Bearer ${bearer}`, accept: 'application/json' };
  const response = await network.request({ url, headers, signal, timeout: REQUEST_TIMEOUT_MS });
  if (response.status !== 200) throw createEndpointError(response, env);
  const document = parseJson(response);
  const token = isRecord(document) ? document['value'] : undefined;
  if (typeof token === 'string' && token !== '') return token;
  throw new DeliveryError('unexpected', `${response.source} returned no token: check ACTIONS_ID_TOKEN_REQUEST_URL`);
};

/** Absolute path of a token file; relative paths start at the workspace. */
export const resolveTokenPath = (path: string, env: Env): string =>
  isAbsolute(path) ? path : resolve(env['GITHUB_WORKSPACE'] ?? '.', path);

const readTokenFile = async (path: string, { env, readFile }: TokenContext): Promise<string> => {
  const token = (await readFile(resolveTokenPath(path, env)))?.trim();
  if (token) return token;
  throw new DeliveryError('missing', `no token found in file '${path}': correct 'web-identity-token-file'`);
};

const readTokenVariable = (name: string, { env }: TokenContext): string => {
  const token = env[name]?.trim();
  if (token) return token;
  throw new DeliveryError(
    'missing',
    `no token found in variable '${name}': request it in the job (GitLab: id_tokens), or correct 'token-variable'`,
  );
};

const readToken = async (tokenSource: TokenSource, context: TokenContext): Promise<string> => {
  switch (tokenSource.kind) {
    case 'github':
      return fetchGitHubToken(tokenSource.audience, context);
    case 'variable':
      return readTokenVariable(tokenSource.name, context);
    case 'file':
      return readTokenFile(tokenSource.path, context);
  }
};

/**
 * Fetches a token from its source, on every call: tokens are valid for minutes, and retries may take longer.
 * Masks the token.
 * @throws DeliveryError; `unavailable` and `throttled` are retryable
 */
export const fetchToken = async (tokenSource: TokenSource, context: TokenContext): Promise<string> => {
  const token = await readToken(tokenSource, context);
  context.mask(token);
  return token;
};
