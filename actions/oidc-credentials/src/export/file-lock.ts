import { rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { readRegularFile } from '@aws-delivery/action-kit/files/regular-file';
import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';

// A lock is held for a minute at most; the process of an older one was killed.
const STALE_LOCK_MS = 120_000;
const POLL_INTERVAL_MS = 100;

/** Content of a lock file: it shows whether the process still runs, before the lock becomes stale. */
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
    // Signal 0 only tests whether the process exists.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasErrorCode(error, 'ESRCH');
  }
};

/** Only for processes of this machine; those of other machines and containers cannot be tested. */
const isOwnerGone = (owner: string): boolean => {
  const pid = Number.parseInt(owner, 10);
  return owner === formatOwner(pid) && !isAlive(pid);
};

const removeStaleLock = async (path: string, now: number): Promise<void> => {
  try {
    const [owner, { mtimeMs }] = await Promise.all([readRegularFile(path), stat(path)]);
    if (isOwnerGone(owner.toString()) || now - mtimeMs > STALE_LOCK_MS) await rm(path, { force: true });
  } catch (error) {
    if (!hasErrorCode(error, 'ENOENT')) throw error;
  }
};

export interface LockOptions {
  /** Path of the lock file. */
  readonly path: string;
  readonly clock: Clock;
}

/**
 * Runs a task under a lock between processes.
 * @throws DeliveryError `timeout` when the lock is not released
 */
export const withLock = async <T>({ path, clock }: LockOptions, task: () => Promise<T>): Promise<T> => {
  const deadline = clock.now() + STALE_LOCK_MS + POLL_INTERVAL_MS;
  while (!(await acquireLock(path))) {
    if (clock.now() > deadline) {
      throw new DeliveryError(
        'timeout',
        `${path} is locked by another process: delete the file if no such process is running`,
      );
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
