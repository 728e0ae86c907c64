import { isAbsolute, resolve } from 'node:path';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import { type HttpResponse, parseJson } from '@aws-delivery/action-kit/http';
import { runnerMark, type Variables } from '@aws-delivery/action-kit/inputs';
import type { Network } from '@aws-delivery/action-kit/network';
import { isMapping } from '@aws-delivery/action-kit/parse';
import { singleLine } from '@aws-delivery/action-kit/untrusted';
import type { TokenOrigin } from './source.js';

export interface TokenServices {
  readonly variables: Variables;
  readonly network: Pick<Network, 'request'>;
  readonly signal: AbortSignal;
  readonly mask: (secret: string) => void;
  /** The text of a file; undefined where there is none. */
  readonly readFile: (path: string) => Promise<string | undefined>;
}

/** How long the token endpoint may take, in milliseconds; a new attempt is better than a long wait. */
const PATIENCE = 10_000;

/** What a job lacks that gets no token, said for the host it runs on. */
export const tokenHelp = (variables: Variables): string =>
  (variables[runnerMark] ?? 'github') === 'github'
    ? "give the job 'permissions: id-token: write' (a called workflow gets it from its caller); pull requests from forks never get a token"
    : "let the job have its host's token, as 'OIDC' in the README of the node runner says";

const missing = (message: string): DeliveryError => new DeliveryError('missing', message);

const endpointIn = (variables: Variables, audience: string): URL => {
  const text = variables['ACTIONS_ID_TOKEN_REQUEST_URL'];
  if (!text) throw missing(`there is no OIDC token endpoint here: ${tokenHelp(variables)}`);
  if (!URL.canParse(text)) throw new DeliveryError('refused', 'ACTIONS_ID_TOKEN_REQUEST_URL is not a URL: correct it');
  const url = new URL(text);
  url.searchParams.set('audience', audience);
  return url;
};

const refusal = ({ status, text }: HttpResponse, variables: Variables): DeliveryError => {
  const said = `the OIDC token endpoint answered ${status}: ${singleLine(text, 200)}`;
  if (status === 401 || status === 403) return new DeliveryError('denied', `${said}; ${tokenHelp(variables)}`);
  if (status === 429) return new DeliveryError('throttled', said);
  return new DeliveryError(status >= 500 || status === 408 ? 'unavailable' : 'unexpected', said);
};

const fromGitHub = async (audience: string, services: TokenServices): Promise<string> => {
  const { variables, network, signal, mask } = services;
  const url = endpointIn(variables, audience);
  const bearer = variables['ACTIONS_ID_TOKEN_REQUEST_TOKEN'];
  if (!bearer) throw missing(`there is no token for the OIDC token endpoint here: ${tokenHelp(variables)}`);
  mask(bearer);
  const headers = { authorization: `Bearer ${bearer}`, accept: 'application/json' };
  const answer = await network.request({ url, headers, signal, timeout: PATIENCE });
  if (answer.status !== 200) throw refusal(answer, variables);
  const document = parseJson(answer);
  const token = isMapping(document) ? document['value'] : undefined;
  if (typeof token === 'string' && token !== '') return token;
  throw new DeliveryError('unexpected', `${answer.from} gave an answer without a token: is it the token endpoint?`);
};

/** Where a token file lies: paths are relative to the workspace. */
export const tokenPath = (path: string, variables: Variables): string =>
  isAbsolute(path) ? path : resolve(variables['GITHUB_WORKSPACE'] ?? '.', path);

const fromFile = async (path: string, { variables, readFile }: TokenServices): Promise<string> => {
  const token = (await readFile(tokenPath(path, variables)))?.trim();
  if (token) return token;
  throw missing(`there is no token in the file '${path}': correct 'web-identity-token-file'`);
};

const fromVariable = (name: string, { variables }: TokenServices): string => {
  const token = variables[name]?.trim();
  if (token) return token;
  throw missing(`there is no token in the variable '${name}': does this job ask its host for one? (GitLab: id_tokens)`);
};

const tokenFrom = async (origin: TokenOrigin, services: TokenServices): Promise<string> => {
  switch (origin.kind) {
    case 'github':
      return fromGitHub(origin.audience, services);
    case 'variable':
      return fromVariable(origin.name, services);
    case 'file':
      return fromFile(origin.path, services);
  }
};

/**
 * A token, new with every call as far as its origin can: tokens live for minutes, and retries may take longer. It is
 * masked before it is returned. Throws a DeliveryError; `unavailable` and `throttled` are worth another call.
 */
export const freshToken = async (origin: TokenOrigin, services: TokenServices): Promise<string> => {
  const token = await tokenFrom(origin, services);
  services.mask(token);
  return token;
};
