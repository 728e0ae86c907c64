import { join } from 'node:path';
import { tryParseJson } from '@aws-delivery/action-kit/http/request';
import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import type { Credentials } from '../role/credentials.js';
import { withLock } from './file-lock.js';
import { readOptionalFile, writePrivateFile } from './private-file.js';

/** A session in the cache. */
export interface CachedSession {
  readonly credentials: Credentials;
  /** Milliseconds since the epoch. */
  readonly obtained: number;
}

// SDKs request new credentials 15 minutes before the expiration; those must be valid for longer.
const RENEWAL_WINDOW_MS = 20 * 60_000;

/** Whether a session must be renewed: when less than 20 minutes, or a third of a shorter session, is left. */
export const isDue = ({ credentials, obtained }: CachedSession, now: number): boolean => {
  const { expiration } = credentials;
  if (expiration === undefined) return false;
  return expiration - now < Math.min(RENEWAL_WINDOW_MS, (expiration - obtained) / 3);
};

const parseSession = (content: string): CachedSession | undefined => {
  const document = tryParseJson(content);
  if (!isRecord(document) || !isRecord(document['credentials'])) return undefined;
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = document['credentials'];
  const { obtained } = document;
  if (typeof accessKeyId !== 'string' || typeof secretAccessKey !== 'string') return undefined;
  if (typeof sessionToken !== 'string' || typeof expiration !== 'number' || typeof obtained !== 'number')
    return undefined;
  return { credentials: { accessKeyId, secretAccessKey, sessionToken, expiration }, obtained };
};

export interface SessionCacheOptions {
  /** The private directory of the step. */
  readonly directory: string;
  readonly clock: Clock;
  /** Called when a renewal fails while the previous session is still valid. */
  readonly warn: (message: string) => void;
}

/** Cache of one session for all processes of a job, in a private file. */
export class SessionCache {
  private readonly path: string;

  constructor(private readonly options: SessionCacheOptions) {
    this.path = join(options.directory, 'session.json');
  }

  async save(credentials: Credentials): Promise<void> {
    const session: CachedSession = { credentials, obtained: this.options.clock.now() };
    await writePrivateFile(this.path, JSON.stringify(session));
  }

  /** The session, renewed when it is due. One of several concurrent processes renews it, the others wait. */
  async getSession(renew: () => Promise<Credentials>): Promise<Credentials> {
    const cached = await this.readValidSession();
    if (cached !== undefined) return cached.credentials;
    return withLock({ path: `${this.path}.lock`, clock: this.options.clock }, async () => {
      const current = await this.readValidSession();
      return current === undefined ? this.renewSession(renew) : current.credentials;
    });
  }

  private async read(): Promise<CachedSession | undefined> {
    return parseSession((await readOptionalFile(this.path)) ?? '');
  }

  private async readValidSession(): Promise<CachedSession | undefined> {
    const session = await this.read();
    return session === undefined || isDue(session, this.options.clock.now()) ? undefined : session;
  }

  /** After a failed renewal, returns the previous session while it is valid; the next call tries again. */
  private async renewSession(renew: () => Promise<Credentials>): Promise<Credentials> {
    try {
      const credentials = await renew();
      await this.save(credentials);
      return credentials;
    } catch (error) {
      const previous = await this.read();
      if (previous === undefined || (previous.credentials.expiration ?? 0) <= this.options.clock.now()) throw error;
      this.options.warn(`session not renewed, using the current session until it expires: ${errorMessage(error)}`);
      return previous.credentials;
    }
  }
}
