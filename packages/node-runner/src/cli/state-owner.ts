import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const ownerSchema = z.object({
  pid: z.number(),
  /** Start of the process; distinguishes it from a later one with the same id. Undefined if the system does not tell. */
  startedAt: z.string().optional(),
  host: z.string(),
});

/** The process whose job is in a state directory. */
export type StateOwner = z.infer<typeof ownerSchema>;

/** How often a living owner renews its file, for readers on other machines. */
const HEARTBEAT_MS = 10_000;

/** An owner on another machine that has not renewed its file for this time has ended. */
const STALE_MS = 60_000;

/** Field 22 of `/proc/<pid>/stat`, counted after the name in parentheses. */
const readLinuxStart = (pid: number): string | undefined => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
};

/** The start of a process as text for comparison; undefined if it does not exist or the system does not tell. */
const readProcessStart = (pid: number): string | undefined => {
  try {
    if (process.platform === 'linux') return readLinuxStart(pid);
    if (process.platform === 'win32') return undefined;
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return undefined;
  }
};

const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: a process of another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

const getOwnerFile = (directory: string): string => join(directory, 'job.owner.json');

/**
 * Makes this process the owner of a state directory and renews the ownership until it is disposed.
 * @throws Error with the code EEXIST if the directory has an owner
 */
export const claimState = (directory: string): Disposable => {
  const startedAt = readProcessStart(process.pid);
  const owner: StateOwner = { pid: process.pid, host: hostname(), ...(startedAt === undefined ? {} : { startedAt }) };
  const file = getOwnerFile(directory);
  writeFileSync(file, JSON.stringify(owner), { mode: 0o600, flag: 'wx' });
  const timer = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date());
    } catch {
      // The directory was removed.
    }
  }, HEARTBEAT_MS).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
};

/** Removes the file of an owner that has ended. */
export const removeOwner = (directory: string): void => rmSync(getOwnerFile(directory), { force: true });

/** The owner of a state directory if it is still running; undefined if it has ended or there is none. */
export const findLivingOwner = (directory: string, now = Date.now()): StateOwner | undefined => {
  const file = getOwnerFile(directory);
  try {
    const owner = ownerSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    if (owner.host !== hostname()) return now - statSync(file).mtimeMs < STALE_MS ? owner : undefined;
    if (!exists(owner.pid)) return undefined;
    return owner.startedAt === undefined || owner.startedAt === readProcessStart(owner.pid) ? owner : undefined;
  } catch {
    // Missing, or a killed owner wrote it incompletely.
    return undefined;
  }
};
