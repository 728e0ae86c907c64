import { open, rm, stat } from 'node:fs/promises';
import { isCode } from '@aws-delivery/action-kit/aws-error';
import type { Clock } from '@aws-delivery/action-kit/clock';
import { DeliveryError } from '@aws-delivery/action-kit/error';

/** Whoever holds a lock for longer than this was killed, in milliseconds: what is done under one takes a minute at most. */
const STALE = 120_000;
const PAUSE = 100;

const take = async (path: string): Promise<boolean> => {
  try {
    await (await open(path, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
};

const dropStale = async (path: string, now: number): Promise<void> => {
  try {
    const { mtimeMs } = await stat(path);
    if (now - mtimeMs > STALE) await rm(path, { force: true });
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
};

export interface LockOptions {
  /** The lock is a file of its own beside what it guards. */
  readonly path: string;
  readonly clock: Clock;
}

/** Runs `work` while no other process on this machine holds the lock. Throws `timeout` when it never gets it. */
export const withLock = async <T>({ path, clock }: LockOptions, work: () => Promise<T>): Promise<T> => {
  const deadline = clock.now() + STALE + PAUSE;
  while (!(await take(path))) {
    if (clock.now() > deadline) {
      throw new DeliveryError('timeout', `another process holds ${path}: remove the file if none does`);
    }
    await dropStale(path, clock.now());
    await clock.sleep(PAUSE);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
};
