import type { WireRequest, WireResponse } from '../../call.js';
import type { Route, ServiceContext } from '../../service.js';
import { digestOf, type Registry, type Repository } from '../ecr/repository.js';
import type { EcrScenario } from '../ecr/scenario.js';
import type { Entrance } from './entrance.js';
import { type Asked, answer, askedOf, failure } from './protocol.js';
import { referrersOf, subjectOf } from './referrers.js';
import { createMemoryStorage, createRealStorage } from './storage.js';

export interface RegistryParts {
  readonly context: ServiceContext<Pick<EcrScenario, 'mounting' | 'storage'>>;
  readonly entrance: Entrance;
}

const MOST_MANIFEST_BYTES = 4 * 1024 * 1024;
const MOST_TAG_LENGTH = 300;

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
    const admission = this.#parts.entrance.admit(asked, request, at);
    if ('status' in admission) return admission;
    return this.#admit(asked, request, admission, at);
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
      return isSigned || !parts.entrance.serves(request.headers['host'] ?? '')
        ? undefined
        : (askedOf(request)?.operation ?? 'Unknown');
    },
    write: (operation) => !/^(?:Check|Get|Head|List)/u.test(operation),
    answer: (request, at) => door.answer(request, at),
  };
};
