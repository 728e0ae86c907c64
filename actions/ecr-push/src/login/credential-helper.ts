import { type RunProgram, selectEnv } from '@aws-delivery/action-kit/host/run-program';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import type { Credentials } from '@aws-delivery/oci/registry/authenticator';

/**
 * Variables for credential helpers besides the common ones: where they find keyrings and their own configuration.
 * Tokens and keys are not passed on.
 */
const HELPER_ENV =
  /^(?:DBUS_SESSION_BUS_ADDRESS|DISPLAY|WAYLAND_DISPLAY|GNUPGHOME|GPG_TTY|PASSWORD_STORE_DIR|CLOUDSDK_CONFIG)$/iu;

/** How long a helper may take, in milliseconds: a keychain that waits for a prompt never answers on a runner. */
const HELPER_TIMEOUT_MS = 10_000;

/** Name of a helper, without the prefix `docker-credential-`. Other values could name another program. */
export const isHelperName = (value: unknown): value is string => typeof value === 'string' && /^[\w.-]+$/u.test(value);

export interface HelperOptions {
  readonly env: Env;
  readonly runProgram: RunProgram;
}

/** The output of a helper's command as JSON; undefined if the helper is missing, fails or does not end in time. */
const runHelper = async (
  helper: string,
  command: 'get' | 'list',
  input: string,
  { env, runProgram }: HelperOptions,
): Promise<unknown> => {
  const signal = AbortSignal.timeout(HELPER_TIMEOUT_MS);
  try {
    const options = { env: selectEnv(env, HELPER_ENV), input, signal };
    const { exitCode, stdout } = await runProgram(`docker-credential-${helper}`, [command], options);
    return exitCode === 0 ? JSON.parse(stdout) : undefined;
  } catch {
    return undefined;
  }
};

/** User name of an identity token (docker-credential-helpers, README). */
const TOKEN_USERNAME = '<token>';

/** The credentials that a helper has for a server; undefined when it has none. */
export const getHelperCredentials = async (
  helper: string,
  server: string,
  options: HelperOptions,
): Promise<Credentials | undefined> => {
  const response = await runHelper(helper, 'get', server, options);
  const { Username: username, Secret: password } = isRecord(response) ? response : {};
  if (typeof username !== 'string' || typeof password !== 'string' || password === '') return undefined;
  return username === TOKEN_USERNAME ? { identityToken: password } : { username, password };
};

/** The servers that a helper has credentials for; empty when it cannot list them. */
export const listHelperServers = async (helper: string, options: HelperOptions): Promise<readonly string[]> => {
  const response = await runHelper(helper, 'list', '', options);
  return isRecord(response) ? Object.keys(response) : [];
};
