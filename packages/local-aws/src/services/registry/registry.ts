import type { HttpRequest, HttpResponse } from '../../api-call.js';
import type { Route, ServiceContext } from '../../service.js';
import { computeDigest, type Registry, type Repository } from '../ecr/repository.js';
import type { EcrScenario } from '../ecr/scenario.js';
import { parseManifest } from './manifest.js';
import { createErrorResponse, createResponse, parseRequest, type RegistryRequest } from './protocol.js';
import { createReferrersResponse } from './referrers.js';
import type { RegistryAuth } from './registry-auth.js';
import { createForwardingStorage, createMemoryStorage } from './storage.js';

export interface RegistryOptions {
  readonly context: ServiceContext<Pick<EcrScenario, 'mounting' | 'storage'>>;
  readonly auth: RegistryAuth;
}

const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
const MAX_TAG_LENGTH = 300;

/** An error response for a manifest that ECR rejects but other registries accept; undefined if it is valid. */
const checkManifest = (
  { operation, reference }: RegistryRequest,
  { body, headers }: HttpRequest,
  repository: Repository,
) => {
  if (operation !== 'PutManifest') return undefined;
  if (body.length > MAX_MANIFEST_BYTES)
    return createErrorResponse(400, 'MANIFEST_INVALID', 'The manifest is larger than 4 MiB');
  if (reference.length > MAX_TAG_LENGTH)
    return createErrorResponse(400, 'TAG_INVALID', 'The tag is longer than 300 characters');
  const result = parseManifest(body, headers['content-type'] ?? '');
  if (result.kind === 'invalid') return createErrorResponse(400, 'MANIFEST_INVALID', result.message);
  if (!repository.tags.has(reference) || !repository.isImmutable(reference)) return undefined;
  const message = `The image tag '${reference}' already exists in the '${repository.name}' repository and cannot be overwritten because the repository is immutable.`;
  return createErrorResponse(400, 'TAG_INVALID', message);
};

/** Removes a mount request if mounting is disabled, so that a normal upload starts. */
const removeMount = (request: HttpRequest): HttpRequest => {
  const query = new URLSearchParams(request.query);
  query.delete('mount');
  query.delete('from');
  return { ...request, query: query.toString() };
};

const recordManifest = (
  repository: Repository,
  reference: string,
  { body, headers }: HttpRequest,
  at: number,
): void => {
  const mediaType = headers['content-type'] ?? '';
  repository.putImage(reference, { digest: computeDigest(body), mediaType, manifest: body, pushedAt: at });
};

/** The registry endpoint: ECR's authentication, permissions, repositories and rules in front of a storage. */
class RegistryEndpoint {
  private readonly storage;

  constructor(private readonly options: RegistryOptions) {
    const { scenario, random } = options.context;
    this.storage =
      scenario.storage === undefined
        ? createMemoryStorage(random.fork('uploads'))
        : createForwardingStorage(scenario.storage);
  }

  async handle(request: HttpRequest, at: number): Promise<HttpResponse> {
    const registryRequest = parseRequest(request);
    if (registryRequest === undefined)
      return createErrorResponse(404, 'UNSUPPORTED', `Local AWS does not support ${request.method} ${request.path}`);
    const registry = this.options.auth.authorize(registryRequest, request, at);
    if ('status' in registry) return registry;
    return this.handleAuthorized(registryRequest, request, registry, at);
  }

  private async handleAuthorized(
    registryRequest: RegistryRequest,
    request: HttpRequest,
    registry: Registry,
    at: number,
  ): Promise<HttpResponse> {
    const { operation, repository: name, reference } = registryRequest;
    if (operation === 'CheckVersion') return createResponse(200, { 'docker-distribution-api-version': 'registry/2.0' });
    const repository = registry.repositories.get(name);
    if (repository === undefined) {
      const message = `The repository with name '${name}' does not exist in the registry with id '${registry.account}'`;
      return createErrorResponse(404, 'NAME_UNKNOWN', message);
    }
    const errorResponse = checkManifest(registryRequest, request, repository);
    if (errorResponse !== undefined) return errorResponse;
    if (operation === 'ListReferrers') return createReferrersResponse(repository, reference);
    const { mounting } = this.options.context.scenario;
    const forwarded = operation === 'StartUpload' && mounting === 'DISABLED' ? removeMount(request) : request;
    const response = await this.storage(registryRequest, forwarded, registry);
    if (operation === 'PutManifest' && response.status === 201) {
      recordManifest(repository, reference, request, at);
      const result = parseManifest(request.body, request.headers['content-type'] ?? '');
      const subject = result.kind === 'manifest' ? result.content.subject : undefined;
      return subject === undefined
        ? response
        : { ...response, headers: { ...response.headers, 'oci-subject': subject } };
    }
    // ECR returns 201 for a PATCH; the specification says 202 (docs/aws-facts.md §5.3).
    return operation === 'PatchUpload' && response.status === 202 ? { ...response, status: 201 } : response;
  }
}

/** The registry as a route. A signed request below /v2/ is an AWS API call. */
export const createRoute = (options: RegistryOptions): Route => {
  const endpoint = new RegistryEndpoint(options);
  return {
    service: 'registry',
    matchOperation: (request) => {
      if (!request.path.startsWith('/v2/')) return undefined;
      const isSigned = (request.headers['authorization'] ?? '').startsWith('AWS4-');
      return isSigned || !options.auth.matchesHost(request.headers['host'] ?? '')
        ? undefined
        : (parseRequest(request)?.operation ?? 'Unknown');
    },
    isWrite: (operation) => !/^(?:Check|Get|Head|List)/u.test(operation),
    handle: (request, at) => endpoint.handle(request, at),
  };
};
