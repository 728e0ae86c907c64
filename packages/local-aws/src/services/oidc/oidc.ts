import type { HttpRequest, HttpResponse } from '../../api-call.js';
import { createJsonResponse } from '../../protocols/protocol.js';
import { createNotImplementedResponse, type Route, type Service, type ServiceContext } from '../../service.js';
import type { Claims, OidcScenario } from './claims.js';
import { ALGORITHM, Issuer } from './issuer.js';

const ISSUER_PATH = '/_local-aws/oidc';

/** How a job requests tokens: `ACTIONS_ID_TOKEN_REQUEST_URL` and `ACTIONS_ID_TOKEN_REQUEST_TOKEN`. */
export interface Grant {
  readonly requestUrl: string;
  readonly requestToken: string;
}

/** GitHub's OIDC issuer: its routes, and grants for jobs. */
export interface Oidc extends Service {
  readonly issuer: Issuer;
  /** Creates a grant for a job; its tokens have these claims in addition to the scenario's. */
  readonly createGrant: (claims?: Claims) => Grant;
}

const createRoute = (path: string, operation: string, handle: Route['handle']): Route => ({
  service: 'oidc',
  matchOperation: (request) => (request.path === ISSUER_PATH + path ? operation : undefined),
  isWrite: () => false,
  handle,
});

const buildDiscoveryDocument = (issuer: string, baseUrl: string) => ({
  issuer,
  jwks_uri: `${baseUrl}/.well-known/jwks`,
  subject_types_supported: ['public', 'pairwise'],
  response_types_supported: ['id_token'],
  id_token_signing_alg_values_supported: [ALGORITHM],
  scopes_supported: ['openid'],
});

export const createOidc = ({ scenario, random, url }: ServiceContext<OidcScenario>): Oidc => {
  const grants = new Map<string, Claims>();
  // A separate generator, so that after a reset the same grants get the same request tokens.
  const requestTokens = random.fork('grants');
  const getBaseUrl = () => url() + ISSUER_PATH;
  const issuer = new Issuer(scenario, random, getBaseUrl);

  const handleTokenRequest = async ({ headers, query }: HttpRequest, at: number): Promise<HttpResponse> => {
    const claims = grants.get(/^bearer (.+)$/i.exec(headers['authorization'] ?? '')?.[1] ?? '');
    if (claims === undefined)
      return createJsonResponse(401, { message: 'the bearer request token is missing or not valid' });
    const audience = new URLSearchParams(query).get('audience') ?? undefined;
    return createJsonResponse(200, { value: await issuer.createToken({ audience, claims, at }) });
  };

  return {
    issuer,
    createGrant: (claims = {}) => {
      const requestToken = requestTokens.hex(40);
      grants.set(requestToken, claims);
      return { requestUrl: `${getBaseUrl()}/token?api-version=2.0`, requestToken };
    },
    handle: async (call) => createNotImplementedResponse('oidc', call.operation),
    routes: [
      createRoute('/token', 'GetIdToken', handleTokenRequest),
      createRoute('/.well-known/openid-configuration', 'GetDiscovery', async () =>
        createJsonResponse(200, buildDiscoveryDocument(issuer.getUrl(), getBaseUrl())),
      ),
      createRoute('/.well-known/jwks', 'GetKeys', async () => createJsonResponse(200, await issuer.getKeys())),
    ],
  };
};
