import type { WireRequest, WireResponse } from '../../call.js';
import type { Route, ServiceContext } from '../../service.js';
import { digestOf, type Registries, type Registry, type Repository } from '../ecr/repository.js';
import type { EcrScenario } from '../ecr/scenario.js';
import type { Grant, Tokens } from '../ecr/token.js';
import { type Asked, answer, askedOf, failure } from './protocol.js';
import { referrersOf, subjectOf } from './referrers.js';
import { createMemoryStorage, createRealStorage } from './storage.js';

export interface RegistryParts {
  readonly context: ServiceContext<EcrScenario>;
  readonly registries: Registries;
  readonly tokens: Tokens;
}

/** The IAM actions behind the endpoints (ECR user guide, "IAM permissions for pushing an image"). */
const ACTIONS: Readonly<Record<string, string>> = {
  HeadManifest: 'BatchGetImage',
  GetManifest: 'BatchGetImage',
  PutManifest: 'PutImage',
  HeadBlob: 'BatchCheckLayerAvailability',
  GetBlob: 'GetDownloadUrlForLayer',
  StartUpload: 'InitiateLayerUpload',
  PatchUpload: 'UploadLayerPart',
  PutUpload: 'CompleteLayerUpload',
  ListTags: 'ListImages',
  ListReferrers: 'ListImageReferrers',
};

const MOST_MANIFEST_BYTES = 4 * 1024 * 1024;
const MOST_TAG_LENGTH = 300;

/** Registries are told apart by name; the bare address is the account's own in the token's Region. */
const placeOf = (host: string, account: string, region: string) => {
  const [, named, place] = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\./.exec(host) ?? [];
  return { account: named ?? account, region: place ?? region };
};

/** What ECR refuses that a registry by itself would take; undefined for what it lets pass. */
const objectionTo = ({ operation, reference }: Asked, { body }: WireRequest, repository: Repository) => {
  if (operation !== 'PutManifest') return undefined;
  if (body.length > MOST_MANIFEST_BYTES) return failure(400, 'MANIFEST_INVALID', 'The manifest is larger than 4 MiB');
  if (reference.length > MOST_TAG_LENGTH) return failure(400, 'TAG_INVALID', 'The tag is longer than 300 characters');
  if (!repository.tags.has(reference) || !repository.isImmutable(reference)) return undefined;
  const text = `The image tag '${reference}' already exists in the '${repository.name}' repository and cannot be overwritten because the repository is immutable.`;
  return failure(400, 'TAG_INVALID', text);
};

/** ECR mounts only where the account says so; otherwise an upload begins, as if nobody had asked. */
const withoutMount = (request: WireRequest): WireRequest => {
  const query = new URLSearchParams(request.query);
  query.delete('mount');
  query.delete('from');
  return { ...request, query: query.toString() };
};

const recordManifest = (
  repository: Repository,
  reference: string,
  { body, headers }: WireRequest,
  at: number,
): void => {
  const mediaType = headers['content-type'] ?? '';
  repository.put(reference, { digest: digestOf(body), mediaType, manifest: body, pushedAt: at });
};

/** ECR's door: tokens, permissions, repositories and ECR's own rules before whatever keeps the images. */
class Door {
  readonly #parts: RegistryParts;
  readonly #store;

  constructor(parts: RegistryParts) {
    const { scenario, random } = parts.context;
    this.#parts = parts;
    this.#store =
      scenario.storage === undefined
        ? createMemoryStorage(random.fork('uploads'))
        : createRealStorage(scenario.storage);
  }

  async answer(request: WireRequest, at: number): Promise<WireResponse> {
    const asked = askedOf(request);
    if (asked === undefined) return failure(404, 'UNSUPPORTED', `${request.method} ${request.path} is not modelled`);
    const grant = this.#parts.tokens.grantOf(request.headers['authorization']);
    if (grant === undefined) {
      const refusal = failure(401, 'UNAUTHORIZED', 'Not Authorized');
      const challenge = `Basic realm="${this.#parts.context.url()}/",service="ecr.amazonaws.com"`;
      return { ...refusal, headers: { ...refusal.headers, 'www-authenticate': challenge } };
    }
    const { account, region } = placeOf(request.headers['host'] ?? '', this.#parts.context.account, grant.region);
    const registry = this.#parts.registries.of(account, region);
    return this.#objection(grant, asked, registry, at) ?? this.#admit(asked, request, registry, at);
  }

  /** Expiry and rights, as ECR words them. */
  #objection(grant: Grant, { operation, repository }: Asked, registry: Registry, at: number) {
    const { principal, region, expiresAt } = grant;
    const isOver = at >= expiresAt || (principal.kind === 'session' && at >= principal.expiresAt);
    if (isOver) return failure(403, 'DENIED', 'Your authorization token has expired. Reauthenticate and try again.');
    if (region !== registry.region) return failure(400, 'DENIED', 'The token is of another Region');
    const action = ACTIONS[operation];
    if (action === undefined) return undefined;
    const demands = [{ action: `ecr:${action}`, resource: registry.arnOf(repository) }];
    const refusal = this.#parts.context.authorise(principal, demands, at);
    return refusal === undefined ? undefined : failure(403, 'DENIED', refusal.message);
  }

  async #admit(asked: Asked, request: WireRequest, registry: Registry, at: number): Promise<WireResponse> {
    const { operation, repository: name, reference } = asked;
    if (operation === 'CheckVersion') return answer(200, { 'docker-distribution-api-version': 'registry/2.0' });
    const repository = registry.repositories.get(name);
    if (repository === undefined) {
      const text = `The repository with name '${name}' does not exist in the registry with id '${registry.account}'`;
      return failure(404, 'NAME_UNKNOWN', text);
    }
    const objection = objectionTo(asked, request, repository);
    if (objection !== undefined) return objection;
    if (operation === 'ListReferrers') return referrersOf(repository, reference);
    const { mounting } = this.#parts.context.scenario;
    const passed = operation === 'StartUpload' && mounting === 'DISABLED' ? withoutMount(request) : request;
    const response = await this.#store(asked, passed, registry);
    if (operation === 'PutManifest' && response.status === 201) {
      recordManifest(repository, reference, request, at);
      const subject = subjectOf(request.body);
      return subject === undefined
        ? response
        : { ...response, headers: { ...response.headers, 'oci-subject': subject } };
    }
    // ECR answers 201 to a PATCH, where the specification says 202 (aws-facts §5.3).
    return operation === 'PatchUpload' && response.status === 202 ? { ...response, status: 201 } : response;
  }
}

/** The registry as a route. A signed request below /v2/ is an AWS API's. */
export const createRoute = (parts: RegistryParts): Route => {
  const door = new Door(parts);
  return {
    service: 'registry',
    operation: (request) => {
      if (!request.path.startsWith('/v2/')) return undefined;
      const isSigned = (request.headers['authorization'] ?? '').startsWith('AWS4-');
      return isSigned ? undefined : (askedOf(request)?.operation ?? 'Unknown');
    },
    write: true,
    answer: (request, at) => door.answer(request, at),
  };
};
