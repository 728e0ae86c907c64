import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { findPython } from './python.js';

const isReady = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
};

const STOP_TIMEOUT_MS = 5_000;

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const killTimer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(killTimer);
};

export interface PythonServerOptions {
  /** For messages. */
  readonly name: string;
  /** Arguments of Python. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** A URL that succeeds once the server listens. */
  readonly readyUrl: string;
  readonly timeoutMs?: number;
}

/**
 * Starts a server in a child process whose environment has only PATH of the caller's, and waits until it responds.
 * Returns a function that ends it.
 * @throws Error where Python is missing, or no response came within `timeoutMs` milliseconds
 */
export const startPythonServer = async ({
  name,
  args,
  env,
  readyUrl,
  timeoutMs = 60_000,
}: PythonServerOptions): Promise<() => Promise<void>> => {
  const python = findPython();
  if (python === undefined) throw new Error(`no Python with ${name}: run "npm run setup", or set AWS_DELIVERY_PYTHON`);
  const child = spawn(python, [...args], { env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: 'ignore' });
  const deadline = Date.now() + timeoutMs;
  while (!(await isReady(readyUrl))) {
    if (child.exitCode === null && Date.now() < deadline) await sleep(100);
    else {
      await stop(child);
      throw new Error(`${name} does not answer at ${readyUrl} (exit status ${child.exitCode ?? 'none'})`);
    }
  }
  return () => stop(child);
};
