import type { HttpRequest, HttpResponse } from '../../api-call.js';
import type { Random } from '../../random.js';
import { computeDigest, type Registry } from '../ecr/repository.js';
import { parseManifest } from './manifest.js';
import { createErrorResponse, createResponse, type RegistryRequest } from './protocol.js';

/** Stores blobs and manifests and handles the registry protocol, without credentials or ECR's rules. */
export type Storage = (
  registryRequest: RegistryRequest,
  request: HttpRequest,
  registry: Registry,
) => Promise<HttpResponse>;

type Endpoint = (registryRequest: RegistryRequest, request: HttpRequest, registry: Registry) => HttpResponse;

const buildBlobKey = ({ account, region }: Registry, repository: string, digest: string): string =>
  `${account} ${region} ${repository} ${digest}`;

/** The endpoints of a registry in memory, by operation. */
class MemoryEndpoints {
  private readonly blobs = new Map<string, Buffer>();
  private readonly uploads = new Map<string, Buffer>();

  constructor(private readonly random: Random) {}

  private readonly getManifest: Endpoint = ({ repository, reference }, _request, registry) => {
    const image = registry.repositories.get(repository)?.findImage(reference);
    if (image === undefined) return createErrorResponse(404, 'MANIFEST_UNKNOWN', 'Requested image not found');
    return createResponse(200, buildManifestHeaders(image.mediaType, image.manifest), image.manifest);
  };

  private readonly getBlob: Endpoint = ({ repository, reference }, _request, registry) => {
    const blob = this.blobs.get(buildBlobKey(registry, repository, reference));
    if (blob === undefined) return createErrorResponse(404, 'BLOB_UNKNOWN', 'The blob is not in the repository');
    return createResponse(200, { 'docker-content-digest': reference, 'content-length': String(blob.length) }, blob);
  };

  readonly handlers: Readonly<Record<string, Endpoint>> = {
    GetManifest: this.getManifest,
    HeadManifest: this.getManifest,
    PutManifest: ({ repository, reference }, { body, headers }, registry) => {
      const digest = computeDigest(body);
      if (reference.startsWith('sha256:') && reference !== digest) {
        return createErrorResponse(400, 'DIGEST_INVALID', 'The manifest does not match the specified digest');
      }
      const result = parseManifest(body, headers['content-type'] ?? '');
      if (result.kind === 'invalid') return createErrorResponse(400, 'MANIFEST_INVALID', result.message);
      const { blobs, manifests } = result.content;
      const missing =
        blobs.find((each) => !this.blobs.has(buildBlobKey(registry, repository, each))) ??
        manifests.find((each) => registry.repositories.get(repository)?.findImage(each) === undefined);
      if (missing !== undefined)
        return createErrorResponse(404, 'MANIFEST_BLOB_UNKNOWN', `${missing} is not in the repository`);
      return createResponse(201, buildManifestHeaders(headers['content-type'] ?? '', body));
    },
    GetBlob: this.getBlob,
    HeadBlob: this.getBlob,
    StartUpload: ({ repository }, { query }, registry) => {
      const parameters = new URLSearchParams(query);
      const digest = parameters.get('mount') ?? '';
      const mounted = this.blobs.get(buildBlobKey(registry, parameters.get('from') ?? '', digest));
      if (mounted !== undefined) {
        this.blobs.set(buildBlobKey(registry, repository, digest), mounted);
        return createResponse(201, { location: `/v2/${repository}/blobs/${digest}`, 'docker-content-digest': digest });
      }
      const id = this.random.uuid();
      this.uploads.set(id, Buffer.alloc(0));
      return createResponse(202, { location: `/v2/${repository}/blobs/uploads/${id}`, 'docker-upload-uuid': id });
    },
    PatchUpload: ({ repository, reference }, { body }) => {
      const before = this.uploads.get(reference);
      if (before === undefined) return createErrorResponse(404, 'BLOB_UPLOAD_UNKNOWN', 'The upload does not exist');
      const content = Buffer.concat([before, body]);
      this.uploads.set(reference, content);
      // Container engines continue an upload only if the response has a range.
      const range = `0-${Math.max(0, content.length - 1)}`;
      const location = `/v2/${repository}/blobs/uploads/${reference}`;
      return createResponse(202, { location, range, 'docker-upload-uuid': reference });
    },
    PutUpload: ({ repository, reference }, { body, query }, registry) => {
      const before = this.uploads.get(reference);
      if (before === undefined) return createErrorResponse(404, 'BLOB_UPLOAD_UNKNOWN', 'The upload does not exist');
      const content = Buffer.concat([before, body]);
      const digest = computeDigest(content);
      const expected = new URLSearchParams(query).get('digest');
      if (digest !== expected)
        return createErrorResponse(400, 'DIGEST_INVALID', `The blob has the digest ${digest}, not ${expected}`);
      this.uploads.delete(reference);
      this.blobs.set(buildBlobKey(registry, repository, digest), content);
      return createResponse(201, { location: `/v2/${repository}/blobs/${digest}`, 'docker-content-digest': digest });
    },
    ListTags: ({ repository: name }, _request, registry) => {
      const tags = [...(registry.repositories.get(name)?.tags.keys() ?? [])];
      return createResponse(200, { 'content-type': 'application/json' }, Buffer.from(JSON.stringify({ name, tags })));
    },
  };
}

/** Stores blobs in memory. */
export const createMemoryStorage = (random: Random): Storage => {
  const endpoints = new MemoryEndpoints(random).handlers;
  return async (registryRequest, request, registry) =>
    endpoints[registryRequest.operation]?.(registryRequest, request, registry) ??
    createErrorResponse(405, 'UNSUPPORTED', registryRequest.operation);
};

const buildManifestHeaders = (mediaType: string, manifest: Buffer) => ({
  'content-type': mediaType,
  'docker-content-digest': computeDigest(manifest),
  'content-length': String(manifest.length),
});

/** Forwards requests to a real registry; each account and Region gets its own prefix. */
export const createForwardingStorage = (address: string): Storage => {
  const url = new URL(address);
  return async ({ repository }, request, { account, region }) => {
    const prefix = `${account}-${region}/`;
    const path = request.path.replace('/v2/', `/v2/${prefix}`);
    const query = new URLSearchParams(request.query);
    const from = query.get('from');
    if (from !== null) query.set('from', `${prefix}${from}`);
    const { authorization: _token, host: _host, connection: _connection, ...headers } = request.headers;
    const response = await fetch(new URL(`${path}?${query}`, url), {
      method: request.method,
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name))),
      ...(['GET', 'HEAD'].includes(request.method) ? {} : { body: new Uint8Array(request.body) }),
      redirect: 'manual',
    });
    const responseHeaders = Object.fromEntries([...response.headers].filter(([name]) => !HOP_BY_HOP.has(name)));
    const location = responseHeaders['location'];
    const body = Buffer.from(await response.arrayBuffer());
    if (location === undefined) return createResponse(response.status, responseHeaders, body);
    const target = new URL(location, url);
    const relativeLocation = `${target.pathname.replace(`/v2/${prefix}${repository}`, `/v2/${repository}`)}${target.search}`;
    return createResponse(response.status, { ...responseHeaders, location: relativeLocation }, body);
  };
};

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-encoding', 'expect']);
