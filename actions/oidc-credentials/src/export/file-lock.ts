import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';

/** Whoever holds a lock for longer than this was killed, in milliseconds: what is done under one takes a minute at most. */
const STALE_LOCK_MS = 120_000;
const POLL_INTERVAL_MS = 100;

/** Whoever takes a lock writes down who it is: of a process that is gone nobody has to wait for the lock to grow stale. */
const formatOwner = (pid: number): string => `${pid} on ${hostname()}`;

const acquireLock = async (path: string): Promise<boolean> => {
  try {
    await writeFile(path, formatOwner(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (hasErrorCode(error, 'EEXIST')) return false;
    throw error;
  }
};

const isAlive = (pid: number): boolean => {
  try {
    // Signal 0 reaches nobody: it only tells whether somebody is there.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasErrorCode(error, 'ESRCH');
  }
};

/** Processes of other machines and containers cannot be asked after. */
const isOwnerGone = (owner: string): boolean => {
  const pid = Number.parseInt(owner, 10);
  return owner === formatOwner(pid) && !isAlive(pid);
};

const removeStaleLock = async (path: string, now: number): Promise<void> => {
  try {
    const [owner, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    if (isOwnerGone(owner) || now - mtimeMs > STALE_LOCK_MS) await rm(path, { force: true });
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT')) throw error;
  }
};

export interface LockOptions {
  /** The lock is a file of its own beside what it guards. */
  readonly path: string;
  readonly clock: Clock;
}

/** Runs `work` while no other process on this machine holds the lock. Throws `timeout` when it never gets it. */
export const withLock = async <T>({ path, clock }: LockOptions, task: () => Promise<T>): Promise<T> => {
  const deadline = clock.now() + STALE_LOCK_MS + POLL_INTERVAL_MS;
  while (!(await acquireLock(path))) {
    if (clock.now() > deadline) {
      throw new DeliveryError('timeout', `another process holds ${path}: remove the file if none does`);
    }
    await removeStaleLock(path, clock.now());
    await clock.sleep(POLL_INTERVAL_MS);
  }
  try {
    return await task();
  } finally {
    await rm(path, { force: true });
  }
};
