import { findFreePort } from '../../packages/action-kit/src/testing/http-servers.js';
import { ACCOUNT } from './account.js';
import { startPythonServer } from './python-server.js';

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

/** Starts MiniStack, which takes about four seconds. @throws Error as startPythonServer */
export const startMiniStack = async (
  { auth = false }: MiniStackOptions = {},
  timeoutMs = 60_000,
): Promise<MiniStack> => {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    BIND_HOST: '127.0.0.1',
    // Without it an MQTT listener opens on a fixed port.
    IOT_MTLS_ENABLED: '0',
    GATEWAY_PORT: String(port),
    // The account of access keys that are not an account id.
    MINISTACK_ACCOUNT_ID: ACCOUNT,
    LOG_LEVEL: 'ERROR',
    ...(auth && { AUTH: 'true' }),
  };
  const close = await startPythonServer({
    name: 'MiniStack',
    args: ['-m', 'ministack'],
    env,
    readyUrl: `${url}/_ministack/health`,
    timeoutMs,
  });
  return {
    url,
    reset: async () => {
      const { ok, status } = await fetch(`${url}/_ministack/reset`, { method: 'POST' });
      if (!ok) throw new Error(`MiniStack did not reset: HTTP ${status}`);
    },
    close,
  };
};
