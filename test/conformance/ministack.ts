import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from '../../packages/action-kit/src/testing/http-servers.js';
import { ACCOUNT } from './account.js';
import { findPython } from './python.js';

/** A MiniStack process that listens on loopback. */
export interface MiniStack {
  readonly url: string;
  /** Empties every account and drops running operations. */
  readonly reset: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface MiniStackOptions {
  /** Sets AUTH=true: MiniStack checks signatures and evaluates identity and trust policies. */
  readonly auth?: boolean;
}

const isReady = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(`${url}/_ministack/health`)).ok;
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

/**
 * Starts MiniStack in a child process whose environment has only PATH of the caller's. It takes about four seconds.
 * @throws Error where Python or MiniStack is missing, or no response came within `timeoutMs` milliseconds
 */
export const startMiniStack = async (
  { auth = false }: MiniStackOptions = {},
  timeoutMs = 60_000,
): Promise<MiniStack> => {
  const python = findPython();
  if (python === undefined)
    throw new Error('no Python with MiniStack: run "npm run setup", or set AWS_DELIVERY_PYTHON');
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    PATH: process.env['PATH'] ?? '',
    BIND_HOST: '127.0.0.1',
    // Without it an MQTT listener opens on a fixed port.
    IOT_MTLS_ENABLED: '0',
    GATEWAY_PORT: String(port),
    // The account of access keys that are not an account id.
    MINISTACK_ACCOUNT_ID: ACCOUNT,
    LOG_LEVEL: 'ERROR',
    ...(auth && { AUTH: 'true' }),
  };
  const child = spawn(python, ['-m', 'ministack'], { env, stdio: 'ignore' });
  const deadline = Date.now() + timeoutMs;
  while (!(await isReady(url))) {
    if (child.exitCode === null && Date.now() < deadline) await sleep(100);
    else {
      await stop(child);
      throw new Error(`MiniStack does not answer on port ${port} (exit status ${child.exitCode ?? 'none'})`);
    }
  }
  return {
    url,
    reset: async () => {
      const { ok, status } = await fetch(`${url}/_ministack/reset`, { method: 'POST' });
      if (!ok) throw new Error(`MiniStack did not reset: HTTP ${status}`);
    },
    close: () => stop(child),
  };
};
