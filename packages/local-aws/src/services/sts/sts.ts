import { type Call, output, type Reply } from '../../call.js';
import type { Identity, Role } from '../../iam/identity.js';
import { trusts } from '../../iam/policy.js';
import { accountOf, arnOf, type Principal } from '../../principal.js';
import { refusable } from '../../refusal.js';
import { byOperation, type Service, type ServiceContext } from '../../service.js';
import type { Issuer } from '../oidc/issuer.js';
import type { StsScenario } from './scenario.js';
import { checkMaximum, readSessionRequest, refused, type SessionRequest } from './session-request.js';
import { trustContext, verifyToken, type WebIdentity } from './web-identity.js';

export interface StsParts {
  readonly identity: Identity;
  readonly issuer: Issuer;
}

const HOUR = 3_600_000;

class SecurityTokens {
  readonly #context: ServiceContext<StsScenario>;
  readonly #parts: StsParts;

  constructor(context: ServiceContext<StsScenario>, parts: StsParts) {
    this.#context = context;
    this.#parts = parts;
  }

  #open(role: Role, { duration, packedSize }: SessionRequest, at: number, asked: SessionRequest['terms']) {
    const terms = { ...asked, issuedAt: at, expiresAt: at + duration };
    const { accessKeyId, secretAccessKey, sessionToken, session } = this.#parts.identity.open(role, terms);
    return {
      Credentials: {
        AccessKeyId: accessKeyId,
        SecretAccessKey: secretAccessKey,
        SessionToken: sessionToken,
        Expiration: new Date(terms.expiresAt),
      },
      AssumedRoleUser: { AssumedRoleId: `${role.id}:${terms.sessionName}`, Arn: session.principal.arn },
      ...(packedSize > 0 && { PackedPolicySize: packedSize }),
      ...(terms.sourceIdentity !== undefined && { SourceIdentity: terms.sourceIdentity }),
    };
  }

  callerIdentity({ principal }: Call): Reply {
    const account = accountOf(principal, this.#context.account);
    const id = this.#idOf(principal) ?? account;
    return output({ UserId: id, Account: account, Arn: arnOf(principal, this.#context.partition) });
  }

  /** The unique id of a user or a session (IAM user guide, "Where you can use policy variables": `aws:userid`). */
  #idOf(principal: Principal): string | undefined {
    const { identity } = this.#parts;
    if (principal.kind === 'user') return identity.user(principal.arn)?.id;
    const session = identity.session(principal);
    return session && `${session.role.id}:${session.sessionName}`;
  }

  /** Authorised already: the trust policy is a role's resource-based policy. What is left are STS's own limits. */
  assumeRole({ input, principal, at }: Call): Reply {
    const request = readSessionRequest(input, this.#context.scenario.packedSize);
    const role = this.#parts.identity.role(request.roleArn, at);
    if (role === undefined) throw new Error(`${request.roleArn} was authorised and does not exist`);
    const caller = this.#parts.identity.session(principal);
    if (caller !== undefined && request.duration > HOUR) {
      const text = 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.';
      throw refused('ValidationError', text);
    }
    checkMaximum(request, role);
    const { terms } = request;
    const inherited = (caller?.transitiveTagKeys ?? []).map((key) => [key, caller?.tags[key] ?? ''] as const);
    const tags = { ...terms.tags, ...Object.fromEntries(inherited) };
    const transitiveTagKeys = [...terms.transitiveTagKeys, ...inherited.map(([key]) => key)];
    const sourceIdentity = caller?.sourceIdentity ?? terms.sourceIdentity;
    return output(this.#open(role, request, at, { ...terms, tags, transitiveTagKeys, sourceIdentity }));
  }

  #trusts(role: Role | undefined, found: WebIdentity, sessionName: string): role is Role {
    if (role === undefined) return false;
    const asker = { kind: 'Federated', names: [found.provider.arn], accountNames: [] } as const;
    const context = trustContext(found, sessionName);
    const tagged = Object.keys(found.tags).length > 0;
    const actions = ['sts:AssumeRoleWithWebIdentity', ...(tagged ? ['sts:TagSession'] : [])];
    return actions.every((action) => trusts(role.trust, asker, action, context));
  }

  async assumeRoleWithWebIdentity({ input, at }: Call): Promise<Reply> {
    const { identity, issuer } = this.#parts;
    const request = readSessionRequest(input, this.#context.scenario.packedSize);
    const account = request.roleArn.split(':')[4] ?? this.#context.account;
    const found = await verifyToken(String(input['WebIdentityToken']), { identity, issuer, account, at });
    const role = identity.role(request.roleArn, at);
    if (!this.#trusts(role, found, request.terms.sessionName)) {
      throw refused('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity', 403);
    }
    checkMaximum(request, role);
    const { provider, claims, audience, tags, transitiveTagKeys } = found;
    const terms = { ...request.terms, tags, transitiveTagKeys, federatedProvider: provider.arn };
    return output({
      ...this.#open(role, request, at, terms),
      SubjectFromWebIdentityToken: claims.sub,
      Audience: audience,
      Provider: provider.arn,
    });
  }
}

/** AWS's security token service: sessions for callers with keys and for identity tokens. */
export const createSts = (context: ServiceContext<StsScenario>, parts: StsParts): Service => {
  const tokens = new SecurityTokens(context, parts);
  return {
    handle: byOperation({
      GetCallerIdentity: async (call) => tokens.callerIdentity(call),
      AssumeRole: refusable((call) => tokens.assumeRole(call)),
      AssumeRoleWithWebIdentity: refusable((call) => tokens.assumeRoleWithWebIdentity(call)),
    }),
  };
};
