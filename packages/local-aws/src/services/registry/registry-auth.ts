import type { ApiError, HttpRequest, HttpResponse, RequiredPermission } from '../../api-call.js';
import type { ServiceContext } from '../../service.js';
import type { Registries, Registry } from '../ecr/repository.js';
import type { RegistryGrant, Tokens } from '../ecr/token.js';
import { createErrorResponse, type RegistryRequest } from './protocol.js';

/** Who may come in: a registry's own way to check tokens and rights. */
export interface RegistryAuth {
  /** Whether requests to this host are for it. */
  readonly matchesHost: (host: string) => boolean;
  /** The registry that somebody may use so, or the refusal. */
  readonly authorize: (registryRequest: RegistryRequest, request: HttpRequest, at: number) => Registry | HttpResponse;
}

export interface RegistryAuthOptions {
  readonly context: Pick<ServiceContext<unknown>, 'account' | 'url' | 'authorise'>;
  readonly registries: Registries;
  readonly tokens: Tokens;
}

/** The IAM actions behind the endpoints (ECR user guide, "IAM permissions for pushing an image"). */
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

/** Names below it are ECR Public's. */
const PUBLIC_HOST = /^public\.ecr\./u;

export const isPublic = (host: string): boolean => PUBLIC_HOST.test(host);

/** A refusal that says how to log in. */
export const createUnauthorizedResponse = (challenge: string): HttpResponse => {
  const response = createErrorResponse(401, 'UNAUTHORIZED', 'Not Authorized');
  return { ...response, headers: { ...response.headers, 'www-authenticate': challenge } };
};

/** A token is over with its own time, or with the session that it was given to. */
export const isExpired = ({ principal, expiresAt }: RegistryGrant, at: number): boolean =>
  at >= expiresAt || (principal.kind === 'session' && at >= principal.expiresAt);

/** The refusal of what IAM does not let somebody do. */
export const checkPermissions = (
  authorise: (...args: Parameters<RegistryAuthOptions['context']['authorise']>) => ApiError | undefined,
  { principal }: RegistryGrant,
  permissions: readonly RequiredPermission[],
  at: number,
): HttpResponse | undefined => {
  const error = authorise(principal, permissions, at);
  return error === undefined ? undefined : createErrorResponse(403, 'DENIED', error.message);
};

/** Registries are told apart by name; the bare address is the account's own in the token's Region. */
const parseRegistryHost = (host: string, account: string, region: string) => {
  const [, hostAccount, hostRegion] = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\./.exec(host) ?? [];
  return { account: hostAccount ?? account, region: hostRegion ?? region };
};

/** The way into ECR's private registries: Basic with a token of the Region, and every request is IAM's to allow. */
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
    if (grant.region !== registry.region) return createErrorResponse(400, 'DENIED', 'The token is of another Region');
    const action = ACTIONS[operation];
    const permissions =
      action === undefined ? [] : [{ action: `ecr:${action}`, resource: registry.buildArn(repository) }];
    return checkPermissions(context.authorise, grant, permissions, at) ?? registry;
  },
});
