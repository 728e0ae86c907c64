import type { ApiError, HttpRequest, HttpResponse, RequiredPermission } from '../../api-call.js';
import type { ServiceContext } from '../../service.js';
import type { Registries, Registry } from '../ecr/repository.js';
import type { RegistryGrant, Tokens } from '../ecr/token.js';
import { createErrorResponse, type RegistryRequest } from './protocol.js';

/** Authentication and authorization of one kind of registry. */
export interface RegistryAuth {
  /** Whether requests to this host are for this registry. */
  readonly matchesHost: (host: string) => boolean;
  /** The registry that the request may use, or an error response. */
  readonly authorize: (registryRequest: RegistryRequest, request: HttpRequest, at: number) => Registry | HttpResponse;
}

export interface RegistryAuthOptions {
  readonly context: Pick<ServiceContext<unknown>, 'account' | 'url' | 'authorise'>;
  readonly registries: Registries;
  readonly tokens: Tokens;
}

/** IAM actions of the endpoints (ECR user guide, "IAM permissions for pushing an image"). */
export const ACTIONS: Readonly<Record<string, string>> = {
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

/** Host names of ECR Public. */
const PUBLIC_HOST = /^public\.ecr\./u;

export const isPublic = (host: string): boolean => PUBLIC_HOST.test(host);

/** 401 with a `www-authenticate` challenge. */
export const createUnauthorizedResponse = (challenge: string): HttpResponse => {
  const response = createErrorResponse(401, 'UNAUTHORIZED', 'Not Authorized');
  return { ...response, headers: { ...response.headers, 'www-authenticate': challenge } };
};

/** Whether a token, or the session it was issued to, has expired. */
export const isExpired = ({ principal, expiresAt }: RegistryGrant, at: number): boolean =>
  at >= expiresAt || (principal.kind === 'session' && at >= principal.expiresAt);

/** An error response if IAM denies a permission. */
export const checkPermissions = (
  authorise: (...args: Parameters<RegistryAuthOptions['context']['authorise']>) => ApiError | undefined,
  { principal }: RegistryGrant,
  permissions: readonly RequiredPermission[],
  at: number,
): HttpResponse | undefined => {
  const error = authorise(principal, permissions, at);
  return error === undefined ? undefined : createErrorResponse(403, 'DENIED', error.message);
};

/**
 * Account and Region of a registry's host name; the server's plain address means the account's own registry in the
 * token's Region.
 */
const parseRegistryHost = (host: string, account: string, region: string) => {
  const [, hostAccount, hostRegion] = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\./.exec(host) ?? [];
  return { account: hostAccount ?? account, region: hostRegion ?? region };
};

/** ECR's private registries: Basic authentication with a token of the Region, and IAM permissions for every request. */
export const createPrivateAuth = ({ context, registries, tokens }: RegistryAuthOptions): RegistryAuth => ({
  matchesHost: (host) => !isPublic(host),
  authorize: ({ operation, repository }, { headers }, at) => {
    const grant = tokens.findGrant(headers['authorization']);
    if (grant === undefined)
      return createUnauthorizedResponse(`Basic realm="${context.url()}/",service="ecr.amazonaws.com"`);
    const { account, region } = parseRegistryHost(headers['host'] ?? '', context.account, grant.region);
    const registry = registries.getRegistry(account, region);
    const message = 'Your authorization token has expired. Reauthenticate and try again.';
    if (isExpired(grant, at)) return createErrorResponse(403, 'DENIED', message);
    if (grant.region !== registry.region) return createErrorResponse(400, 'DENIED', 'The token is for another Region');
    const action = ACTIONS[operation];
    const permissions =
      action === undefined ? [] : [{ action: `ecr:${action}`, resource: registry.buildArn(repository) }];
    return checkPermissions(context.authorise, grant, permissions, at) ?? registry;
  },
});
