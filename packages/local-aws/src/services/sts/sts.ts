import { type ApiCall, output, type ServiceResponse } from '../../api-call.js';
import type { IdentityStore, Role } from '../../iam/identity.js';
import { allowsPrincipal } from '../../iam/policy.js';
import { getPrincipalAccount, getPrincipalArn, type Principal } from '../../iam/principal.js';
import type { Service, ServiceContext } from '../../service.js';
import { dispatchWithServiceErrors, serviceError } from '../../service-error.js';
import { HOUR_MS } from '../../time/duration.js';
import type { Issuer } from '../oidc/issuer.js';
import type { StsScenario } from './scenario.js';
import { checkMaxDuration, readSessionRequest, type SessionRequest } from './session-request.js';
import { buildTrustContext, verifyToken, type WebIdentity } from './web-identity.js';

export interface StsDependencies {
  readonly identity: IdentityStore;
  readonly issuer: Issuer;
}

class SecurityTokens {
  constructor(
    private readonly context: ServiceContext<StsScenario>,
    private readonly dependencies: StsDependencies,
  ) {}

  private openSession(
    role: Role,
    { duration, packedSize }: SessionRequest,
    at: number,
    requested: SessionRequest['sessionOptions'],
  ) {
    const sessionOptions = { ...requested, issuedAt: at, expiresAt: at + duration };
    const { accessKeyId, secretAccessKey, sessionToken, session } = this.dependencies.identity.createSession(
      role,
      sessionOptions,
    );
    return {
      Credentials: {
        AccessKeyId: accessKeyId,
        SecretAccessKey: secretAccessKey,
        SessionToken: sessionToken,
        Expiration: new Date(sessionOptions.expiresAt),
      },
      AssumedRoleUser: { AssumedRoleId: `${role.id}:${sessionOptions.sessionName}`, Arn: session.principal.arn },
      ...(packedSize > 0 && { PackedPolicySize: packedSize }),
      ...(sessionOptions.sourceIdentity !== undefined && { SourceIdentity: sessionOptions.sourceIdentity }),
    };
  }

  getCallerIdentity({ principal }: ApiCall): ServiceResponse {
    const account = getPrincipalAccount(principal, this.context.account);
    const id = this.findUserId(principal) ?? account;
    return output({ UserId: id, Account: account, Arn: getPrincipalArn(principal, this.context.partition) });
  }

  /** The unique id of a user or session (IAM user guide, `aws:userid`). */
  private findUserId(principal: Principal): string | undefined {
    const { identity } = this.dependencies;
    if (principal.kind === 'user') return identity.findUser(principal.arn)?.id;
    const session = identity.findSession(principal);
    return session && `${session.role.id}:${session.sessionName}`;
  }

  /** The trust policy has already been evaluated with the caller's permissions; only STS's own limits remain. */
  assumeRole({ input, principal, at }: ApiCall): ServiceResponse {
    const request = readSessionRequest(input, this.context.scenario.packedSize);
    const role = this.dependencies.identity.findRole(request.roleArn, at);
    if (role === undefined) throw new Error(`${request.roleArn} does not exist after authorization`);
    const caller = this.dependencies.identity.findSession(principal);
    if (caller !== undefined && request.duration > HOUR_MS) {
      const message =
        'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.';
      throw serviceError('ValidationError', message);
    }
    checkMaxDuration(request, role);
    const { sessionOptions } = request;
    const inherited = (caller?.transitiveTagKeys ?? []).map((key) => [key, caller?.tags[key] ?? ''] as const);
    const tags = { ...sessionOptions.tags, ...Object.fromEntries(inherited) };
    const transitiveTagKeys = [...sessionOptions.transitiveTagKeys, ...inherited.map(([key]) => key)];
    const sourceIdentity = caller?.sourceIdentity ?? sessionOptions.sourceIdentity;
    return output(this.openSession(role, request, at, { ...sessionOptions, tags, transitiveTagKeys, sourceIdentity }));
  }

  private isTrusted(role: Role | undefined, webIdentity: WebIdentity, sessionName: string): role is Role {
    if (role === undefined) return false;
    const principal = { kind: 'Federated', names: [webIdentity.provider.arn], accountNames: [] } as const;
    const context = buildTrustContext(webIdentity, sessionName);
    const hasTags = Object.keys(webIdentity.tags).length > 0;
    const actions = ['sts:AssumeRoleWithWebIdentity', ...(hasTags ? ['sts:TagSession'] : [])];
    return actions.every((action) => allowsPrincipal(role.trust, principal, action, context));
  }

  async assumeRoleWithWebIdentity({ input, at }: ApiCall): Promise<ServiceResponse> {
    const { identity, issuer } = this.dependencies;
    const request = readSessionRequest(input, this.context.scenario.packedSize);
    const account = request.roleArn.split(':')[4] ?? this.context.account;
    const webIdentity = await verifyToken(String(input['WebIdentityToken']), { identity, issuer, account, at });
    const role = identity.findRole(request.roleArn, at);
    if (!this.isTrusted(role, webIdentity, request.sessionOptions.sessionName)) {
      throw serviceError('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity', 403);
    }
    checkMaxDuration(request, role);
    const { provider, claims, audience, tags, transitiveTagKeys } = webIdentity;
    const sessionOptions = { ...request.sessionOptions, tags, transitiveTagKeys, federatedProvider: provider.arn };
    return output({
      ...this.openSession(role, request, at, sessionOptions),
      SubjectFromWebIdentityToken: claims.sub,
      Audience: audience,
      Provider: provider.arn,
    });
  }
}

/** STS: sessions for callers with keys and for identity tokens. */
export const createSts = (context: ServiceContext<StsScenario>, dependencies: StsDependencies): Service => {
  const securityTokens = new SecurityTokens(context, dependencies);
  return {
    handle: dispatchWithServiceErrors({
      GetCallerIdentity: (call) => securityTokens.getCallerIdentity(call),
      AssumeRole: (call) => securityTokens.assumeRole(call),
      AssumeRoleWithWebIdentity: (call) => securityTokens.assumeRoleWithWebIdentity(call),
    }),
  };
};
