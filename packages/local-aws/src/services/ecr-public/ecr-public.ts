import type { WireRequest } from '../../call.js';
import { output } from '../../call.js';
import { byOperation, type Route, type Service, type ServiceContext } from '../../service.js';
import { Registries } from '../ecr/repository.js';
import { type Grant, Tokens } from '../ecr/token.js';
import { ACTIONS, denied, type Entrance, isOver, isPublic, unauthorised } from '../registry/entrance.js';
import { answer, failure } from '../registry/protocol.js';
import { createRoute } from '../registry/registry.js';
import type { EcrPublicScenario } from './scenario.js';

/** The one Region of ECR Public's tokens. */
const REGION = 'us-east-1';

/** What anybody may do, and what only those who push. */
const PULLS = new Set(['CheckVersion', 'HeadManifest', 'GetManifest', 'GetBlob', 'ListTags']);

/** ECR Public lets nobody in without a bearer token, for which its `/token/` takes the password or nothing. */
class Gate {
  readonly tokens: Tokens;
  readonly #bearers = new Map<string, Grant | undefined>();
  readonly #registry;

  constructor(private readonly context: ServiceContext<EcrPublicScenario>) {
    const { account, partition, scenario, clock, random } = context;
    this.tokens = new Tokens(random.fork('tokens'));
    const repositories = Object.fromEntries(
      scenario.repositories.map((name) => [
        name,
        { mutability: 'MUTABLE' as const, exclusions: [], scanOnPush: false },
      ]),
    );
    const registries = new Registries({ account, partition, scenario: { repositories }, startedAt: clock.now() });
    this.#registry = registries.of(account, REGION);
  }

  readonly entrance: Entrance = {
    serves: isPublic,
    admit: ({ operation, repository }, { headers }, at) => {
      const [, bearer = ''] = /^Bearer (.+)$/u.exec(headers['authorization'] ?? '') ?? [];
      if (!this.#bearers.has(bearer)) {
        return unauthorised(`Bearer realm="http://${headers['host']}/token/",service="public.ecr.aws",scope="aws"`);
      }
      const grant = this.#bearers.get(bearer);
      if (grant !== undefined && isOver(grant, at)) {
        return failure(400, 'DENIED', 'Your authorization token has expired. Reauthenticate and try again.');
      }
      if (PULLS.has(operation)) return this.#registry;
      if (grant === undefined) return failure(403, 'DENIED', 'Nobody pushes without a name');
      const { account, partition } = this.context;
      const name = repository.split('/').slice(1).join('/');
      const resource = `arn:${partition}:ecr-public::${account}:repository/${name}`;
      const demands = [{ action: `ecr-public:${ACTIONS[operation]}`, resource }];
      return denied(this.context.authorise, grant, demands, at) ?? this.#registry;
    },
  };

  readonly tokenRoute: Route = {
    service: 'registry',
    operation: ({ path, headers }: WireRequest) =>
      path === '/token/' && isPublic(headers['host'] ?? '') ? 'GetToken' : undefined,
    write: () => false,
    answer: async ({ headers }, at) => {
      const { authorization } = headers;
      const grant = this.tokens.grantOf(authorization);
      const isWrong = authorization !== undefined && (grant === undefined || isOver(grant, at));
      if (isWrong) return failure(400, 'DENIED', 'Your authorization token has expired. Reauthenticate and try again.');
      const token = this.context.random.hex(60);
      this.#bearers.set(token, grant);
      return answer(200, { 'content-type': 'application/json' }, Buffer.from(JSON.stringify({ token })));
    },
  };
}

/** ECR Public: its login, and the registry at `public.ecr.localhost`. */
export const createEcrPublic = (context: ServiceContext<EcrPublicScenario>): Service => {
  const gate = new Gate(context);
  const handle = byOperation({
    GetAuthorizationToken: async ({ principal, region, at }) => {
      const expiresAt = at + context.scenario.tokenLifetime;
      const authorizationToken = gate.tokens.issue({ principal, region, expiresAt });
      return output({ authorizationData: { authorizationToken, expiresAt: new Date(expiresAt) } });
    },
  });
  const scenario = { mounting: 'DISABLED' as const, storage: undefined };
  const registry = createRoute({ context: { ...context, scenario }, entrance: gate.entrance });
  return { handle, routes: [gate.tokenRoute, registry] };
};
