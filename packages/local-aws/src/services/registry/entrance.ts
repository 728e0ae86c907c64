import type { ApiError, Demand, WireRequest, WireResponse } from '../../call.js';
import type { ServiceContext } from '../../service.js';
import type { Registries, Registry } from '../ecr/repository.js';
import type { Grant, Tokens } from '../ecr/token.js';
import { type Asked, failure } from './protocol.js';

/** Who may come in: a registry's own way to check tokens and rights. */
export interface Entrance {
  /** Whether requests to this host are for it. */
  readonly serves: (host: string) => boolean;
  /** The registry that somebody may use so, or the refusal. */
  readonly admit: (asked: Asked, request: WireRequest, at: number) => Registry | WireResponse;
}

export interface EntranceParts {
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
const PUBLIC = /^public\.ecr\./u;

export const isPublic = (host: string): boolean => PUBLIC.test(host);

/** A refusal that says how to log in. */
export const unauthorised = (challenge: string): WireResponse => {
  const refusal = failure(401, 'UNAUTHORIZED', 'Not Authorized');
  return { ...refusal, headers: { ...refusal.headers, 'www-authenticate': challenge } };
};

/** A token is over with its own time, or with the session that it was given to. */
export const isOver = ({ principal, expiresAt }: Grant, at: number): boolean =>
  at >= expiresAt || (principal.kind === 'session' && at >= principal.expiresAt);

/** The refusal of what IAM does not let somebody do. */
export const denied = (
  authorise: (...asked: Parameters<EntranceParts['context']['authorise']>) => ApiError | undefined,
  { principal }: Grant,
  demands: readonly Demand[],
  at: number,
): WireResponse | undefined => {
  const refusal = authorise(principal, demands, at);
  return refusal === undefined ? undefined : failure(403, 'DENIED', refusal.message);
};

/** Registries are told apart by name; the bare address is the account's own in the token's Region. */
const placeOf = (host: string, account: string, region: string) => {
  const [, named, place] = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\./.exec(host) ?? [];
  return { account: named ?? account, region: place ?? region };
};

/** The way into ECR's private registries: Basic with a token of the Region, and every request is IAM's to allow. */
export const privateEntrance = ({ context, registries, tokens }: EntranceParts): Entrance => ({
  serves: (host) => !isPublic(host),
  admit: ({ operation, repository }, { headers }, at) => {
    const grant = tokens.grantOf(headers['authorization']);
    if (grant === undefined) return unauthorised(`Basic realm="${context.url()}/",service="ecr.amazonaws.com"`);
    const { account, region } = placeOf(headers['host'] ?? '', context.account, grant.region);
    const registry = registries.of(account, region);
    const expired = 'Your authorization token has expired. Reauthenticate and try again.';
    if (isOver(grant, at)) return failure(403, 'DENIED', expired);
    if (grant.region !== registry.region) return failure(400, 'DENIED', 'The token is of another Region');
    const action = ACTIONS[operation];
    const demands = action === undefined ? [] : [{ action: `ecr:${action}`, resource: registry.arnOf(repository) }];
    return denied(context.authorise, grant, demands, at) ?? registry;
  },
});
