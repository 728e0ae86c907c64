import type { Host } from '@aws-delivery/action-kit/host/host';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { classifyError } from '@aws-delivery/aws/error';
import type { CredentialOrigin } from '../export/credential-output.js';
import type { Request } from '../inputs/parse-request.js';
import type { CredentialServices } from '../services.js';
import type { Claims } from '../token/claims.js';
import { addCredentialsHint } from '../token/default-credentials.js';
import type { Credentials } from './credentials.js';
import { identify } from './identity.js';
import type { RetryOptions } from './retry.js';
import { type ChainResult, type ChainStart, RoleChain, type TrustDenial } from './role-chain.js';
import type { Identity } from './sts-api.js';

export interface RunContext<S extends CredentialServices = CredentialServices> {
  readonly request: Request;
  readonly services: S;
  readonly retryOptions: RetryOptions;
}

/** Credentials that AWS has accepted in GetCallerIdentity. */
export interface IdentifiedCredentials {
  readonly kind: 'credentials';
  readonly credentials: Credentials;
  readonly identity: Identity;
  /** Of the OIDC token; undefined without one. */
  readonly claims: Claims | undefined;
  readonly origin: CredentialOrigin;
}

/** Retry options with one deadline for all calls of the run. */
export const createRetryOptions = (
  { retryPolicy }: Pick<Request, 'retryPolicy'>,
  { clock, signal, log }: Host,
): RetryOptions => ({
  clock,
  signal,
  log,
  deadline: clock.now() + retryPolicy.timeout * 1000,
  maxAttempts: retryPolicy.maxAttempts,
});

/**
 * The default credentials with `use-existing-credentials`; undefined without it, and when there are none or AWS rejects
 * them.
 * @throws DeliveryError when GetCallerIdentity fails in another way, for example without a network
 */
export const findExistingCredentials = async ({
  request,
  services,
  retryOptions,
}: RunContext): Promise<IdentifiedCredentials | undefined> => {
  if (request.existing === 'replace') return undefined;
  const { log } = services.host;
  try {
    const credentials = await services.getDefaultCredentials('used');
    const identity = await identify(credentials, services.stsApi, retryOptions);
    log.info('Existing AWS credentials are valid; not requesting new ones');
    return { kind: 'credentials', credentials, identity, claims: undefined, origin: 'existing' };
  } catch (error) {
    const isAbsent = error instanceof DeliveryError && error.code === 'missing';
    if (!isAbsent && !['denied', 'expired'].includes(classifyError(error))) throw error;
    log.info('No valid existing AWS credentials found; requesting new ones');
    return undefined;
  }
};

const createChainStart = async ({ request, services }: RunContext): Promise<ChainStart> => {
  const { source } = request;
  switch (source.kind) {
    case 'token':
      return { kind: 'token', role: source.role, fetchToken: () => services.fetchToken(source.tokenSource) };
    case 'keys':
      return { kind: 'credentials', credentials: source.credentials };
    case 'default':
      try {
        return { kind: 'credentials', credentials: await services.getDefaultCredentials(source.envKeys) };
      } catch (error) {
        throw addCredentialsHint(error, source.reason, services.host.env);
      }
  }
};

/** Assumes the roles of the request, starting from a token, keys or the default credentials. */
export const assumeRoles = async (context: RunContext): Promise<ChainResult> => {
  const { request, services, retryOptions } = context;
  const chain = new RoleChain(request, { stsApi: services.stsApi, retryOptions });
  return chain.assumeRoles(await createChainStart(context), request.roleSteps);
};

/** Assumes the roles of the request and identifies the resulting credentials. */
export const obtainCredentials = async (context: RunContext): Promise<IdentifiedCredentials | TrustDenial> => {
  const chainResult = await assumeRoles(context);
  if (chainResult.kind === 'denied') return chainResult;
  const { source, roleSteps } = context.request;
  const identity = await identify(chainResult.credentials, context.services.stsApi, context.retryOptions);
  const origin = source.kind === 'default' && roleSteps.length === 0 ? 'existing' : 'obtained';
  return { ...chainResult, identity, origin };
};
