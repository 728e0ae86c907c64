import type { HttpRequest, HttpResponse, RequiredPermission } from '../../api-call.js';
import type { Principal } from '../../iam/principal.js';
import type { Random } from '../../random.js';
import type { ServiceContext } from '../../service.js';
import type { Registries, Registry } from '../ecr/repository.js';
import { createErrorResponse, type RegistryRequest } from './protocol.js';

/** Principal, Region and expiry of a registry token. */
export interface RegistryGrant {
  readonly principal: Principal;
  readonly region: string;
  /** Milliseconds since the epoch, on the server's clock. */
  readonly expiresAt: number;
}

/** Passwords issued by GetAuthorizationToken. */
export class Tokens {
  private readonly grants = new Map<string, RegistryGrant>();

  constructor(private readonly random: Random) {}

  issue(grant: RegistryGrant): string {
    const password = Buffer.from(this.random.hex(120)).toString('base64');
    this.grants.set(password, grant);
    return Buffer.from(`AWS:${password}`).toString('base64');
  }

  /** The grant of a Basic `Authorization` header; undefined if the password was not issued here. */
  findGrant(authorization: string | undefined): RegistryGrant | undefined {
    const [, encoded = ''] = /^Basic (.+)$/i.exec(authorization ?? '') ?? [];
    const [user, password = ''] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
    return user === 'AWS' ? this.grants.get(password) : undefined;
  }
}

/** Authentication and authorization of one kind of registry. */
export interface RegistryAuth {
  /** Whether requests to this host are for this registry. */
  readonly matchesHost: (host: string) => boolean;
  /** The registry that the request may use, or an error response. */
  readonly authorize: (registryRequest: RegistryRequest, request: HttpRequest, at: number) => Registry | HttpResponse;
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

/** Whether a host name is ECR Public's. */
export const isPublic = (host: string): boolean => host.startsWith('public.ecr.');

export const createDeniedResponse = (status: number, message: string): HttpResponse =>
  createErrorResponse(status, 'DENIED', message);

/** 401 with a `www-authenticate` challenge. */
export const createUnauthorizedResponse = (challenge: string): HttpResponse => {
  const response = createErrorResponse(401, 'UNAUTHORIZED', 'Not Authorized');
  return { ...response, headers: { ...response.headers, 'www-authenticate': challenge } };
};

export const EXPIRED_MESSAGE = 'Your authorization token has expired. Reauthenticate and try again.';

/** Whether a token, or the session it was issued to, has expired. */
export const isExpired = ({ principal, expiresAt }: RegistryGrant, at: number): boolean =>
  at >= expiresAt || (principal.kind === 'session' && at >= principal.expiresAt);

/** An error response if IAM denies a permission. */
export const checkPermissions = (
  { authorise }: Pick<ServiceContext<unknown>, 'authorise'>,
  { principal }: RegistryGrant,
  permissions: readonly RequiredPermission[],
  at: number,
): HttpResponse | undefined => {
  const error = authorise(principal, permissions, at);
  return error === undefined ? undefined : createDeniedResponse(403, error.message);
};

export interface RegistryAuthOptions {
  readonly context: Pick<ServiceContext<unknown>, 'account' | 'url' | 'authorise'>;
  readonly registries: Registries;
  readonly tokens: Tokens;
}

/** ECR's private registries: Basic authentication with a token of the Region, and IAM permissions for every request. */
export const createPrivateAuth = ({ context, registries, tokens }: RegistryAuthOptions): RegistryAuth => ({
  matchesHost: (host) => !isPublic(host),
  authorize: ({ operation, repository }, { headers }, at) => {
    const grant = tokens.findGrant(headers['authorization']);
    if (grant === undefined)
      return createUnauthorizedResponse(`Basic realm="${context.url()}/",service="ecr.amazonaws.com"`);
    // The server's plain address means the account's own registry in the token's Region.
    const [, account = context.account, region = grant.region] =
      /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\./.exec(headers['host'] ?? '') ?? [];
    const registry = registries.getRegistry(account, region);
    if (isExpired(grant, at)) return createDeniedResponse(403, EXPIRED_MESSAGE);
    if (grant.region !== region) return createDeniedResponse(400, 'The token is for another Region');
    const action = ACTIONS[operation];
    const permissions =
      action === undefined ? [] : [{ action: `ecr:${action}`, resource: registry.buildArn(repository) }];
    return checkPermissions(context, grant, permissions, at) ?? registry;
  },
});
