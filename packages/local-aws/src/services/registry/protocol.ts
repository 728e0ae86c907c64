import type { HttpRequest, HttpResponse } from '../../api-call.js';

/** A request to an endpoint of the registry (OCI distribution specification, "endpoints"). */
export interface RegistryRequest {
  readonly operation: string;
  readonly repository: string;
  /** Tag, digest or upload id; empty for endpoints without one. */
  readonly reference: string;
}

const ENDPOINTS: readonly (readonly [method: string, path: RegExp, operation: string])[] = [
  ['GET', /^\/v2\/$/, 'CheckVersion'],
  ['HEAD', /^\/v2\/(.+)\/manifests\/([^/]+)$/, 'HeadManifest'],
  ['GET', /^\/v2\/(.+)\/manifests\/([^/]+)$/, 'GetManifest'],
  ['PUT', /^\/v2\/(.+)\/manifests\/([^/]+)$/, 'PutManifest'],
  ['HEAD', /^\/v2\/(.+)\/blobs\/(sha256:[0-9a-f]{64})$/, 'HeadBlob'],
  ['GET', /^\/v2\/(.+)\/blobs\/(sha256:[0-9a-f]{64})$/, 'GetBlob'],
  ['POST', /^\/v2\/(.+)\/blobs\/uploads\/$/, 'StartUpload'],
  ['PATCH', /^\/v2\/(.+)\/blobs\/uploads\/([^/]+)$/, 'PatchUpload'],
  ['PUT', /^\/v2\/(.+)\/blobs\/uploads\/([^/]+)$/, 'PutUpload'],
  ['GET', /^\/v2\/(.+)\/tags\/list$/, 'ListTags'],
  ['GET', /^\/v2\/(.+)\/referrers\/(sha256:[0-9a-f]{64})$/, 'ListReferrers'],
];

/** Parses a request; undefined if it matches no endpoint. */
export const parseRequest = ({ method, path }: HttpRequest): RegistryRequest | undefined => {
  for (const [endpointMethod, pattern, operation] of ENDPOINTS) {
    const match = endpointMethod === method ? pattern.exec(path) : null;
    if (match !== null) {
      return { operation, repository: match[1] ?? '', reference: decodeURIComponent(match[2] ?? '') };
    }
  }
  return undefined;
};

export const createResponse = (
  status: number,
  headers: HttpResponse['headers'] = {},
  body: Buffer = Buffer.alloc(0),
): HttpResponse => ({ status, headers, body });

/** An error in the format of the OCI distribution specification. */
export const createErrorResponse = (status: number, code: string, message: string): HttpResponse =>
  createResponse(
    status,
    { 'content-type': 'application/json' },
    Buffer.from(JSON.stringify({ errors: [{ code, message }] })),
  );
