import {
  type ApiCall,
  createErrorResponse as createServiceError,
  type HttpRequest,
  output,
  type ServiceResponse,
} from '../../api-call.js';
import { dispatchByOperation, type Route, type Service, type ServiceContext } from '../../service.js';
import { Registries } from '../ecr/repository.js';
import { type RegistryGrant, Tokens } from '../ecr/token.js';
import { createErrorResponse, createResponse } from '../registry/protocol.js';
import { createRoute } from '../registry/registry.js';
import {
  ACTIONS,
  checkPermissions,
  createUnauthorizedResponse,
  isExpired,
  isPublic,
  type RegistryAuth,
} from '../registry/registry-auth.js';
import type { EcrPublicScenario } from './scenario.js';

/** ECR Public issues tokens in this Region only. */
const REGION = 'us-east-1';

const SETTINGS = { mutability: 'MUTABLE' as const, exclusions: [], scanOnPush: false };

/** Operations that need no principal. */
const PULL_OPERATIONS = new Set(['CheckVersion', 'HeadManifest', 'GetManifest', 'GetBlob', 'ListTags']);

/**
 * ECR Public's registry: every request needs a bearer token. `/token/` issues one for a password, or anonymously for
 * pulls.
 */
class PublicRegistryAuth {
  readonly tokens: Tokens;
  private readonly bearers = new Map<string, RegistryGrant | undefined>();
  private readonly registry;

  constructor(private readonly context: ServiceContext<EcrPublicScenario>) {
    const { account, partition, scenario, clock, random } = context;
    this.tokens = new Tokens(random.fork('tokens'));
    const repositories = Object.fromEntries(scenario.repositories.map((name) => [name, SETTINGS]));
    const registries = new Registries({ account, partition, scenario: { repositories }, startedAt: clock.now() });
    this.registry = registries.getRegistry(account, REGION);
  }

  /** The alias of the registry is that of the scenario's repositories. */
  createRepository = ({ input, at }: ApiCall): ServiceResponse => {
    const [alias = 'a1b2c3d4'] = this.context.scenario.repositories[0]?.split('/') ?? [];
    const repositoryName = String(input['repositoryName']);
    const name = `${alias}/${repositoryName}`;
    if (this.registry.repositories.has(name)) {
      const message = `The repository with name '${repositoryName}' already exists in the registry`;
      return createServiceError('RepositoryAlreadyExistsException', message);
    }
    this.registry.createRepository(name, SETTINGS, at);
    return output({ repository: { repositoryName, repositoryUri: `public.ecr.aws/${name}` } });
  };

  readonly registryAuth: RegistryAuth = {
    matchesHost: isPublic,
    authorize: ({ operation, repository }, { headers }, at) => {
      const [, bearer = ''] = /^Bearer (.+)$/u.exec(headers['authorization'] ?? '') ?? [];
      if (!this.bearers.has(bearer)) {
        return createUnauthorizedResponse(
          `Bearer realm="http://${headers['host']}/token/",service="public.ecr.aws",scope="aws"`,
        );
      }
      const grant = this.bearers.get(bearer);
      if (grant !== undefined && isExpired(grant, at)) {
        return createErrorResponse(
          400,
          'DENIED',
          'Your authorization token has expired. Reauthenticate and try again.',
        );
      }
      if (PULL_OPERATIONS.has(operation)) return this.registry;
      if (grant === undefined) return createErrorResponse(403, 'DENIED', 'Anonymous users cannot push images');
      const { account, partition } = this.context;
      const name = repository.split('/').slice(1).join('/');
      const resource = `arn:${partition}:ecr-public::${account}:repository/${name}`;
      const permissions = [{ action: `ecr-public:${ACTIONS[operation]}`, resource }];
      return checkPermissions(this.context.authorise, grant, permissions, at) ?? this.registry;
    },
  };

  readonly tokenRoute: Route = {
    service: 'registry',
    matchOperation: ({ path, headers }: HttpRequest) =>
      path === '/token/' && isPublic(headers['host'] ?? '') ? 'GetToken' : undefined,
    isWrite: () => false,
    handle: async ({ headers }, at) => {
      const { authorization } = headers;
      const grant = this.tokens.findGrant(authorization);
      const isRejected = authorization !== undefined && (grant === undefined || isExpired(grant, at));
      if (isRejected)
        return createErrorResponse(
          400,
          'DENIED',
          'Your authorization token has expired. Reauthenticate and try again.',
        );
      const token = this.context.random.hex(60);
      this.bearers.set(token, grant);
      return createResponse(200, { 'content-type': 'application/json' }, Buffer.from(JSON.stringify({ token })));
    },
  };
}

/** ECR Public, with its registry at `public.ecr.localhost`. */
export const createEcrPublic = (context: ServiceContext<EcrPublicScenario>): Service => {
  const publicAuth = new PublicRegistryAuth(context);
  const handle = dispatchByOperation({
    GetAuthorizationToken: async ({ principal, region, at }) => {
      const expiresAt = at + context.scenario.tokenLifetime;
      const authorizationToken = publicAuth.tokens.issue({ principal, region, expiresAt });
      return output({ authorizationData: { authorizationToken, expiresAt: new Date(expiresAt) } });
    },
    CreateRepository: async (call) => publicAuth.createRepository(call),
  });
  const scenario = { mounting: 'DISABLED' as const, storage: undefined };
  const registry = createRoute({ context: { ...context, scenario }, auth: publicAuth.registryAuth });
  return { handle, routes: [publicAuth.tokenRoute, registry] };
};
