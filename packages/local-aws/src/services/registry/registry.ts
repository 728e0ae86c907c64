import type { HttpRequest, HttpResponse } from '../../api-call.js';
import { readDocument } from '../../protocols/document.js';
import { createJsonResponse } from '../../protocols/protocol.js';
import type { Route, ServiceContext } from '../../service.js';
import { computeDigest, type Repository } from '../ecr/repository.js';
import type { EcrScenario } from '../ecr/scenario.js';
import { type ManifestResult, parseManifest } from './manifest.js';
import { createErrorResponse, createResponse, parseRequest, type RegistryRequest } from './protocol.js';
import type { RegistryAuth } from './registry-auth.js';
import { createForwardingStorage, createMemoryStorage, type Storage } from './storage.js';

export interface RegistryOptions {
  readonly context: ServiceContext<Pick<EcrScenario, 'mounting' | 'storage'>>;
  readonly auth: RegistryAuth;
}

const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
const MAX_TAG_LENGTH = 300;
const INDEX_MEDIA_TYPE = 'application/vnd.oci.image.index.v1+json';

const getSubject = (result: ManifestResult): string | undefined =>
  result.kind === 'manifest' ? result.content.subject : undefined;

/** An error response for a manifest that ECR rejects but other registries accept; undefined if it is valid. */
const checkManifest = (reference: string, { body, headers }: HttpRequest, repository: Repository) => {
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

/** The referrers of a digest as an index (OCI distribution specification 1.1, "Listing Referrers"). */
const createReferrersResponse = ({ images }: Repository, digest: string): HttpResponse => {
  const manifests = [...images.values()]
    .filter(({ manifest, mediaType }) => getSubject(parseManifest(manifest, mediaType)) === digest)
    .map(({ manifest, mediaType, digest: own }) => {
      const { artifactType, annotations } = readDocument(JSON.parse(manifest.toString('utf8')));
      return { mediaType, digest: own, size: manifest.length, artifactType, annotations };
    });
  const response = createJsonResponse(200, { schemaVersion: 2, mediaType: INDEX_MEDIA_TYPE, manifests });
  return { ...response, headers: { 'content-type': INDEX_MEDIA_TYPE } };
};

/** Removes a mount request if mounting is disabled, so that a normal upload starts. */
const removeMount = (request: HttpRequest): HttpRequest => {
  const query = new URLSearchParams(request.query);
  query.delete('mount');
  query.delete('from');
  return { ...request, query: query.toString() };
};

/** Stores a manifest that ECR's rules allow, and records it in its repository. */
const putManifest = async (
  { reference }: RegistryRequest,
  request: HttpRequest,
  repository: Repository,
  store: () => Promise<HttpResponse>,
  pushedAt: number,
): Promise<HttpResponse> => {
  const { body, headers } = request;
  const errorResponse = checkManifest(reference, request, repository);
  if (errorResponse !== undefined) return errorResponse;
  const response = await store();
  if (response.status !== 201) return response;
  const mediaType = headers['content-type'] ?? '';
  repository.putImage(reference, { digest: computeDigest(body), mediaType, manifest: body, pushedAt });
  const subject = getSubject(parseManifest(body, mediaType));
  return subject === undefined ? response : { ...response, headers: { ...response.headers, 'oci-subject': subject } };
};

/** Handles requests: ECR's authentication, permissions, repositories and rules in front of a storage. */
const createHandler = ({ context, auth }: RegistryOptions): Route['handle'] => {
  const { scenario, random } = context;
  const storage =
    scenario.storage === undefined
      ? createMemoryStorage(random.fork('uploads'))
      : createForwardingStorage(scenario.storage);
  const forward: Storage = async (registryRequest, request, registry) => {
    const { operation } = registryRequest;
    const isMount = operation === 'StartUpload' && scenario.mounting === 'DISABLED';
    const response = await storage(registryRequest, isMount ? removeMount(request) : request, registry);
    // ECR returns 201 for a PATCH; the specification says 202 (docs/aws-facts.md §5.3).
    return operation === 'PatchUpload' && response.status === 202 ? { ...response, status: 201 } : response;
  };
  return async (request, at) => {
    const registryRequest = parseRequest(request);
    if (registryRequest === undefined)
      return createErrorResponse(404, 'UNSUPPORTED', `Local AWS does not support ${request.method} ${request.path}`);
    const registry = auth.authorize(registryRequest, request, at);
    if ('status' in registry) return registry;
    const { operation, repository: name, reference } = registryRequest;
    if (operation === 'CheckVersion') return createResponse(200, { 'docker-distribution-api-version': 'registry/2.0' });
    const repository = registry.repositories.get(name);
    if (repository === undefined) {
      const message = `The repository with name '${name}' does not exist in the registry with id '${registry.account}'`;
      return createErrorResponse(404, 'NAME_UNKNOWN', message);
    }
    if (operation === 'ListReferrers') return createReferrersResponse(repository, reference);
    const store = () => forward(registryRequest, request, registry);
    return operation === 'PutManifest' ? putManifest(registryRequest, request, repository, store, at) : store();
  };
};

/** The registry as a route. A signed request below /v2/ is an AWS API call. */
export const createRoute = (options: RegistryOptions): Route => ({
  service: 'registry',
  matchOperation: (request) => {
    const { host = '', authorization = '' } = request.headers;
    const isRegistry =
      request.path.startsWith('/v2/') && !authorization.startsWith('AWS4-') && options.auth.matchesHost(host);
    return isRegistry ? (parseRequest(request)?.operation ?? 'Unknown') : undefined;
  },
  isWrite: (operation) => !/^(?:Check|Get|Head|List)/u.test(operation),
  handle: createHandler(options),
});
