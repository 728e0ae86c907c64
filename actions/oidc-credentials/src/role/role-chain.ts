import type { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { formatDuration } from '@aws-delivery/action-kit/util/format';
import type { Request } from '../inputs/parse-request.js';
import { type Claims, parseClaims } from '../token/claims.js';
import { getArnAccount } from './arn.js';
import {
  createTokenErrorClassifier,
  isSessionLimitError,
  isTooLarge,
  isTrustDenial,
  toAssumeRoleError,
} from './assume-role-error.js';
import { type Credentials, isAlphanumeric } from './credentials.js';
import { identify } from './identity.js';
import { type RetryOptions, withRetry } from './retry.js';
import { MAX_CHAINED_SESSION_SECONDS, type RoleStep, resolveRoleArn } from './role-step.js';
import {
  findLowerLevel,
  removeTransitiveTags,
  type SessionTags,
  selectTags,
  type Tag,
  type TagLevel,
} from './session-tags.js';
import type { StsApi } from './sts-api.js';

/** Start of a role chain: a role to assume with a token, or credentials. */
export type ChainStart =
  | { readonly kind: 'token'; readonly role: RoleStep; readonly fetchToken: () => Promise<string> }
  | { readonly kind: 'credentials'; readonly credentials: Credentials };

/** The first role's trust policy, or the identity provider, rejects the token. */
export interface TrustDenial {
  readonly kind: 'denied';
  readonly roleArn: string;
  readonly error: DeliveryError;
  readonly claims: Claims;
}

export type ChainResult =
  | { readonly kind: 'credentials'; readonly credentials: Credentials; readonly claims: Claims | undefined }
  | TrustDenial;

export interface ChainServices {
  readonly stsApi: StsApi;
  readonly retryOptions: RetryOptions;
}

type ChainOptions = Pick<Request, 'account' | 'tags' | 'keys' | 'guards'>;

/** Assumes roles in order, each with the session of the previous one. */
export class RoleChain {
  constructor(
    private readonly options: ChainOptions,
    private readonly services: ChainServices,
  ) {}

  /**
   * Assumes all roles.
   * @throws DeliveryError for every failure other than a rejected token
   */
  async assumeRoles(start: ChainStart, roleSteps: readonly RoleStep[]): Promise<ChainResult> {
    if (start.kind === 'credentials') {
      const credentials = await this.assumeFurtherRoles(start.credentials, roleSteps, undefined);
      return { kind: 'credentials', credentials, claims: undefined };
    }
    const roleArn = this.resolveArn(start.role, undefined);
    const firstSession = await this.assumeFirstRole(start.fetchToken, start.role, roleArn);
    if (firstSession.kind === 'denied') return firstSession;
    return {
      ...firstSession,
      credentials: await this.assumeFurtherRoles(firstSession.credentials, roleSteps, getArnAccount(roleArn)),
    };
  }

  private resolveArn(roleStep: RoleStep, account: string | undefined): string {
    return resolveRoleArn(roleStep.role, this.options.guards.partition, this.options.account ?? account);
  }

  /** Assumes the first role, with a new token after every failed attempt. */
  private async assumeFirstRole(
    fetchToken: () => Promise<string>,
    roleStep: RoleStep,
    roleArn: string,
  ): Promise<ChainResult> {
    const { stsApi, retryOptions } = this.services;
    let claims: Claims | undefined;
    let token: string | undefined;
    const call = async (): Promise<Credentials> => {
      token ??= await fetchToken();
      claims = parseClaims(token);
      try {
        return await stsApi.assumeRoleWithWebIdentity({ ...roleStep, roleArn }, token);
      } catch (error) {
        token = undefined;
        throw error;
      }
    };
    retryOptions.log.info(`Assuming ${roleArn} with an OIDC token`);
    try {
      const label = `credentials of ${roleArn}`;
      const credentials = await withRetry(retryOptions, {
        label,
        call,
        classify: createTokenErrorClassifier(),
        accept: this.selectKeyFilter(),
      });
      return { kind: 'credentials', credentials, claims };
    } catch (error) {
      if (claims === undefined || !isTrustDenial(error)) throw toAssumeRoleError(error, roleArn);
      return { kind: 'denied', roleArn, error: toAssumeRoleError(error, roleArn), claims };
    }
  }

  /**
   * Assumes the further roles. `account` is that of the first role; undefined when the chain starts with credentials.
   */
  private async assumeFurtherRoles(
    initial: Credentials,
    roleSteps: readonly RoleStep[],
    account: string | undefined,
  ): Promise<Credentials> {
    let [credentials, currentAccount, tags, chained] = [initial, account, this.options.tags, account !== undefined];
    for (const roleStep of roleSteps) {
      const isName = !roleStep.role.startsWith('arn:') && this.options.account === undefined;
      currentAccount ??= isName
        ? (await identify(credentials, this.services.stsApi, this.services.retryOptions)).account
        : undefined;
      const roleArn = this.resolveArn(roleStep, currentAccount);
      credentials = await this.assumeStep(credentials, { roleStep, roleArn, tags, chained });
      [currentAccount, tags, chained] = [getArnAccount(roleArn), removeTransitiveTags(tags), true];
    }
    return credentials;
  }

  private async assumeStep(
    credentials: Credentials,
    { roleStep, roleArn, tags, chained }: ChainStep,
  ): Promise<Credentials> {
    const { log } = this.services.retryOptions;
    const exceedsLimit = chained && roleStep.duration > MAX_CHAINED_SESSION_SECONDS;
    const duration = exceedsLimit ? MAX_CHAINED_SESSION_SECONDS : roleStep.duration;
    if (exceedsLimit) log.info(formatCappedDuration(roleArn, roleStep.duration));
    log.info(`Assuming ${roleArn} with ${chained ? 'the session of the previous role' : 'AWS credentials'}`);
    try {
      return await this.assumeWithTags(
        credentials,
        { roleStep: { ...roleStep, duration }, roleArn, tags, chained },
        'all',
      );
    } catch (error) {
      if (!isSessionLimitError(error)) throw toAssumeRoleError(error, roleArn);
    }
    log.info(formatCappedDuration(roleArn, roleStep.duration));
    return this.assumeStep(credentials, {
      roleStep: { ...roleStep, duration: MAX_CHAINED_SESSION_SECONDS },
      roleArn,
      tags,
      chained,
    });
  }

  /** Retries with fewer tags when AWS rejects the session as too large, and logs the dropped tags. */
  private async assumeWithTags(credentials: Credentials, step: ChainStep, level: TagLevel): Promise<Credentials> {
    const { stsApi, retryOptions } = this.services;
    const { roleStep, roleArn, tags } = step;
    const sentTags = selectTags(tags, level);
    const assumeRoleOptions = { ...roleStep, roleArn, tags: sentTags, transitive: tags.transitive };
    const call = () => stsApi.assumeRole(assumeRoleOptions, credentials);
    try {
      const session = await withRetry(retryOptions, {
        label: `credentials of ${roleArn}`,
        call,
        accept: this.selectKeyFilter(),
      });
      const dropped = selectTags(tags, 'all').filter((tag) => !sentTags.includes(tag));
      if (dropped.length > 0) retryOptions.log.warning(formatDroppedTags(roleArn, dropped));
      return session;
    } catch (error) {
      const lowerLevel = isTooLarge(error) ? findLowerLevel(tags, level) : undefined;
      if (lowerLevel === undefined) throw error;
      return this.assumeWithTags(credentials, step, lowerLevel);
    }
  }

  private selectKeyFilter(): (credentials: Credentials) => boolean {
    return this.options.keys === 'plain' ? isAlphanumeric : () => true;
  }
}

interface ChainStep {
  readonly roleStep: RoleStep;
  readonly roleArn: string;
  readonly tags: SessionTags;
  /** Whether the credentials are known to be a role's session. */
  readonly chained: boolean;
}

const formatCappedDuration = (roleArn: string, requestedSeconds: number): string =>
  `Session duration of ${roleArn} reduced from ${formatDuration(requestedSeconds * 1000)} to one hour, the AWS limit for chained roles`;

const formatDroppedTags = (roleArn: string, dropped: readonly Tag[]): string =>
  `session tags exceed the size limit of ${roleArn}: dropped ${dropped.map(({ key }) => key).join(', ')}`;
