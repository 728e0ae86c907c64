import { mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { parseDocument } from '@aws-delivery/action-kit/inputs/parse';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';

import { type DockerConfig, findCredentialHelper, getSection, readDockerConfig } from './docker-config.js';
import type { Login } from './registry-login.js';

/** Paths that engines read logins from. */
export interface LoginFiles {
  readonly dockerConfig: string;
  readonly authFile: string;
}

/** The paths for later steps. */
export interface LoginDirectory extends LoginFiles {
  readonly buildxConfig: string;
}

const PREFIX = 'ecr-login-';
const STATE_KEY = 'login-directory';

/** Only the owner can read and write the file. */
const PRIVATE_FILE_MODE = 0o600;

/** Entries of Docker's configuration directory that the login directory links to. */
const LINKED_ENTRIES = ['contexts', 'cli-plugins', 'certs.d'];

/** Environment variables that `logIn` exports and the post step restores. */
const ENV_NAMES = ['DOCKER_CONFIG', 'REGISTRY_AUTH_FILE', 'BUILDX_CONFIG'] as const;

/** State that `logIn` saves for the post step. */
interface LoginState {
  readonly directory: string;
  /** Values of `ENV_NAMES`; empty for a variable that was not set. */
  readonly previousEnv: Readonly<Record<string, string>>;
}

const formatAuth = ({ credentials: { username, password } }: Login): { readonly auth: string } => ({
  auth: Buffer.from(`${username}:${password}`).toString('base64'),
});

const mergeAuths = (config: DockerConfig, logins: readonly Login[]) => ({
  ...getSection(config, 'auths'),
  ...Object.fromEntries(logins.map((login) => [login.host, formatAuth(login)])),
});

/**
 * Docker prefers a credential helper to the file, and the helper does not know a login that is only in the file. An
 * empty helper for a host makes Docker use the file (docker/cli, getConfiguredCredentialStore).
 */
const mergeCredentialHelpers = (config: DockerConfig, logins: readonly Login[]) => {
  const overrides = logins
    .filter(({ host }) => findCredentialHelper(config, host) !== undefined)
    .map(({ host }) => [host, '']);
  return { ...getSection(config, 'credHelpers'), ...Object.fromEntries(overrides) };
};

const buildDockerConfig = (config: DockerConfig, logins: readonly Login[]) => {
  const credHelpers = mergeCredentialHelpers(config, logins);
  return {
    ...config.document,
    auths: mergeAuths(config, logins),
    ...(Object.keys(credHelpers).length === 0 ? {} : { credHelpers }),
  };
};

const linkSharedEntries = async (config: DockerConfig, directory: string): Promise<void> => {
  for (const name of LINKED_ENTRIES) {
    // On Windows a symbolic link requires a privilege, a junction does not.
    await symlink(join(config.directory, name), join(directory, name), 'junction');
  }
};

interface LoginDocuments {
  readonly docker: object;
  readonly auths: object;
}

const buildDocuments = (config: DockerConfig, logins: readonly Login[]): LoginDocuments => ({
  docker: buildDockerConfig(config, logins),
  auths: mergeAuths(config, logins),
});

const writeDocuments = async (directory: string, { docker, auths }: LoginDocuments): Promise<LoginFiles> => {
  const authFile = join(directory, 'auth.json');
  const files = [
    [join(directory, 'config.json'), docker],
    [authFile, { auths }],
  ] as const;
  for (const [path, document] of files) {
    await writeFile(`${path}.new`, `${JSON.stringify(document, undefined, 2)}\n`, {
      mode: PRIVATE_FILE_MODE,
      flag: 'wx',
    });
    // Renamed, so that an engine that reads the file meanwhile sees the complete old or new content.
    await rename(`${path}.new`, path);
  }
  return { dockerConfig: directory, authFile };
};

/**
 * Writes the logins for engines into a private directory, next to links to Docker's configuration. Throws
 * DeliveryError.
 */
export const writeLoginFiles = async (
  directory: string,
  { env }: Pick<Host, 'env'>,
  logins: readonly Login[],
): Promise<LoginDirectory> => {
  const config = await readDockerConfig(env);
  await linkSharedEntries(config, directory);
  const buildxConfig = env['BUILDX_CONFIG'] || join(config.directory, 'buildx');
  return { ...(await writeDocuments(directory, buildDocuments(config, logins))), buildxConfig };
};

/** Replaces the logins in the files. */
export const renewLoginFiles = async (
  { dockerConfig }: LoginFiles,
  { env }: Pick<Host, 'env'>,
  logins: readonly Login[],
): Promise<void> => {
  await writeDocuments(dockerConfig, buildDocuments(await readDockerConfig(env), logins));
};

/** Settings of Docker's configuration that contain credentials, or may. */
const LOGIN_SETTINGS = ['auths', 'credHelpers', 'credsStore', 'HttpHeaders'];

/** Writes Docker's configuration without credentials, for builds that must not have any. */
export const writeConfigWithoutLogins = async (directory: string, { env }: Pick<Host, 'env'>): Promise<LoginFiles> => {
  const config = await readDockerConfig(env);
  const docker = Object.fromEntries(Object.entries(config.document).filter(([name]) => !LOGIN_SETTINGS.includes(name)));
  await linkSharedEntries(config, directory);
  return writeDocuments(directory, { docker, auths: {} });
};

/**
 * Logs later steps in: writes the logins and a copy of Docker's configuration into a directory of this step, so that
 * parallel jobs on one machine do not log each other out and nothing is left in the home directory. Podman, buildah and
 * skopeo read the auth file, since they cannot handle an empty credential helper. The post step deletes the directory,
 * unless `skipLogout` is set.
 */
export const logIn = async (host: Host, logins: readonly Login[], skipLogout: boolean): Promise<LoginDirectory> => {
  const { env, log } = host;
  const directory = await mkdtemp(join(env['RUNNER_TEMP'] || tmpdir(), PREFIX));
  const previousEnv = Object.fromEntries(ENV_NAMES.map((name) => [name, env[name] ?? '']));
  // Saved before a secret is written, so that the post step finds the directory even if this process is killed.
  const state: LoginState = { directory, previousEnv };
  if (!skipLogout) host.saveState(STATE_KEY, JSON.stringify(state));
  const loginDirectory = await writeLoginFiles(directory, host, logins);
  for (const login of logins) log.info(`Logged in to ${login.host}`);
  return loginDirectory;
};

/** Logs out: deletes the login directory and restores the environment variables. */
export const logOut = async (host: Host): Promise<void> => {
  const saved = parseDocument(host.readState(STATE_KEY) ?? 'null');
  if (!isRecord(saved)) return;
  const { directory, previousEnv }: Partial<Record<keyof LoginState, unknown>> = saved;
  if (typeof directory !== 'string' || !basename(directory).startsWith(PREFIX)) return;
  await rm(directory, { recursive: true, force: true });
  for (const name of ENV_NAMES) {
    const value = isRecord(previousEnv) ? previousEnv[name] : undefined;
    host.exportVariable(name, typeof value === 'string' ? value : '');
  }
  host.log.info('Cleanup done: deleted the registry logins, restored environment variables');
};
