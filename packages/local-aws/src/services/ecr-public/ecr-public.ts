import { z } from 'zod';
import type { HttpRequest } from '../../api-call.js';
import { createJsonResponse } from '../../protocols/protocol.js';
import { dispatchByOperation, type Route, type Service, type ServiceContext } from '../../service.js';
import { serviceError } from '../../service-error.js';
import { durationSchema, HOUR_MS } from '../../time/duration.js';
import { DEFAULT_SETTINGS, Registries } from '../ecr/repository.js';
import { createRoute } from '../registry/registry.js';
import {
  ACTIONS,
  checkPermissions,
  createDeniedResponse,
  createUnauthorizedResponse,
  EXPIRED_MESSAGE,
  isExpired,
  isPublic,
  type RegistryAuth,
  type RegistryGrant,
  Tokens,
} from '../registry/registry-auth.js';

/** ECR Public's part of a scenario: repositories by alias and name, `alias/app`. The host is `public.ecr.localhost`. */
export const ecrPublicScenario = z.strictObject({
  repositories: z.array(z.string()).default([]),
  tokenLifetime: durationSchema.default(12 * HOUR_MS),
});

export type EcrPublicScenario = z.output<typeof ecrPublicScenario>;

/** ECR Public issues tokens in this Region only. */
const REGION = 'us-east-1';

/** Operations that need no principal. */
const PULL_OPERATIONS = new Set(['CheckVersion', 'HeadManifest', 'GetManifest', 'GetBlob', 'ListTags']);

/**
 * ECR Public, with its registry at `public.ecr.localhost`: every request needs a bearer token. `/token/` issues one for
 * a password, or anonymously for pulls.
 */
export const createEcrPublic = (context: ServiceContext<EcrPublicScenario>): Service => {
  const { account, partition, scenario, clock, random } = context;
  const tokens = new Tokens(random.fork('tokens'));
  const bearers = new Map<string, RegistryGrant | undefined>();
  const repositories = Object.fromEntries(scenario.repositories.map((name) => [name, DEFAULT_SETTINGS]));
  const registries = new Registries({ account, partition, scenario: { repositories }, startedAt: clock.now() });
  const registry = registries.getRegistry(account, REGION);
  const auth: RegistryAuth = {
    matchesHost: isPublic,
    authorize: ({ operation, repository }, { headers }, at) => {
      const [, bearer = ''] = /^Bearer (.+)$/u.exec(headers['authorization'] ?? '') ?? [];
      const challenge = `Bearer realm="http://${headers['host']}/token/",service="public.ecr.aws",scope="aws"`;
      if (!bearers.has(bearer)) return createUnauthorizedResponse(challenge);
      const grant = bearers.get(bearer);
      if (grant !== undefined && isExpired(grant, at)) return createDeniedResponse(400, EXPIRED_MESSAGE);
      if (PULL_OPERATIONS.has(operation)) return registry;
      if (grant === undefined) return createDeniedResponse(403, 'Anonymous users cannot push images');
      const name = repository.split('/').slice(1).join('/');
      const resource = `arn:${partition}:ecr-public::${account}:repository/${name}`;
      const permissions = [{ action: `ecr-public:${ACTIONS[operation]}`, resource }];
      return checkPermissions(context, grant, permissions, at) ?? registry;
    },
  };
  const tokenRoute: Route = {
    service: 'registry',
    matchOperation: ({ path, headers }: HttpRequest) =>
      path === '/token/' && isPublic(headers['host'] ?? '') ? 'GetToken' : undefined,
    isWrite: () => false,
    handle: async ({ headers: { authorization } }, at) => {
      const grant = tokens.findGrant(authorization);
      const isRejected = authorization !== undefined && (grant === undefined || isExpired(grant, at));
      if (isRejected) return createDeniedResponse(400, EXPIRED_MESSAGE);
      const token = random.hex(60);
      bearers.set(token, grant);
      return createJsonResponse(200, { token });
    },
  };
  const handle = dispatchByOperation({
    GetAuthorizationToken: ({ principal, region, at }) => {
      const expiresAt = at + scenario.tokenLifetime;
      const authorizationToken = tokens.issue({ principal, region, expiresAt });
      return { authorizationData: { authorizationToken, expiresAt: new Date(expiresAt) } };
    },
    CreateRepository: ({ input, at }) => {
      // The alias of the registry is that of the scenario's repositories.
      const [alias = 'a1b2c3d4'] = scenario.repositories[0]?.split('/') ?? [];
      const repositoryName = String(input['repositoryName']);
      const name = `${alias}/${repositoryName}`;
      if (registry.repositories.has(name)) {
        const message = `The repository with name '${repositoryName}' already exists in the registry`;
        throw serviceError('RepositoryAlreadyExistsException', message);
      }
      registry.createRepository(name, DEFAULT_SETTINGS, at);
      return { repository: { repositoryName, repositoryUri: `public.ecr.aws/${name}` } };
    },
  });
  const registryContext = { ...context, scenario: { mounting: 'DISABLED' as const, storage: undefined } };
  return { handle, routes: [tokenRoute, createRoute({ context: registryContext, auth })] };
};
