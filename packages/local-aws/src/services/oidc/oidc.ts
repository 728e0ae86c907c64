import type { WireRequest, WireResponse } from '../../call.js';
import { notModelled, type Route, type Service, type ServiceContext } from '../../service.js';
import { jsonResponse } from '../../wire/protocol.js';
import { ALGORITHM, Issuer } from './issuer.js';
import type { Claims, OidcScenario } from './scenario.js';

/** Where the issuer is on the server. */
const PATH = '/_local-aws/oidc';

/** What a job is given to ask for tokens with: `ACTIONS_ID_TOKEN_REQUEST_URL` and `…_TOKEN`. */
export interface Grant {
  readonly requestUrl: string;
  readonly requestToken: string;
}

/** GitHub's issuer as a service: routes, and grants for jobs. */
export interface Oidc extends Service {
  readonly issuer: Issuer;
  /** Lets a job ask for tokens with these claims besides the scenario's. */
  readonly grant: (claims?: Claims) => Grant;
}

const route = (path: string, operation: string, answer: Route['answer']): Route => ({
  service: 'oidc',
  operation: (request) => (request.path === PATH + path ? operation : undefined),
  write: () => false,
  answer,
});

const discovery = (issuer: string, base: string) => ({
  issuer,
  jwks_uri: `${base}/.well-known/jwks`,
  subject_types_supported: ['public', 'pairwise'],
  response_types_supported: ['id_token'],
  id_token_signing_alg_values_supported: [ALGORITHM],
  scopes_supported: ['openid'],
});

export const createOidc = ({ scenario, random, url }: ServiceContext<OidcScenario>): Oidc => {
  const grants = new Map<string, Claims>();
  // of its own, so that the same grants in the same order are the same tokens again after a reset
  const requestTokens = random.fork('grants');
  const base = () => url() + PATH;
  const issuer = new Issuer(scenario, random, base);

  const answerToken = async ({ headers, query }: WireRequest, at: number): Promise<WireResponse> => {
    const claims = grants.get(/^bearer (.+)$/i.exec(headers['authorization'] ?? '')?.[1] ?? '');
    if (claims === undefined) return jsonResponse(401, { message: 'the bearer request token is missing or not known' });
    const audience = new URLSearchParams(query).get('audience') ?? undefined;
    return jsonResponse(200, { value: await issuer.token({ audience, claims, at }) });
  };

  return {
    issuer,
    grant: (claims = {}) => {
      const requestToken = requestTokens.hex(40);
      grants.set(requestToken, claims);
      return { requestUrl: `${base()}/token?api-version=2.0`, requestToken };
    },
    handle: async (call) => notModelled('oidc', call.operation),
    routes: [
      route('/token', 'GetIdToken', answerToken),
      route('/.well-known/openid-configuration', 'GetDiscovery', async () =>
        jsonResponse(200, discovery(issuer.url(), base())),
      ),
      route('/.well-known/jwks', 'GetKeys', async () => jsonResponse(200, await issuer.keys())),
    ],
  };
};
