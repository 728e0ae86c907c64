import { z } from 'zod';
import type { ApiCall, Document } from '../../api-call.js';
import type { IdentityStore, Role } from '../../iam/identity.js';
import { allowsPrincipal } from '../../iam/policy.js';
import { getPrincipalArn, type Principal } from '../../iam/principal.js';
import { dispatchByOperation, type OperationHandlers, type Service, type ServiceContext } from '../../service.js';
import { serviceError } from '../../service-error.js';
import { HOUR_MS } from '../../time/duration.js';
import type { Issuer } from '../oidc/issuer.js';
import { checkMaxDuration, readSessionRequest, type SessionRequest } from './session-request.js';
import { buildTrustContext, verifyToken, type WebIdentity } from './web-identity.js';

export const stsScenario = z.strictObject({
  /**
   * Bytes of session policies and tags that correspond to a PackedPolicySize of 100 %; AWS does not publish its
   * packing.
   */
  packedSize: z.int().positive().default(2048),
});

export type StsScenario = z.output<typeof stsScenario>;

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

  readonly handlers: OperationHandlers = {
    GetCallerIdentity: ({ principal, account }) => {
      const id = this.findUserId(principal) ?? account;
      return { UserId: id, Account: account, Arn: getPrincipalArn(principal, this.context.partition) };
    },
    // The trust policy has already been evaluated with the caller's permissions; only STS's own limits remain.
    AssumeRole: ({ input, principal, at }) => {
      const { identity } = this.dependencies;
      const request = readSessionRequest(input, this.context.scenario.packedSize);
      const role = identity.findRole(request.roleArn, at);
      if (role === undefined) throw new Error(`${request.roleArn} does not exist after authorization`);
      const caller = identity.findSession(principal);
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
      return this.openSession(role, request, at, { ...sessionOptions, tags, transitiveTagKeys, sourceIdentity });
    },
    AssumeRoleWithWebIdentity: (call) => this.assumeRoleWithWebIdentity(call),
  };

  /** The unique id of a user or session (IAM user guide, `aws:userid`). */
  private findUserId(principal: Principal): string | undefined {
    const { identity } = this.dependencies;
    if (principal.kind === 'user') return identity.findUser(principal.arn)?.id;
    const session = identity.findSession(principal);
    return session && `${session.role.id}:${session.sessionName}`;
  }

  private isTrusted(role: Role | undefined, webIdentity: WebIdentity, sessionName: string): role is Role {
    if (role === undefined) return false;
    const principal = { kind: 'Federated', names: [webIdentity.provider.arn], accountNames: [] } as const;
    const context = buildTrustContext(webIdentity, sessionName);
    const hasTags = Object.keys(webIdentity.tags).length > 0;
    const actions = ['sts:AssumeRoleWithWebIdentity', ...(hasTags ? ['sts:TagSession'] : [])];
    return actions.every((action) => allowsPrincipal(role.trust, principal, action, context));
  }

  private async assumeRoleWithWebIdentity({ input, at }: ApiCall): Promise<Document> {
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
    return {
      ...this.openSession(role, request, at, sessionOptions),
      SubjectFromWebIdentityToken: claims.sub,
      Audience: audience,
      Provider: provider.arn,
    };
  }
}

/** STS: sessions for callers with keys and for identity tokens. */
export const createSts = (context: ServiceContext<StsScenario>, dependencies: StsDependencies): Service => ({
  handle: dispatchByOperation(new SecurityTokens(context, dependencies).handlers),
});
