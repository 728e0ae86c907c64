import { join } from 'node:path';
import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import type { Credentials } from '../role/credentials.js';
import { withLock } from './file-lock.js';
import { readOptionalFile, writePrivateFile } from './private-file.js';

/** A session and when it was obtained, in milliseconds since the epoch. */
export interface CachedSession {
  readonly credentials: Credentials;
  readonly obtained: number;
}

/** SDKs ask for new credentials from 15 minutes before the end; they must get some that last longer than that. */
const RENEWAL_WINDOW_MS = 20 * 60_000;

/** When a session is renewed: below 20 minutes or a third of its life, whichever is less. */
export const isDue = ({ credentials, obtained }: CachedSession, now: number): boolean => {
  const { expiration } = credentials;
  if (expiration === undefined) return false;
  return expiration - now < Math.min(RENEWAL_WINDOW_MS, (expiration - obtained) / 3);
};

/** A cache that cannot be read is none; what stands in it must not turn up in an error. */
const parseJson = (content: string): unknown => {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
};

const parseSession = (content: string): CachedSession | undefined => {
  const document = parseJson(content);
  if (!isRecord(document) || !isRecord(document['credentials'])) return undefined;
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = document['credentials'];
  const { obtained } = document;
  if (typeof accessKeyId !== 'string' || typeof secretAccessKey !== 'string') return undefined;
  if (typeof sessionToken !== 'string' || typeof expiration !== 'number' || typeof obtained !== 'number')
    return undefined;
  return { credentials: { accessKeyId, secretAccessKey, sessionToken, expiration }, obtained };
};

export interface SessionCacheOptions {
  /** A directory of our own. */
  readonly directory: string;
  readonly clock: Clock;
  /** Told when a renewal failed and the old session is still good. */
  readonly warn: (message: string) => void;
}

/** One session for all processes of a job, in a file only the owner can read. */
export class SessionCache {
  private readonly path: string;

  constructor(private readonly options: SessionCacheOptions) {
    this.path = join(options.directory, 'session.json');
  }

  async save(credentials: Credentials): Promise<void> {
    const session: CachedSession = { credentials, obtained: this.options.clock.now() };
    await writePrivateFile(this.path, JSON.stringify(session));
  }

  /** The session, renewed when it is due; of many callers at once, one renews and the others wait for it. */
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

  /** A renewal that fails does no harm as long as the old session lives: the next caller tries again. */
  private async renewSession(renew: () => Promise<Credentials>): Promise<Credentials> {
    try {
      const credentials = await renew();
      await this.save(credentials);
      return credentials;
    } catch (error) {
      const previous = await this.read();
      if (previous === undefined || (previous.credentials.expiration ?? 0) <= this.options.clock.now()) throw error;
      this.options.warn(`the session could not be renewed yet, and the old one still lives: ${errorMessage(error)}`);
      return previous.credentials;
    }
  }
}
