import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isCode } from '@aws-delivery/action-kit/aws-error';
import type { Clock } from '@aws-delivery/action-kit/clock';
import { DeliveryError } from '@aws-delivery/action-kit/error';

/** Whoever holds a lock for longer than this was killed, in milliseconds: what is done under one takes a minute at most. */
const STALE = 120_000;
const PAUSE = 100;

/** Whoever takes a lock writes down who it is: of a process that is gone nobody has to wait for the lock to grow stale. */
const signature = (pid: number): string => `${pid} on ${hostname()}`;

const take = async (path: string): Promise<boolean> => {
  try {
    await writeFile(path, signature(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
};

const isAlive = (pid: number): boolean => {
  try {
    // Signal 0 reaches nobody: it only tells whether somebody is there.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isCode(error, 'ESRCH');
  }
};

/** Processes of other machines and containers cannot be asked after. */
const isDeserted = (text: string): boolean => {
  const pid = Number.parseInt(text, 10);
  return text === signature(pid) && !isAlive(pid);
};

const dropStale = async (path: string, now: number): Promise<void> => {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    if (isDeserted(text) || now - mtimeMs > STALE) await rm(path, { force: true });
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
