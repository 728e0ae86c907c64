import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { findServerPid } from './control-client.js';
import type { ServerState, ServerStateDirectory } from './server-state.js';
import { getCommandName } from './usage.js';

/** The internal command of the process in the background. */
export const SERVE_COMMAND = 'serve';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;
const STOP_POLL_INTERVAL_MS = 50;

const readyMessage = z.strictObject({ url: z.url() });

/** Reports to the process that started this one, if any, that the server is ready. */
export const reportReady = (url: string): void => {
  process.send?.({ url });
  process.disconnect?.();
};

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
};

/** Resolves to the server's URL, or to undefined if the process ends first. */
const waitUntilReady = (child: ChildProcess): Promise<string | undefined> =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => resolve(undefined));
    child.once('message', (message) => resolve(readyMessage.parse(message).url));
  });

const assertPortIsFree = async (port: number): Promise<void> => {
  const pid = port === 0 ? undefined : await findServerPid(port);
  if (pid === undefined) return;
  throw new Error(
    `Local AWS is already running on port ${port} (pid ${pid}). Stop it with ${getCommandName()} stop, or choose another --port`,
  );
};

export interface BackgroundOptions {
  readonly port: number;
  /** Options of the server, without `--port`. */
  readonly args: readonly string[];
  /** The path of `bin/local-aws.js`. */
  readonly program: string;
  readonly states: ServerStateDirectory;
  /** Settles when the start should be cancelled. */
  readonly cancelled: Promise<unknown>;
}

/**
 * Starts a server in the background and waits until it is ready.
 * @throws Error if a server is running on this port already, or the server does not start
 */
export const startInBackground = async (options: BackgroundOptions): Promise<ServerState> => {
  const { port, args, program, states } = options;
  await assertPortIsFree(port);
  const logPath = states.createLogPath(port);
  const log = openSync(logPath, 'w', 0o600);
  const child = spawn(process.execPath, [program, SERVE_COMMAND, '--port', String(port), ...args], {
    detached: true,
    windowsHide: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const timeout = setTimeout(START_TIMEOUT_MS, undefined, { ref: false });
  const cancelled = options.cancelled.then(() => undefined);
  const url = await Promise.race([waitUntilReady(child), timeout, cancelled]);
  if (url === undefined || child.pid === undefined) {
    child.kill('SIGKILL');
    const output = readFileSync(logPath, 'utf8').trim();
    throw new Error(output.replace(/^local-aws: /u, '') || `the server did not start: see ${logPath}`);
  }
  child.unref();
  return { pid: child.pid, url };
};

const waitForExit = async (pid: number): Promise<boolean> => {
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (isRunning(pid)) {
    if (Date.now() > deadline) return false;
    await setTimeout(STOP_POLL_INTERVAL_MS);
  }
  return true;
};

/**
 * Stops the server that `startInBackground` started on this port. Returns its state, or undefined if none is running.
 * @throws Error if the port belongs to another server, or the server does not stop
 */
export const stopInBackground = async (
  port: number,
  states: ServerStateDirectory,
): Promise<ServerState | undefined> => {
  const state = states.read(port);
  const pid = await findServerPid(port);
  if (pid === undefined && (state === undefined || !isRunning(state.pid))) {
    states.delete(port);
    return undefined;
  }
  if (state === undefined || (pid !== undefined && pid !== state.pid)) {
    throw new Error(
      `the server on port ${port} (pid ${pid}) was not started with local-aws start: stop it where it was started`,
    );
  }
  if (pid === undefined) {
    throw new Error(`the server on port ${port} does not respond: check process ${state.pid} and end it yourself`);
  }
  process.kill(pid, 'SIGTERM');
  if (!(await waitForExit(pid)))
    throw new Error(`the server on port ${port} (pid ${pid}) did not stop: end the process`);
  states.delete(port);
  return state;
};
