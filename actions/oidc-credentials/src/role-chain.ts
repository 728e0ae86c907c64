import { durationText } from '@aws-delivery/action-kit/clock';
import type { DeliveryError } from '@aws-delivery/action-kit/error';
import { assumptionError, isChainedTooLong, isTooLarge, isTrustRefusal, tokenErrorJudge } from './assumption-error.js';
import { attempt, type Trial } from './attempt.js';
import { type Claims, claimsOf } from './claims.js';
import { type Credentials, isPlain } from './credentials.js';
import { accountIn, CHAINED_LIMIT, type Hop, roleArn } from './hop.js';
import { identify } from './identity.js';
import type { Request } from './request.js';
import { afterTransitive, levelBelow, type SessionTags, type Tag, type TagLevel, tagsAt } from './session-tags.js';
import type { TokenService } from './token-service.js';

/** Where a chain starts: at a role that a token leads to, or with credentials. */
export type Start =
  | { readonly kind: 'token'; readonly role: Hop; readonly fresh: () => Promise<string> }
  | { readonly kind: 'credentials'; readonly credentials: Credentials };

/** Where it ends: with credentials, or at a role that does not let the token in. */
export type ChainEnd =
  | { readonly kind: 'credentials'; readonly credentials: Credentials; readonly claims: Claims | undefined }
  | { readonly kind: 'denied'; readonly role: string; readonly error: DeliveryError; readonly claims: Claims };

export interface ChainServices {
  readonly sts: TokenService;
  readonly trial: Trial;
}

type Ask = Pick<Request, 'account' | 'tags' | 'keys' | 'guards'>;

/** Assumes roles one after the other, each with the session of the one before. */
export class RoleChain {
  constructor(
    private readonly ask: Ask,
    private readonly services: ChainServices,
  ) {}

  /** Goes through the roles. Throws a DeliveryError for every failure but a token that is not let in. */
  async walk(start: Start, hops: readonly Hop[]): Promise<ChainEnd> {
    if (start.kind === 'credentials') {
      const credentials = await this.follow(start.credentials, hops, undefined);
      return { kind: 'credentials', credentials, claims: undefined };
    }
    const role = this.arnOf(start.role, undefined);
    const entry = await this.enter(start.fresh, start.role, role);
    if (entry.kind === 'denied') return entry;
    return { ...entry, credentials: await this.follow(entry.credentials, hops, accountIn(role)) };
  }

  private arnOf(hop: Hop, account: string | undefined): string {
    return roleArn(hop.role, this.ask.guards.partition, this.ask.account ?? account);
  }

  /** The first role, by a token that is new with every attempt. */
  private async enter(fresh: () => Promise<string>, hop: Hop, role: string): Promise<ChainEnd> {
    const { sts, trial } = this.services;
    let claims: Claims | undefined;
    const call = async (): Promise<Credentials> => {
      const token = await fresh();
      claims = claimsOf(token);
      return sts.withToken({ ...hop, roleArn: role }, token);
    };
    trial.log.info(`Assuming ${role} with an OIDC token`);
    try {
      const what = `${role} to be assumed`;
      const credentials = await attempt(trial, { what, call, judge: tokenErrorJudge(), accept: this.accept() });
      return { kind: 'credentials', credentials, claims };
    } catch (error) {
      if (claims === undefined || !isTrustRefusal(error)) throw assumptionError(error, role);
      return { kind: 'denied', role, error: assumptionError(error, role), claims };
    }
  }

  /** The further roles. `account` is that of the role whose session this is; undefined where the session was there before. */
  private async follow(from: Credentials, hops: readonly Hop[], account: string | undefined): Promise<Credentials> {
    let [credentials, home, tags, chained] = [from, account, this.ask.tags, account !== undefined];
    for (const hop of hops) {
      const isName = !hop.role.startsWith('arn:') && this.ask.account === undefined;
      home ??= isName ? (await identify(credentials, this.services.sts, this.services.trial)).account : undefined;
      const role = this.arnOf(hop, home);
      credentials = await this.step(credentials, { hop, role, tags, chained });
      [home, tags, chained] = [accountIn(role), afterTransitive(tags), true];
    }
    return credentials;
  }

  private async step(credentials: Credentials, { hop, role, tags, chained }: Step): Promise<Credentials> {
    const { log } = this.services.trial;
    const tooLong = chained && hop.duration > CHAINED_LIMIT;
    const duration = tooLong ? CHAINED_LIMIT : hop.duration;
    if (tooLong) log.info(cappedLine(role, hop.duration));
    log.info(`Assuming ${role} with the credentials at hand`);
    try {
      return await this.assume(credentials, { hop: { ...hop, duration }, role, tags, chained }, 'all');
    } catch (error) {
      if (!isChainedTooLong(error)) throw assumptionError(error, role);
    }
    log.info(cappedLine(role, hop.duration));
    return this.step(credentials, { hop: { ...hop, duration: CHAINED_LIMIT }, role, tags, chained });
  }

  /** Tries with fewer tags when the session is too large, and says what was left out where that helped. */
  private async assume(credentials: Credentials, step: Step, level: TagLevel): Promise<Credentials> {
    const { sts, trial } = this.services;
    const { hop, role, tags } = step;
    const sent = tagsAt(tags, level);
    const assumption = { ...hop, roleArn: role, tags: sent, transitive: tags.transitive };
    const call = () => sts.withCredentials(assumption, credentials);
    try {
      const session = await attempt(trial, { what: `${role} to be assumed`, call, accept: this.accept() });
      const dropped = tagsAt(tags, 'all').filter((tag) => !sent.includes(tag));
      if (dropped.length > 0) trial.log.warning(droppedLine(role, dropped));
      return session;
    } catch (error) {
      const below = isTooLarge(error) ? levelBelow(tags, level) : undefined;
      if (below === undefined) throw error;
      return this.assume(credentials, step, below);
    }
  }

  private accept(): (credentials: Credentials) => boolean {
    return this.ask.keys === 'plain' ? isPlain : () => true;
  }
}

interface Step {
  readonly hop: Hop;
  readonly role: string;
  readonly tags: SessionTags;
  /** Whether the credentials are known to be those of a role. */
  readonly chained: boolean;
}

const cappedLine = (role: string, asked: number): string =>
  `The session of ${role} lasts one hour instead of ${durationText(asked * 1000)}: AWS's limit for a role assumed from a role`;

const droppedLine = (role: string, dropped: readonly Tag[]): string =>
  `the session of ${role} would be too large for AWS: it goes without the tags ${dropped.map(({ key }) => key).join(', ')}`;
